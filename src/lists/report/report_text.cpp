#include "lists/report/report_text.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace pofetch::lists {
namespace {

using namespace std::string_view_literals;

constexpr char escape = '\x1b';

bool is_between(char c, char low, char high) { return c >= low && c <= high; }

/// Length of the terminal sequence at the beginning, which is an ESC.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return text.size();
  if ("]PX^_"sv.find(text[1]) != std::string_view::npos) {
    // A control string ends with BEL or ESC \; one that does not is no sequence, and its text stays.
    const std::size_t end = text.find_first_of("\x07\x1b", 2);
    if (end == std::string_view::npos) return 2;
    return text.substr(end).starts_with("\x1b\\") ? end + 2 : end + (text[end] == '\x07' ? 1U : 0U);
  }
  const bool is_csi = text[1] == '[';
  std::size_t at = is_csi ? 2 : 1;
  while (at < text.size() && is_between(text[at], ' ', is_csi ? '?' : '/')) ++at;
  if (at < text.size() && is_between(text[at], is_csi ? '@' : '0', '~')) ++at;
  return at;
}

/// Signs, digits and grouping alone, such as -5, +351 or -1.234,50.
bool is_plain_number(std::string_view cell) {
  if (cell[0] == '+' || cell[0] == '-') cell.remove_prefix(1);
  if (cell.empty() || !core::is_digit(cell.front()) || !core::is_digit(cell.back())) return false;
  return std::all_of(cell.begin(), cell.end(),
                     [](char c) { return core::is_digit(c) || c == '.' || c == ','; });
}

/// U+2028 to U+202E and U+2066 to U+2069 in UTF-8: line and paragraph separators, and what turns the
/// direction of the text that follows.
bool is_layout_control(std::string_view rest) {
  if (rest.size() < 3 || !rest.starts_with("\xE2")) return false;
  return (rest[1] == '\x80' && is_between(rest[2], '\xA8', '\xAE')) ||
         (rest[1] == '\x81' && is_between(rest[2], '\xA6', '\xA9'));
}

/// C1 controls are C2 80 to C2 9F.
bool is_c1_control(std::string_view rest) {
  return rest.size() > 1 && rest[0] == '\xC2' && static_cast<unsigned char>(rest[1]) < 0xA0;
}

}  // namespace

std::string without_controls(std::string_view text) {
  const auto harmless = [](char c) { return c >= ' ' && c < '\x7f'; };
  if (std::all_of(text.begin(), text.end(), harmless)) return std::string(text);
  const std::string utf8 = core::to_utf8(text);
  std::string clean;
  std::string_view rest = utf8;
  while (!rest.empty()) {
    const char c = rest.front();
    const bool stays = c == '\t' || c == '\n' || c == '\r' || !core::is_control(c);
    if (c == escape) {
      rest.remove_prefix(escape_length(rest));
    } else if (is_c1_control(rest)) {
      rest.remove_prefix(2);
    } else if (is_layout_control(rest)) {
      rest.remove_prefix(3);
    } else {
      if (stays) clean.push_back(c);
      rest.remove_prefix(1);
    }
  }
  return clean;
}

bool is_formula(std::string_view cell) {
  // Spaces and quotes in front do not stop every spreadsheet.
  while (!cell.empty() && (cell.front() == ' ' || cell.front() == '"' || cell.starts_with("\u00A0"))) {
    cell.remove_prefix(cell.front() == '\xC2' ? 2 : 1);
  }
  constexpr std::array<std::string_view, 4> full_width = {"\uFF1D"sv, "\uFF0B"sv, "\uFF0D"sv, "\uFF20"sv};
  if (std::any_of(full_width.begin(), full_width.end(), [&](auto sign) { return cell.starts_with(sign); }))
    return true;
  if (cell.size() < 2 || "=+-@\t\r\n"sv.find(cell.front()) == std::string_view::npos) return false;
  return !is_plain_number(cell);
}

void append_csv_cell(std::string& out, std::string_view text) {
  std::string cell = without_controls(text);
  if (is_formula(cell)) cell.insert(0, 1, '\'');
  // Space at an end is quoted too: readers that trim bare cells keep it.
  const bool spaced = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
  if (!spaced && cell.find_first_of(",;\"\t\r\n") == std::string::npos) {
    out += cell;
    return;
  }
  out.push_back('"');
  for (const char c : cell) out.append(c == '"' ? 2U : 1U, c);
  out.push_back('"');
}

void append_json_string(std::string& out, std::string_view text) {
  const std::string utf8 = core::to_utf8(text);
  out.push_back('"');
  for (std::string_view rest = utf8; !rest.empty();) {
    const char c = rest.front();
    const bool escaped = core::is_control(c) || is_c1_control(rest) || is_layout_control(rest);
    if (const auto place = "\n\r\t\"\\"sv.find(c); place != std::string_view::npos) {
      out += '\\';
      out += "nrt\"\\"[place];
      rest.remove_prefix(1);
    } else if (escaped) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", core::next_code_point(rest));
    } else {
      out.push_back(c);
      rest.remove_prefix(1);
    }
  }
  out.push_back('"');
}

}  // namespace pofetch::lists
