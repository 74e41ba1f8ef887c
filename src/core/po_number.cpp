#include "core/po_number.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <array>

namespace pofetch::core {
namespace {

bool is_link(char c) noexcept { return std::string_view("-_#:.").find(c) != std::string_view::npos; }

std::string_view skip_links(std::string_view text) noexcept {
  while (!text.empty() && is_link(text.front())) text.remove_prefix(1);
  return text;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [word](std::string_view w) { return iequals(w, word); });
}

bool is_placeholder(std::string_view word) {
  constexpr std::array<std::string_view, 22> words{
      "n/a", "n\\a", "na",   "n.a.", "n.a", "n.d.", "n/d",    "nd",     "#n/a",   "#n/d",    "tbd",
      "tba", "none", "null", "nil",  "nan", "?",    "\u2013", "\u2014", "\u2212", "(blank)", "(none)"};
  const bool dashes = std::all_of(word.begin(), word.end(), [](char c) { return c == '-' || c == '.'; });
  return dashes || is_one_of(word, words);
}

bool is_connector(std::string_view word) {
  constexpr std::array<std::string_view, 4> words{"and", "e", "y", "&"};
  return is_one_of(word, words);
}

/// Every kind of space as ' ', characters without width dropped.
std::string plain_spaces(std::string_view cell) {
  const std::string utf8 = to_utf8(cell);
  std::string plain;
  for (std::string_view rest = utf8; !rest.empty();) {
    const std::uint32_t c = next_code_point(rest);
    const bool space = c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
                       c == 0x3000 || c == 0x1680 || c == 0x85 || c == 0x2028 || c == 0x2029;
    const bool no_width = (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF || c == 0xAD;
    if (space || c < 0x20) {
      plain += ' ';
    } else if (!no_width) {
      append_utf8(plain, c);
    }
  }
  return plain;
}

/// Quotes and the `="..."` by which spreadsheets keep a number as text.
std::string_view without_quotes(std::string_view word) noexcept {
  constexpr std::string_view quotes = "\"'=";
  while (!word.empty() && quotes.find(word.front()) != std::string_view::npos) word.remove_prefix(1);
  while (!word.empty() && quotes.find(word.back()) != std::string_view::npos) word.remove_suffix(1);
  return word;
}

/// The digits, without `.0`; nothing if it is anything else, too long, or zero.
std::optional<std::string> digits_of(std::string_view text) {
  const auto dot = text.find('.');
  const std::string_view number = text.substr(0, dot);
  const std::string_view fraction = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  const auto is_zero = [](char c) { return c == '0'; };
  if (number.empty() || number.size() > max_po_digits) return std::nullopt;
  if (!std::all_of(number.begin(), number.end(), is_digit)) return std::nullopt;
  if (!std::all_of(fraction.begin(), fraction.end(), is_zero)) return std::nullopt;
  if (dot != std::string_view::npos && fraction.empty()) return std::nullopt;
  if (std::all_of(number.begin(), number.end(), is_zero)) return std::nullopt;
  return std::string(number);
}

/// Words of one cell, from left to right; a prefix waits for the digits in the next word.
class cell_reader {
 public:
  void word(std::string_view text) {
    const std::string_view word = without_quotes(text);
    if (word.empty() || is_connector(word)) return;
    if (!prefix_.empty() && skip_links(word).empty()) return;
    if (is_placeholder(word)) return;
    for (const auto piece : split(word, '/')) {
      if (!piece.empty()) number_word(piece);
    }
  }

  po_cell finish() {
    drop_prefix();
    return std::move(cell_);
  }

 private:
  void number_word(std::string_view word) {
    std::string_view rest = word;
    if (istarts_with(word, "po") || istarts_with(word, "pm")) {
      drop_prefix();
      prefix_ = to_lower(word.substr(0, 2)) == "po" ? "PO" : "PM";
      written_ = word;
      rest = skip_links(word.substr(2));
      if (rest.empty()) return;
    } else if (!prefix_.empty()) {
      rest = skip_links(word);
    }
    if (auto digits = digits_of(rest)) {
      cell_.orders.push_back({std::move(*digits), std::move(prefix_)});
    } else {
      if (written_ != word) drop_prefix();
      cell_.rejected.emplace_back(word);
    }
    prefix_.clear();
    written_.clear();
  }

  /// A prefix that nothing followed.
  void drop_prefix() {
    if (!prefix_.empty()) cell_.rejected.push_back(written_);
    prefix_.clear();
    written_.clear();
  }

  po_cell cell_;
  std::string prefix_;
  std::string written_;
};

}  // namespace

bool is_scientific(std::string_view word) noexcept {
  const auto digits = [&word] {
    const auto end = std::find_if_not(word.begin(), word.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - word.begin());
    word.remove_prefix(count);
    return count;
  };
  if (digits() == 0) return false;
  if (word.starts_with('.') || word.starts_with(',')) {
    word.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (!word.starts_with('e') && !word.starts_with('E')) return false;
  word.remove_prefix(1);
  if (word.starts_with('+') || word.starts_with('-')) word.remove_prefix(1);
  return digits() > 0 && word.empty();
}

bool is_formula_error(std::string_view cell) noexcept {
  cell = trim(cell);
  if (istarts_with(cell, "err:"))
    return cell.size() > 4 && std::all_of(cell.begin() + 4, cell.end(), is_digit);
  const bool marked = cell.size() > 2 && cell.front() == '#' && (cell.back() == '!' || cell.back() == '?');
  return marked ? cell.find(' ') == std::string_view::npos : iequals(cell, "#n/a") || iequals(cell, "#n/d");
}

po_cell parse_po_cell(std::string_view cell) {
  cell_reader reader;
  const std::string text = plain_spaces(cell);
  // With a decimal comma it would fall into two words.
  if (const std::string_view whole = trim(text); is_scientific(whole)) return {{}, {std::string(whole)}};
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = rest.find_first_of(" ,;|&");
    reader.word(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return reader.finish();
}

std::optional<std::string> manifest_po(std::string_view cell) {
  if (cell.size() > 4 * max_manifest_po) return std::nullopt;
  const std::string utf8 = to_utf8(cell);
  std::string number(trim(utf8));
  if (number.empty() || number.size() > max_manifest_po) return std::nullopt;
  for (std::string_view rest = number; !rest.empty();) {
    const std::uint32_t c = next_code_point(rest);
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return std::nullopt;
  }
  return number;
}

}  // namespace pofetch::core
