#include "sources/html/page_text.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"

#include <algorithm>

namespace pofetch::sources {

namespace {

constexpr char nbsp_lead = '\xC2';
constexpr char nbsp_tail = '\xA0';

}  // namespace

void page_text::append(std::string_view chars) {
  while (!chars.empty() && !full_) {
    const char c = chars.front();
    if (half_nbsp_) {
      half_nbsp_ = false;
      if (c != nbsp_tail) add(std::string_view(&nbsp_lead, 1));
      space_ = space_ || c == nbsp_tail;
      if (c == nbsp_tail) chars.remove_prefix(1);
      continue;
    }
    half_nbsp_ = c == nbsp_lead;
    if (half_nbsp_ || core::is_space(c)) {
      space_ = space_ || !half_nbsp_;
      chars.remove_prefix(1);
      continue;
    }
    const auto end = std::find_if(chars.begin(), chars.end(),
                                  [](char each) { return each == nbsp_lead || core::is_space(each); });
    const auto length = static_cast<std::size_t>(end - chars.begin());
    add(chars.substr(0, length));
    chars.remove_prefix(length);
  }
}

/// A part of a word.
void page_text::add(std::string_view part) {
  if (space_ && !text_.empty()) text_ += ' ';
  space_ = false;
  text_ += part.substr(0, most_ + 5);
  // Cut only behind the bound, where it shows whether a character ends there.
  full_ = text_.size() > most_ + 4;
  if (full_) text_.resize(core::cut_utf8(text_, most_).size());
}

std::string page_text::str() const { return std::string(view()); }

std::string_view page_text::view() const noexcept {
  return text_.size() > most_ ? core::cut_utf8(text_, most_) : std::string_view(text_);
}

void page_text::separate() { space_ = true; }

void page_text::clear() {
  text_.clear();
  space_ = false;
  half_nbsp_ = false;
  full_ = false;
}

std::string collapse_space(std::string_view text, std::size_t most) {
  page_text made(most);
  made.append(text);
  return made.str();
}

}  // namespace pofetch::sources
