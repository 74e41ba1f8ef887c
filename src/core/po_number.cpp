#include "core/po_number.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pofetch::core {
namespace {

bool is_link(char c) noexcept { return std::string_view("-_#:.").find(c) != std::string_view::npos; }

std::string_view skip_links(std::string_view text) noexcept {
  while (!text.empty() && is_link(text.front())) text.remove_prefix(1);
  return text;
}

template <std::size_t N>
bool is_word_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [word](std::string_view w) { return iequals(w, word); });
}

bool is_placeholder(std::string_view word) {
  constexpr std::array<std::string_view, 22> words{
      "n/a", "n\\a", "na",   "n.a.", "n.a", "n.d.", "n/d",    "nd",     "#n/a",   "#n/d",    "tbd",
      "tba", "none", "null", "nil",  "nan", "?",    "\u2013", "\u2014", "\u2212", "(blank)", "(none)"};
  const bool dashes = std::all_of(word.begin(), word.end(), [](char c) { return c == '-' || c == '.'; });
  return dashes || is_word_of(word, words);
}

bool is_connector(std::string_view word) {
  constexpr std::array<std::string_view, 4> words{"and", "e", "y", "&"};
  return is_word_of(word, words);
}

/// In front of or behind a count of something: the sum below a list, the foot of a page.
bool is_counting(std::string_view word) {
  constexpr std::array<std::string_view, 27> words{
      "total",  "totals",  "subtotal", "sum",    "count",  "page",  "pages",       "row",       "rows",
      "record", "records", "entries",  "summe",  "gesamt", "seite", "anzahl",      "zeilen",    "soma",
      "linhas", "suma",    "filas",    "lignes", "somme",  "folha", "p\u00e1gina", "registros", "qtd"};
  while (!word.empty() && std::string_view(":.()*#").find(word.back()) != std::string_view::npos)
    word.remove_suffix(1);
  while (!word.empty() && std::string_view("(*").find(word.front()) != std::string_view::npos)
    word.remove_prefix(1);
  return is_word_of(word, words);
}

