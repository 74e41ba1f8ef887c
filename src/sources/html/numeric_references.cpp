#include "sources/html/numeric_references.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace pofetch::sources {

namespace {

/// A longer reference is cut here; its number is far out of range before.
constexpr std::size_t longest_reference = 64;

struct reference {
  std::size_t size = 0;  ///< characters that it takes; 0: it is none
  std::uint32_t number = 0;
  bool open = false;  ///< the text ends before it does
};

int digit_value(char c, bool hexadecimal) noexcept {
  if (core::is_digit(c)) return c - '0';
  const char lower = core::to_lower(c);
  return hexadecimal && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// `text` begins with `&`.
reference read_reference(std::string_view text) {
  constexpr std::uint32_t too_large = 0x110000;
  reference found;
  std::size_t at = 1;
  if (at < text.size() && text[at] != '#') return found;
  ++at;
  const bool hexadecimal = at < text.size() && (text[at] == 'x' || text[at] == 'X');
  if (hexadecimal) ++at;
  const std::size_t digits = at;
  for (; at < std::min(text.size(), longest_reference); ++at) {
    const int value = digit_value(text[at], hexadecimal);
    if (value < 0) break;
    found.number =
        std::min(too_large, found.number * (hexadecimal ? 16U : 10U) + static_cast<unsigned>(value));
  }
  found.open = at >= text.size() && at < longest_reference;
  if (found.open || at == digits) return found;
  found.size = at + (at < text.size() && text[at] == ';' ? 1 : 0);
  return found;
}

void append_character(std::string& out, std::uint32_t number) {
  const bool surrogate = number >= 0xD800 && number <= 0xDFFF;
  if (number == 0 || number > 0x10FFFF || surrogate) {
    out += "\xEF\xBF\xBD";
  } else if (number >= 0x80 && number <= 0x9F) {
    const char byte = static_cast<char>(number);
    out += core::windows_1252_to_utf8(std::string_view(&byte, 1));
  } else {
    // Still a reference: `<` must not become markup.
    fmt::format_to(std::back_inserter(out), "&#{};", number);
  }
}

}  // namespace

std::string_view numeric_references::pass(std::string_view markup) {
  const bool plain = held_.empty() && markup.find("&#") == std::string_view::npos && !markup.ends_with('&');
  if (plain) return markup;
  const std::string joined = std::exchange(held_, {}).append(markup);
  out_.clear();
  std::string_view text = joined;
  while (!text.empty()) {
    const std::size_t before = std::min(text.size(), text.find('&'));
    out_.append(text.substr(0, before));
    text.remove_prefix(before);
    if (text.empty()) break;
    const reference found = read_reference(text);
    if (found.open) {
      held_ = text;
      break;
    }
    if (found.size != 0)
      append_character(out_, found.number);
    else
      out_.append(text.starts_with("&#") ? "&#38;" : "&");  // libxml2 would drop what is behind it
    text.remove_prefix(std::max<std::size_t>(1, found.size));
  }
  return out_;
}

std::string_view numeric_references::finish() {
  if (held_.empty()) return {};
  // The end of the page ends it, as a space does.
  const std::string_view rest = pass(" ");
  return rest.ends_with(' ') ? rest.substr(0, rest.size() - 1) : rest;
}

}  // namespace pofetch::sources
