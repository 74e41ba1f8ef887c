#include "sources/html/markup_filter.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::sources {

namespace {

/// Longer names are none of those that matter.
constexpr std::size_t longest_tag = 8;

}  // namespace

std::string_view markup_filter::filter(std::string_view bytes) {
  out_.clear();
  script_.clear();
  while (!bytes.empty()) {
    if (state_ == state::text) {
      const std::size_t text = std::min(bytes.size(), bytes.find('<'));
      out_.append(bytes.substr(0, text));
      bytes.remove_prefix(text);
      if (bytes.empty()) break;
    }
    if (state_ == state::double_quoted || state_ == state::single_quoted) {
      const char quote = state_ == state::double_quoted ? '"' : '\'';
      const std::size_t value = std::min(bytes.size(), bytes.find(quote));
      tag_.append(bytes.substr(0, value));
      bytes.remove_prefix(value);
      if (bytes.empty()) break;
    }
    if (state_ == state::tag) {
      const auto* end = std::find_if(bytes.begin(), bytes.end(), [](char c) { return c == '=' || c == '>'; });
      const auto between = static_cast<std::size_t>(end - bytes.begin());
      tag_.append(bytes.substr(0, between));
      bytes.remove_prefix(between);
      if (bytes.empty()) break;
    }
    move_on(after(bytes.front()), bytes.front());
    bytes.remove_prefix(1);
  }
  return out_;
}

std::string_view markup_filter::finish() {
  out_ = std::move(tag_);
  tag_.clear();
  return out_;
}

/// Keeps the character with the tag that it belongs to, or drops it with what is dropped.
void markup_filter::move_on(state next, char c) {
  const bool in_raw = state_ == state::raw;
  state_ = next;
  switch (next) {
    case state::declaration:
    case state::comment:
    case state::bogus:
      tag_.clear();
      return;
    case state::raw:
      if (in_raw) {
        if (raw_end_ == "</script") script_ += c;
        return;
      }
      break;
    case state::tag:
      if (in_raw) {
        if (raw_end_ == "</script") script_ += '\0';
        tag_ = raw_end_;
        return;
      }
      break;
    case state::text:
      if (tag_.empty()) return;  // the end of a comment or declaration
      break;
    default:
      break;
  }
  tag_ += c;
  if (next != state::text && next != state::raw) return;
  out_.append(tag_);
  tag_.clear();
}

markup_filter::state markup_filter::after(char c) {
  switch (state_) {
    case state::text:
      return state::opened;
    case state::opened:
      return in_opened(c);
    case state::name:
      return in_name(c);
    case state::tag:
      return in_tag(c);
    case state::before_value:
    case state::unquoted:
      return in_value(c);
    case state::double_quoted:
      return c == '"' ? state::tag : state::double_quoted;
    case state::single_quoted:
      return c == '\'' ? state::tag : state::single_quoted;
    case state::declaration:
      return in_declaration(c);
    case state::comment:
      return in_comment(c);
    case state::bogus:
      return c == '>' ? state::text : state::bogus;
    case state::raw:
      break;
  }
  return in_raw(c);
}

markup_filter::state markup_filter::in_opened(char c) {
  name_.clear();
  matched_ = 0;
  if (core::is_alpha(c)) return in_name(c);
  if (c == '/') return state::tag;
  if (c == '!') return state::declaration;
  if (c == '?') return state::bogus;
  if (c != '<') return state::text;
  out_.append(tag_);  // a lone `<` is text, this one may begin a tag
  tag_.clear();
  return state::opened;
}

markup_filter::state markup_filter::in_name(char c) {
  if (!core::is_alnum(c) && c != '-' && c != ':') return in_tag(c);
  if (name_.size() <= longest_tag) name_ += core::to_lower(c);
  return state::name;
}

markup_filter::state markup_filter::in_tag(char c) {
  if (c == '=') return state::before_value;
  if (c != '>') return state::tag;
  const std::string_view name = name_;
  if (name != "script" && name != "style") return state::text;
  raw_end_ = "</" + name_;
  matched_ = 0;
  return state::raw;
}

markup_filter::state markup_filter::in_value(char c) {
  const bool first = state_ == state::before_value;
  if (c == '>') return in_tag(c);
  if (core::is_space(c)) return first ? state::before_value : state::tag;
  if (first && c == '"') return state::double_quoted;
  if (first && c == '\'') return state::single_quoted;
  return state::unquoted;
}

markup_filter::state markup_filter::in_declaration(char c) {
  if (c == '>') return state::text;
  if (c != '-') return state::bogus;
  return ++matched_ == 2 ? state::comment : state::declaration;
}

markup_filter::state markup_filter::in_comment(char c) {
  // The hyphens that begin it count: `<!-->` is a whole comment. `--!>` ends one, too (HTML 13.2.5.51).
  if (c == '>' && matched_ >= 2) return state::text;
  if (c == '!' && matched_ >= 2) return state::comment;
  matched_ = c == '-' ? matched_ + 1 : 0;
  return state::comment;
}

markup_filter::state markup_filter::in_raw(char c) {
  const bool goes_on = core::to_lower(c) == raw_end_[matched_];
  matched_ = goes_on ? matched_ + 1 : (c == '<' ? 1 : 0);
  if (matched_ < raw_end_.size()) return state::raw;
  name_.clear();
  return state::tag;
}

}  // namespace pofetch::sources
