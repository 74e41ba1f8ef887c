#include "sources/coupa_web/finder/script_files.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"
#include "sources/coupa/attachment_name.hpp"
#include "sources/coupa/file_route.hpp"

#include <array>
#include <utility>

namespace pofetch::sources {

namespace {

constexpr std::size_t longest_text = 2048;
constexpr std::size_t deepest = 64;

/// `file_name`, `fileName`, `name`, `title`: what a file is called.
bool names(std::string_view key) {
  constexpr std::array<std::string_view, 4> words{"name", "title", "label", "file"};
  return core::holds_one_of(core::to_lower(key), words);
}

/// A picture of somebody, or a smaller one of the file.
bool decorates(std::string_view key) {
  constexpr std::array<std::string_view, 6> words{"avatar", "logo", "icon", "photo", "thumb", "delete"};
  return core::holds_one_of(core::to_lower(key), words);
}

bool is_number_key(std::string_view key) {
  return core::iequals(key, "id") || core::iequals(key, "attachment_id");
}

}  // namespace

void script_files::read(std::string_view chars) {
  for (const char c : chars) {
    if (quote_ == 0)
      in_code(c);
    else
      in_text(c);
  }
}

void script_files::end() {
  while (!open_.empty()) close();
  quote_ = 0;
  escape_ = in_unicode_ = has_text_ = false;
  too_deep_ = 0;
  key_.clear();
  text_.clear();
}

void script_files::in_code(char c) {
  if (core::is_space(c)) return;
  if (has_text_ && c == ':') {
    key_ = std::exchange(text_, {});
    has_text_ = false;
    return;
  }
  if (has_text_) take_value();
  if (c == '"' || c == '\'' || c == '`') {
    quote_ = c;
    text_.clear();
    return;
  }
  // A number: the only value without quotes that matters.
  if (core::is_digit(c) && !open_.empty() && is_number_key(key_)) {
    if (open_.back().what.id.size() < 20) open_.back().what.id += c;
    return;
  }
  if (c == '{' || c == '[') return open(c == '[');
  if (c == '}' || c == ']') return close();
  if (c == ',' || c == ';') key_.clear();
}

void script_files::in_text(char c) {
  if (in_unicode_ || escape_) return escaped(c);
  if (c == '\\') {
    escape_ = true;
    return;
  }
  // An apostrophe in a comment begins no text that goes on in the next line.
  const bool broken = c == '\n' && quote_ != '`';
  if (c == quote_ || broken) {
    quote_ = 0;
    has_text_ = !broken;
    return;
  }
  if (text_.size() < longest_text) text_ += c;
}

void script_files::escaped(char c) {
  if (escape_) {
    escape_ = false;
    in_unicode_ = c == 'u';
    unicode_.clear();
    if (!in_unicode_ && text_.size() < longest_text) text_ += c == 'n' || c == 't' || c == 'r' ? ' ' : c;
    return;
  }
  unicode_ += c;
  if (unicode_.size() < 4) return;
  in_unicode_ = false;
  std::uint32_t code = 0;
  for (const char digit : unicode_) {
    const char lower = core::to_lower(digit);
    const bool good = core::is_digit(lower) || (lower >= 'a' && lower <= 'f');
    if (!good) return;
    code = code * 16 + static_cast<std::uint32_t>(core::is_digit(lower) ? lower - '0' : lower - 'a' + 10);
  }
  if (code >= 0xD800 && code < 0xDC00) {
    surrogate_ = code;
    return;
  }
  if (surrogate_ != 0 && code >= 0xDC00 && code < 0xE000)
    code = 0x10000 + ((surrogate_ - 0xD800) << 10U) + (code - 0xDC00);
  surrogate_ = 0;
  if (text_.size() < longest_text) core::append_utf8(text_, code);
}

void script_files::open(bool list) {
  if (open_.size() == deepest) {
    ++too_deep_;
    return;
  }
  container made;
  made.list = list;
  const bool inside = !open_.empty() && open_.back().what.among_attachments;
  made.what.among_attachments = inside || core::ifind(key_, "attachment") != std::string_view::npos;
  key_.clear();
  open_.push_back(std::move(made));
}

void script_files::close() {
  if (too_deep_ > 0) {
    --too_deep_;
    return;
  }
  if (has_text_) take_value();
  if (open_.empty()) return;
  entry done = std::move(open_.back().what);
  const bool list = open_.back().list;
  open_.pop_back();
  if (!list && !done.name.empty() && entries_.size() < most_entries) entries_.push_back(std::move(done));
}

void script_files::take_value() {
  has_text_ = false;
  const std::string value = std::exchange(text_, {});
  const std::string key = key_;
  if (open_.empty() || open_.back().list) return;
  entry& what = open_.back().what;
  if (is_number_key(key) && what.id.empty()) what.id = value;
  const bool leads = value.find('/') != std::string::npos && may_be_attachment(value);
  if (leads && what.address.empty() && !decorates(key) && route_of(value) == route::file)
    what.address = value;
  if (!leads && what.name.empty() && names(key) && likeness_of(value) == likeness::sure) what.name = value;
}

}  // namespace pofetch::sources
