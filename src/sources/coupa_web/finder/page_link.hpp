#pragma once

#include "sources/coupa/attachment_name.hpp"
#include "sources/html/html_events.hpp"
#include "sources/html/page_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// An element that leads somewhere, or would with a script.
struct page_link {
  std::size_t depth = 0;
  std::size_t place = 0;  ///< among all links of the page, in order of their start
  std::size_t area = 0;   ///< see attachment_markup::area
  std::size_t item = 0;   ///< see attachment_markup::item
  std::string reference;  ///< as written; empty: where it leads is not known
  std::string url;        ///< only if it is certainly a file
  bool offered = false;   ///< has the attribute `download`
  bool labelled = false;  ///< says `file attachment`
  bool classed = false;   ///< has the class of an attachment itself
  bool in_menu = false;
  bool embedded = false;  ///< shows what it leads to within the page
  name_hints hints;
  page_text text{1024};

  /// Its markup says that it is an attachment, not only its text.
  [[nodiscard]] bool claims() const noexcept { return offered || labelled || classed || area != 0; }
};

/// A menu or footer: the files that it leads to are nobody's attachment.
[[nodiscard]] bool is_menu(const html_element& element);

/// What is loaded for the page itself, and leads a reader nowhere.
[[nodiscard]] bool is_furniture(std::string_view element);

/// A picture of somebody, or of nothing.
[[nodiscard]] bool is_decoration(const html_element& element);

/// Markup within a word: `plan<wbr>_b.pdf`.
[[nodiscard]] bool is_within_word(std::string_view element);

/// An attribute that holds a script.
[[nodiscard]] bool is_script(std::string_view attribute);

/// An attribute that never holds an address.
[[nodiscard]] bool is_plain_text(std::string_view attribute);

/// `javascript` of `javascript:open()`; empty for a reference without a scheme.
[[nodiscard]] std::string_view scheme_of(std::string_view reference) noexcept;

/// Nothing, or a place on the same page.
[[nodiscard]] bool leads_nowhere(std::string_view reference) noexcept;

/// What an `object`, `embed` or `iframe` shows; empty for other elements.
[[nodiscard]] std::string embedded_address(const html_element& element);

/// The address as it is written on the element; empty: none that could be used without knowing its scripts.
[[nodiscard]] std::string reference_of(const html_element& element);

/// Would it lead somewhere with a script that is not understood?
[[nodiscard]] bool is_blind_link(const html_element& element);

/// An address of the help, whose files are nobody's attachment.
[[nodiscard]] bool is_help(std::string_view url);

}  // namespace pofetch::sources
