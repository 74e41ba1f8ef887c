#include "cli/text/printable.hpp"

#include "core/mask_url.hpp"
#include "core/unicode.hpp"

#include <utf8proc.h>

#include <cstdint>

namespace pofetch::cli {

namespace {

bool disturbs(std::uint32_t code_point) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

std::size_t columns_of(std::uint32_t code_point) {
  const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(code_point));
  return width > 0 ? static_cast<std::size_t>(width) : 0;
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::uint32_t replacement = 0xfffd;
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::uint32_t code_point = core::next_code_point(text);
    if (code_point == '\n' || code_point == '\r' || code_point == '\t') {
      out += ' ';
    } else {
      core::append_utf8(out, disturbs(code_point) ? replacement : code_point);
    }
  }
  return out;
}

std::string printable_masked(std::string_view text) { return printable(core::mask_secrets_in_text(text)); }

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += columns_of(core::next_code_point(text));
  return width;
}

std::string fitted(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::size_t used = 1;  // the ellipsis
  std::string_view rest = text;
  for (;;) {
    std::string_view after = rest;
    used += columns_of(core::next_code_point(after));
    if (used > columns) break;
    rest = after;
  }
  return std::string(text.substr(0, text.size() - rest.size())) + "…";
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string out = fitted(text, columns);
  out.append(columns - display_width(out), ' ');
  return out;
}

}  // namespace pofetch::cli