/// Between the first and the last one of a row of orders.
bool is_up_to(std::string_view word) {
  constexpr std::array<std::string_view, 11> words{"to",  "thru", "through", "until",  "bis", "at\u00e9",
                                                   "ate", "-",    "\u2013",  "\u2014", "a"};
  return is_word_of(word, words);
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

std::size_t digits_at(std::string_view text, std::size_t at) {
  const auto end = std::min(text.find_first_not_of("0123456789", at), text.size());
  return end - std::min(at, end);
}

/// Digits in groups of three, as separators of thousands make them, at the beginning of a text.
struct digit_groups {
  std::size_t length = 0;  ///< of all of it; 0: there are none
  /// It may be one number. Several POs can be written so, too; between spaces they are that, unless a group
  /// looks like the middle of a number.
  bool may_be_number = false;
};

digit_groups groups_of(std::string_view text) {
  constexpr std::size_t most_groups = max_po_digits / 3;
  const std::size_t first = digits_at(text, 0);
  if (first == 0 || first > 3 || first >= text.size()) return {};
  const char separator = text[first];
  if (std::string_view(",. ").find(separator) == std::string_view::npos) return {};
  std::size_t at = first;
  std::size_t groups = 0;
  bool within_number = false;
  for (; at < text.size() && text[at] == separator && digits_at(text, at + 1) == 3; at += 4) {
    within_number = within_number || text[at + 1] == '0';
    ++groups;
  }
  if (groups == 0) return {};
  const bool like_number = first < 3 || within_number;
  const bool goes_on = digits_at(text, at + 1) > 0;
  const bool fits = groups <= most_groups && (separator != ' ' || like_number);
  // Several numbers in a row may be written so, too: `7 000 001 7 000 002`.
  if (!fits || (goes_on && text[at] == separator)) return {at, fits && within_number};
  // Decimals are a part of it.
  if (goes_on && (text[at] == '.' || text[at] == ',')) at += 1 + digits_at(text, at + 1);
  return {at, true};
}

/// Too short to be an order beside one of so many digits: an item, a quantity, a plant.
bool is_far_shorter(const parsed_po& one, std::size_t longest) {
  constexpr std::size_t digits_of_a_long_one = 7;
  constexpr std::size_t most_digits = 5;
  constexpr std::size_t least_difference = 3;
  const std::size_t digits = without_leading_zeros(one.number).size();
  return one.prefix.empty() && digits <= most_digits && longest >= digits_of_a_long_one &&
         longest >= digits + least_difference;
}

/// Is a number behind a slash too short to be an order beside the one before it, short as that may be? Of
/// numbers that differ by one digit (`999/1000` is a row of orders) only short ones are.
bool is_shorter_behind_slash(const parsed_po& one, const parsed_po& order) {
  constexpr std::size_t most_digits = 5;
  constexpr std::size_t most_digits_of_a_near_one = 3;
  const std::size_t digits = without_leading_zeros(one.number).size();
  const std::size_t digits_of_order = without_leading_zeros(order.number).size();
  if (!one.prefix.empty() || digits >= digits_of_order || digits > most_digits) return false;
  return digits + 1 < digits_of_order || digits <= most_digits_of_a_near_one;
}

/// `10` or `00010` behind `4500012345/`; but `46` may be short for 4500012346, and `900` behind `1200/` an
/// order of its own.
bool is_item_of(std::string_view number, std::string_view order) {
  if (number.front() == '0') return true;
  if (number.size() + 1 >= without_leading_zeros(order).size()) return false;
  return number.back() == '0' || number <= order.substr(order.size() - std::min(order.size(), number.size()));
}

/// Words of one cell, from left to right; a prefix waits for the digits in the next word.
class cell_reader {
 public:
  void reject(std::string_view text) {
    prefix_.clear();
    written_.clear();
    cell_.rejected.emplace_back(text);
  }

  void slash() { after_slash_ = true; }

  void word(std::string_view text) {
    const std::string_view word = without_quotes(text);
    if (word.empty() || is_connector(word)) return;
    if (!prefix_.empty() && skip_links(word).empty()) return;
    const bool up_to = !cell_.orders.empty() && is_up_to(word);
    if (up_to) up_to_ = word;
    if (is_placeholder(word)) return;
    const bool behind_order = std::exchange(behind_order_, false);
    if (is_counting(word)) {
      counts_ = counts_ || cell_.orders.empty();
      counts_behind_ = counts_behind_ || behind_order;
    }
    if (!up_to && word.find_first_of("0123456789") == std::string_view::npos) up_to_.clear();
    if (is_date(word)) return reject(word);
    std::string_view rest = word;
    while (true) {
      const std::size_t at = rest.find('/');
      if (const auto piece = rest.substr(0, at); !piece.empty()) number_word(piece);
      if (at == std::string_view::npos) return;
      slash();
      rest.remove_prefix(at + 1);
    }
  }

  po_cell finish() {
    drop_prefix();
    set_apart();
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
      tell_row(*digits);
      cell_.orders.push_back({std::move(*digits), std::move(prefix_)});
      behind_order_ = true;
      behind_slash_.push_back(after_slash_);
    } else {
      if (written_ != word) drop_prefix();
      cell_.rejected.emplace_back(word);
    }
    prefix_.clear();
    written_.clear();
    after_slash_ = false;
  }

  /// `7000001 to 7000005` are two orders, and what stands between them in numbers is not taken.
  void tell_row(std::string_view last) {
    const std::string up_to = std::exchange(up_to_, {});
    if (up_to.empty() || cell_.orders.empty()) return;
    const std::string& first = cell_.orders.back().number;
    if (first.size() == last.size() && first < last)
      cell_.rejected.push_back(first + " " + up_to + " " + std::string(last));
  }

  /// `Total: 42`, `page 1`; an order of full length may be followed by one.
  [[nodiscard]] bool is_count(const parsed_po& one) const {
    constexpr std::size_t most_digits = 6;
    return one.prefix.empty() && (counts_ || (counts_behind_ && one.number.size() <= most_digits));
  }

  /// Takes out the numbers that are no orders beside the others.
  void set_apart() {
    std::size_t longest = 0;
    for (const parsed_po& one : cell_.orders)
      longest = std::max(longest, without_leading_zeros(one.number).size());
    std::vector<parsed_po> kept;
    for (std::size_t i = 0; i < cell_.orders.size(); ++i) {
      parsed_po& one = cell_.orders[i];
      if (is_count(one)) {
        cell_.rejected.push_back(std::move(one.number));
        continue;
      }
      const bool behind_slash = behind_slash_[i] && !kept.empty();
      const bool may_be_item = behind_slash && is_shorter_behind_slash(one, kept.back());
      if (!may_be_item && !is_far_shorter(one, longest)) {
        kept.push_back(std::move(one));
        continue;
      }
      const bool is_item = behind_slash && is_item_of(one.number, kept.back().number);
      (is_item ? cell_.items : cell_.rejected).push_back(std::move(one.number));
    }
    cell_.orders = std::move(kept);
  }

  /// A prefix that nothing followed.
  void drop_prefix() {
    if (!prefix_.empty()) cell_.rejected.push_back(written_);
    prefix_.clear();
    written_.clear();
  }

  po_cell cell_;
  std::vector<bool> behind_slash_;  ///< of every order
  bool after_slash_ = false;
  std::string prefix_;
  std::string written_;
  std::string up_to_;           ///< the word behind the last order, if it leads to the next
  bool behind_order_ = false;   ///< the last word was one
  bool counts_ = false;         ///< a word that counts stands in front of all numbers
  bool counts_behind_ = false;  ///< ... or right behind one
};

}  // namespace

