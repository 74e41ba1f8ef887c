#pragma once

#include "core/quote.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// Text of a page as a reader sees it: white space (also no-break spaces) between words becomes one
/// space. Comes in pieces of any size; what is beyond the bound is dropped.
class page_text {
 public:
  /// Keeps at most `most` bytes.
  explicit page_text(std::size_t most) : most_(most) {}

  void append(std::string_view chars);

  /// What follows is another word.
  void separate();

  void clear();

  /// Valid UTF-8 if everything appended was. The view holds until the text changes.
  [[nodiscard]] std::string str() const;
  [[nodiscard]] std::string_view view() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

 private:
  void add(std::string_view part);

  std::size_t most_;
  std::string text_;
  bool space_ = false;  ///< a space is due before the next word
  bool full_ = false;
  bool half_nbsp_ = false;  ///< the last piece ended within U+00A0
};

/// The text with its white space collapsed, without space at the ends, cut to `most` bytes.
[[nodiscard]] std::string collapse_space(std::string_view text, std::size_t most);

using core::quote_for_message;

}  // namespace pofetch::sources
