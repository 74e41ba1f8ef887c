#include "cli/toml_reader.hpp"

#include "cli/printable.hpp"
#include "core/ascii.hpp"
#include "core/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace pofetch::cli {

namespace {

bool is_bare_key(char c) { return core::is_alnum(c) || c == '-' || c == '_'; }
bool is_bare_value(char c) {
  return core::is_alnum(c) || c == '-' || c == '+' || c == '_' || c == '.' || c == ':';
}

/// A scanner over the text. Every function leaves it behind what it has read; the first problem stays.
class toml_scanner {
 public:
  explicit toml_scanner(std::string_view text) : text_(text) {}

  result<std::vector<toml_entry>> read() {
    std::vector<toml_entry> entries;
    std::string section;
    for (skip_empty_lines(); !at_end() && problem_.empty(); skip_empty_lines()) {
      const int line = line_;
      if (take('[')) {
        section = header();
        remember(section, line);
      } else {
        entries.push_back(entry(section, line));
        check_unique(entries);
      }
      end_of_line();
    }
    if (!problem_.empty())
      return make_failure(errc::config, fmt::format("line {}: {}", problem_line_, problem_));
    return entries;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }

  char next() {
    const char c = peek();
    if (c == '\n') ++line_;
    ++at_;
    return c;
  }

  bool take(char wanted) {
    if (at_end() || peek() != wanted) return false;
    next();
    return true;
  }

  void fail(std::string why) {
    if (problem_.empty()) {
      problem_ = std::move(why);
      problem_line_ = line_;
    }
    at_ = text_.size();
  }

  void skip_spaces() {
    while (peek() == ' ' || peek() == '\t') next();
  }

  void skip_comment() {
    if (peek() != '#') return;
    while (!at_end() && peek() != '\n') next();
  }

  void skip_empty_lines() {
    for (;;) {
      skip_spaces();
      skip_comment();
      if (peek() != '\n' && peek() != '\r') return;
      next();
    }
  }

  void end_of_line() {
    skip_spaces();
    skip_comment();
    take('\r');
    if (!at_end() && !take('\n')) fail(fmt::format("unexpected '{}' behind the value", printable(peek())));
  }

  static std::string printable(char c) {
    return core::is_control(c) || static_cast<unsigned char>(c) >= 0x80
               ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c))
               : std::string(1, c);
  }

  std::string header() {
    if (peek() == '[') fail("arrays of tables are not used here");
    skip_spaces();
    std::string name = key();
    skip_spaces();
    if (!take(']')) fail("expected [name]");
    return name;
  }

  void remember(const std::string& section, int line) {
    if (!problem_.empty()) return;
    if (std::find(sections_.begin(), sections_.end(), section) != sections_.end()) {
      problem_line_ = line;
      problem_ = fmt::format("the section [{}] is there twice", section);
    }
    sections_.push_back(section);
  }

  void check_unique(const std::vector<toml_entry>& entries) {
    const toml_entry& last = entries.back();
    const auto same = [&](const toml_entry& e) { return e.section == last.section && e.key == last.key; };
    if (!problem_.empty() || std::count_if(entries.begin(), entries.end(), same) < 2) return;
    problem_line_ = last.line;
    problem_ = fmt::format("'{}' is there twice", last.key);
  }

  std::string key() {
    if (peek() == '"' || peek() == '\'') return string();
    std::string name;
    while (is_bare_key(peek())) name += next();
    if (name.empty()) fail("expected 'name = value'");
    if (peek() == '.') fail("dotted names are not used here");
    return name;
  }

  toml_entry entry(const std::string& section, int line) {
    toml_entry made;
    made.section = section;
    made.line = line;
    made.key = key();
    skip_spaces();
    if (!take('=')) fail(fmt::format("expected '=' behind '{}'", made.key));
    skip_spaces();
    if (take('[')) {
      made.array = true;
      made.values = array();
    } else {
      made.values.push_back(value());
    }
    return made;
  }

  std::vector<std::string> array() {
    std::vector<std::string> values;
    for (skip_empty_lines(); problem_.empty() && !take(']'); skip_empty_lines()) {
      values.push_back(value());
      skip_empty_lines();
      if (peek() != ']' && !take(',')) fail("expected ',' or ']' in the list");
    }
    return values;
  }

  std::string value() {
    const char first = peek();
    if (first == '"' || first == '\'') return string();
    std::string word;
    while (is_bare_value(peek())) word += next();
    const bool boolean = word == "true" || word == "false";
    const bool number = !word.empty() && word.find_first_not_of("0123456789+-_.eE") == std::string::npos &&
                        word.find_first_of("0123456789") != std::string::npos;
    if (!boolean && !number && problem_.empty()) {
      fail(word.empty() ? "expected a value" : fmt::format("the text {} needs quotes: \"{}\"", word, word));
    }
    word.erase(std::remove(word.begin(), word.end(), '_'), word.end());
    return word;
  }

  std::string string() {
    const char quote = next();
    if (text_.substr(at_).starts_with(std::string(2, quote))) {
      fail("texts over several lines are not used here");
      return {};
    }
    std::string out;
    while (problem_.empty() && !take(quote)) {
      if (at_end() || peek() == '\n') {
        fail("the text has no closing quote");
      } else if (core::is_control(peek()) && peek() != '\t') {
        fail(fmt::format("control character {} in a text", printable(peek())));
      } else if (quote == '"' && peek() == '\\') {
        escape(out);
      } else {
        out += next();
      }
    }
    return out;
  }

  void escape(std::string& out) {
    next();
    const char kind = next();
    constexpr std::string_view from = "btnfr\"\\";
    constexpr std::string_view to = "\b\t\n\f\r\"\\";
    if (const std::size_t known = from.find(kind); known != std::string_view::npos) {
      out += to[known];
    } else if (kind == 'u' || kind == 'U') {
      code_point(out, kind == 'u' ? 4 : 8);
    } else {
      fail(fmt::format("unknown escape \\{} (write \\\\ for a backslash, or use single quotes)",
                       printable(kind)));
    }
  }

  void code_point(std::string& out, int digits) {
    std::uint32_t value = 0;
    for (int i = 0; i < digits; ++i) {
      const int digit = core::hex_value(peek());
      if (digit < 0) return fail("expected hexadecimal digits behind \\u");
      value = value * 16 + static_cast<std::uint32_t>(digit);
      next();
    }
    if (value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return fail("\\u names no character");
    core::append_utf8(out, value);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::string problem_;
  int problem_line_ = 0;
  std::vector<std::string> sections_;
};

}  // namespace

result<std::vector<toml_entry>> read_toml(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (!core::is_utf8(text) || text.find('\0') != std::string_view::npos) {
    return make_failure(errc::config, "line 1: this is no UTF-8 text");
  }
  return toml_scanner(text).read();
}

std::string toml_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    std::string_view piece = text;
    const std::uint32_t code_point = core::next_code_point(text);
    piece.remove_suffix(text.size());
    if (piece == "\"" || piece == "\\")
      out.append(1, '\\').append(piece);
    else if (printable(piece) != piece)
      out +=
          code_point > 0xffff ? fmt::format("\\U{:08x}", code_point) : fmt::format("\\u{:04x}", code_point);
    else
      out += piece;
  }
  return out + '"';
}

}  // namespace pofetch::cli
