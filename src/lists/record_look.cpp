#include "lists/record_look.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace pofetch::lists {
namespace {

constexpr char end_of_file = '\x1a';

enum class rule_part { line, crossing, none };

rule_part part_of(std::uint32_t c) noexcept {
  // Hyphens, dashes, the minus sign, and the drawn lines.
  const bool is_dash = (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || (c >= 0x2500 && c <= 0x257F);
  if (c == '-' || c == '=' || c == '_' || is_dash) return rule_part::line;
  if (c == '|' || c == '+' || c == ':' || c == '*' || c == ' ' || c == '\t') return rule_part::crossing;
  return rule_part::none;
}

/// The longest line in the cell; nothing if there is anything else in it.
std::optional<std::size_t> line_in(std::string_view cell) {
  std::size_t longest = 0;
  std::size_t length = 0;
  while (!cell.empty()) {
    const rule_part part = part_of(core::next_code_point(cell));
    if (part == rule_part::none) return std::nullopt;
    length = part == rule_part::line ? length + 1 : 0;
    longest = std::max(longest, length);
  }
  return longest;
}

}  // namespace

bool is_blank_cell(std::string_view cell) noexcept {
  return std::all_of(cell.begin(), cell.end(), [](char c) { return core::is_space(c) || c == end_of_file; });
}

bool is_blank(const record& from) {
  return from.problem.empty() && std::all_of(from.cells.begin(), from.cells.end(), is_blank_cell);
}

bool is_rule(const record& from) {
  std::size_t longest = 0;
  for (const std::string& cell : from.cells) {
    const auto line = line_in(cell);
    if (!line) return false;
    longest = std::max(longest, *line);
  }
  return longest > 1 && from.problem.empty();
}

}  // namespace pofetch::lists
