#include "sources/coupa_web/po_identity.hpp"

#include "core/ascii.hpp"
#include "core/po_number.hpp"
#include "core/unicode.hpp"
#include "sources/coupa/file_route.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace pofetch::sources {

namespace {

constexpr std::size_t most_form_text = 256U << 10;
constexpr std::size_t most_shown = 8;

struct token {
  std::size_t begin = 0;
  std::string_view digits;
};

/// `PO` or `PM` directly before, and no letter before that.
bool has_order_prefix(std::string_view text, std::size_t begin) {
  if (begin < 2) return false;
  const std::string_view prefix = text.substr(begin - 2, 2);
  if (!core::iequals(prefix, "PO") && !core::iequals(prefix, "PM")) return false;
  return begin == 2 || !core::is_alnum(text[begin - 3]);
}

/// Part of a date, an amount or a longer name.
bool joined_before(std::string_view text, std::size_t begin) {
  if (begin == 0) return false;
  const char before = text[begin - 1];
  if (core::is_alpha(before)) return !has_order_prefix(text, begin);
  if (before == '_' || static_cast<unsigned char>(before) >= 0x80) return before == '_';
  const bool joint = before == '.' || before == ',' || before == '-' || before == ':';
  return joint && begin >= 2 && core::is_digit(text[begin - 2]);
}

bool joined_after(std::string_view text, std::size_t end) {
  if (end >= text.size()) return false;
  const char after = text[end];
  if (core::is_alpha(after) || after == '_') return true;
  const bool joint = after == '.' || after == ',' || after == ':';
  return joint && end + 1 < text.size() && core::is_digit(text[end + 1]);
}

std::optional<token> next_token(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    if (!core::is_digit(text[from])) {
      ++from;
      continue;
    }
    std::size_t end = from;
    while (end < text.size() && core::is_digit(text[end])) ++end;
    const std::string_view digits = text.substr(from, end - from);
    if (!joined_before(text, from) && !joined_after(text, end) && digits.size() <= core::max_po_digits)
      return token{from, digits};
    from = end;
  }
  return std::nullopt;
}

bool is_word_char(char c) noexcept { return core::is_alnum(c) || static_cast<unsigned char>(c) >= 0x80; }

/// Takes the last word off the text, as `loose_key`.
std::string take_last_word(std::string_view& text) {
  while (!text.empty() && !is_word_char(text.back())) text.remove_suffix(1);
  std::size_t begin = text.size();
  while (begin > 0 && is_word_char(text[begin - 1])) --begin;
  std::string word = core::loose_key(core::to_utf8(text.substr(begin)));
  text.remove_suffix(text.size() - begin);
  return word;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// Is the number at `begin` introduced by a word for an order: `PO12`, `PO #12`, `Purchase Order No. 12`?
bool follows_order_word(std::string_view text, std::size_t begin) {
  constexpr std::array<std::string_view, 7> orders{"po", "pm", "order", "pedido", "ordem", "orden", "oc"};
  constexpr std::array<std::string_view, 12> fillers{"number", "numero", "no", "num", "nr",     "n",
                                                     "o",      "header", "id", "de",  "compra", ""};
  if (has_order_prefix(text, begin)) return true;
  constexpr std::size_t reach = 64;
  const std::size_t from = begin > reach ? begin - reach : 0;
  std::string_view before = text.substr(from, begin - from);
  constexpr int most_words = 5;
  for (int i = 0; i < most_words && !before.empty(); ++i) {
    const std::string word = take_last_word(before);
    if (is_one_of(word, orders)) return true;
    if (!is_one_of(word, fillers)) return false;
  }
  return false;
}

/// Fields and attributes whose value is the order's number.
bool names_an_order(std::string_view name) {
  const std::string key = core::loose_key(core::to_utf8(name));
  constexpr std::array<std::string_view, 5> words{"ponumber", "ordernumber", "orderheaderid", "ordernum",
                                                  "poid"};
  return std::any_of(words.begin(), words.end(),
                     [&key](std::string_view word) { return key.ends_with(word); });
}

}  // namespace

std::vector<std::string> number_tokens(std::string_view text) {
  std::vector<std::string> found;
  for (auto next = next_token(text, 0); next; next = next_token(text, next->begin + next->digits.size()))
    found.emplace_back(without_leading_zeros(next->digits));
  return found;
}

std::string order_claimed_in(std::string_view text) {
  for (auto next = next_token(text, 0); next; next = next_token(text, next->begin + next->digits.size()))
    if (follows_order_word(text, next->begin)) return std::string(without_leading_zeros(next->digits));
  return {};
}

void po_identity::numbers::add(std::string_view number, std::string_view expected) {
  if (number == expected) wanted = true;
  if (few.size() >= most_shown || std::find(few.begin(), few.end(), number) != few.end()) return;
  few.emplace_back(number);
}

po_identity::po_identity(std::string_view wanted)
    : wanted_(without_leading_zeros(wanted)), form_text_(most_form_text) {}

void po_identity::element_started(const html_element& element) {
  if (form_depth_ == 0) {
    if (element.get("id") != "topForm") return;
    form_depth_ = element.depth;
    seen_ = true;
  }
  form_text_.separate();
  for (const auto& attribute : element.attributes) look_at(attribute, element);
}

void po_identity::element_ended(std::size_t depth) {
  form_text_.separate();
  if (depth == form_depth_) form_depth_ = 0;
}

void po_identity::text(std::string_view chars) {
  if (form_depth_ != 0) form_text_.append(chars);
}

void po_identity::look_at(const html_attribute& attribute, const html_element& element) {
  if (attribute.name == "action") {
    if (const auto number = order_number(attribute.value)) claim(without_leading_zeros(*number));
    return;
  }
  const bool data = attribute.name.starts_with("data-");
  if (attribute.name != "value" && !data) return;
  const bool own = data ? names_an_order(attribute.name)
                        : names_an_order(element.get("name")) || names_an_order(element.get("id"));
  if (!own) return mention(attribute.value);
  for (const auto& number : number_tokens(attribute.value)) claim(number);
}

void po_identity::mention(std::string_view text) {
  for (const auto& number : number_tokens(text)) mentions_.add(number, wanted_);
}

void po_identity::finish(std::string_view title) {
  for (const std::string_view text : {title, form_text_.view()}) {
    const std::string claimed = order_claimed_in(text);
    if (!claimed.empty()) claim(claimed);
    mention(text);
  }
}

bool po_identity::is_wanted() const noexcept {
  return claims_.few.empty() ? mentions_.wanted : claims_.wanted;
}

std::vector<std::string> po_identity::shown() const {
  std::vector<std::string> all = claims_.few;
  if (all.empty()) all = mentions_.few;
  return all;
}

}  // namespace pofetch::sources