std::string_view without_leading_zeros(std::string_view digits) noexcept {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

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

bool has_thousands(std::string_view word) noexcept {
  const std::size_t begin = std::min(word.find_first_of("0123456789"), word.size());
  const digit_groups groups = groups_of(word.substr(begin));
  return groups.may_be_number && begin + groups.length == word.size();
}

bool is_date(std::string_view word) noexcept {
  const std::size_t first = digits_at(word, 0);
  const char separator = first < word.size() ? word[first] : '\0';
  const std::size_t second = digits_at(word, first + 1);
  const std::size_t behind = first + 1 + second;
  if (std::string_view("/-.").find(separator) == std::string_view::npos || behind >= word.size())
    return false;
  const std::size_t third = digits_at(word, behind + 1);
  const auto is_short = [](std::size_t digits) { return digits == 1 || digits == 2; };
  const bool year_last = is_short(first) && (third == 2 || third == 4);
  const bool year_first = first == 4 && is_short(third);
  return word[behind] == separator && is_short(second) && (year_last || year_first) &&
         behind + 1 + third == word.size();
}

bool is_formula_error(std::string_view cell) noexcept {
  cell = trim(cell);
  if (istarts_with(cell, "err:"))
    return cell.size() > 4 && std::all_of(cell.begin() + 4, cell.end(), is_digit);
  const bool marked = cell.size() > 2 && cell.front() == '#' && (cell.back() == '!' || cell.back() == '?');
  return marked ? cell.find(' ') == std::string_view::npos : iequals(cell, "#n/a") || iequals(cell, "#n/d");
}

po_cell parse_po_cell(std::string_view cell) {
  // Nearly every cell of nearly every list.
  if (std::all_of(cell.begin(), cell.end(), is_digit)) {
    if (auto digits = digits_of(cell)) {
      po_cell plain;
      plain.orders.push_back({std::move(*digits), {}});
      return plain;
    }
  }
  cell_reader reader;
  const std::string text = plain_spaces(cell);
  // With a decimal comma it would fall into two words.
  if (const std::string_view whole = trim(text); is_scientific(whole))
    return {.orders = {}, .items = {}, .rejected = {std::string(whole)}};
  std::size_t unjudged = text.size();  // bytes at the end whose groups of digits were not looked at
  for (std::string_view rest = text; !rest.empty();) {
    if (rest.front() == '/') {
      reader.slash();
      rest.remove_prefix(1);
    }
    const auto end = std::min(rest.find_first_of(" ,;|&"), rest.size());
    const std::size_t number = rest.substr(0, end).find_first_of("0123456789");
    const bool is_new = number != std::string_view::npos && rest.size() - number <= unjudged;
    const digit_groups groups = is_new ? groups_of(rest.substr(number)) : digit_groups{};
    if (is_new) unjudged = rest.size() - number - groups.length;
    if (groups.may_be_number) {
      reader.reject(rest.substr(0, number + groups.length));
      rest.remove_prefix(number + groups.length);
      continue;
    }
    reader.word(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
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
