#pragma once

#include "sources/html/html_events.hpp"
#include "sources/html/page_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// Numbers in a text that stand for themselves: `123` and `PO123`, but not the 123 in `1234`, `A123`,
/// `12.123`, `1,123` or `2026-123`. Without leading zeros.
[[nodiscard]] std::vector<std::string> number_tokens(std::string_view text);

/// The first number that follows a word for an order (`PO 12`, `Purchase Order #12`, `Pedido 12`), without
/// leading zeros; empty if there is none.
[[nodiscard]] std::string order_claimed_in(std::string_view text);

/// Finds out which purchase order a page is about, from its element `#topForm` and its title. What names
/// the page's own order (the form's address, fields for an order number, the first `PO 12` of the form and of
/// the title) outweighs numbers that merely stand there.
class po_identity {
 public:
  /// `wanted`: digits.
  explicit po_identity(std::string_view wanted);

  void element_started(const html_element& element);
  void element_ended(std::size_t depth);
  void text(std::string_view chars);
  /// The page is whole; `title` is its title.
  void finish(std::string_view title);

  [[nodiscard]] bool has_top_form() const noexcept { return seen_; }
  /// Does the page show the wanted number as its own?
  [[nodiscard]] bool is_wanted() const noexcept;
  /// The numbers that it shows, for a message: the surest first, a few of them.
  [[nodiscard]] std::vector<std::string> shown() const;

 private:
  struct numbers {
    std::vector<std::string> few;
    bool wanted = false;
    void add(std::string_view number, std::string_view expected);
  };

  void look_at(const html_attribute& attribute, const html_element& element);
  void claim(std::string_view number) { claims_.add(number, wanted_); }
  void mention(std::string_view text);

  std::string wanted_;
  numbers claims_;
  numbers mentions_;
  page_text form_text_;
  std::size_t form_depth_ = 0;  ///< 0: not inside
  bool seen_ = false;
};

}  // namespace pofetch::sources
