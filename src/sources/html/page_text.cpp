#include "sources/html/page_text.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"

namespace pofetch::sources {

namespace {

constexpr char nbsp_lead = '\xC2';
constexpr char nbsp_tail = '\xA0';

}  // namespace

void page_text::append(std::string_view chars) {
  for (const char c : chars) {
    if (full_) return;
    if (half_nbsp_) {
      half_nbsp_ = false;
      if (c == nbsp_tail) {
        space_ = true;
        continue;
      }
      add(nbsp_lead);
    }
    if (c == nbsp_lead)
      half_nbsp_ = true;
    else if (core::is_space(c))
      space_ = true;
    else
      add(c);
  }
}

void page_text::add(char c) {
  if (space_ && !text_.empty()) text_ += ' ';
  space_ = false;
  text_ += c;
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
