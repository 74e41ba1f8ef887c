#include "http/head_text.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pofetch::http {

namespace {

constexpr std::string_view length_field = "content-length";
constexpr std::string_view coding_field = "transfer-encoding";
constexpr std::array<std::string_view, 2> status_words{"HTTP/", "ICY "};

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// RFC 9110 5.6.2.
bool is_token_char(char c) noexcept {
  return core::is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_framing_name(std::string_view name) noexcept {
  return core::iequals(name, length_field) || core::iequals(name, coding_field);
}

/// Can what has come so far become a status line? Looks at its beginning alone, so that a server that speaks
/// something else and waits is found out at once.
bool may_begin_status(std::string_view bytes) noexcept {
  const std::size_t begin = bytes.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return true;
  const std::string_view word = bytes.substr(begin);
  return std::any_of(status_words.begin(), status_words.end(), [word](std::string_view known) {
    const std::size_t common = std::min(word.size(), known.size());
    return core::iequals(word.substr(0, common), known.substr(0, common));
  });
}

/// Takes the next line off, without its end.
std::string_view take_line(std::string_view& rest) noexcept {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// Takes `HTTP/1.1`, `HTTP/1.0` or another version 1, or `ICY` off. The version, 10 or 11; 0: none of these.
int take_version(std::string_view& line) noexcept {
  constexpr std::string_view icy = "ICY";  // a radio's HTTP/1.0
  constexpr std::string_view http = "HTTP/1";
  if (core::istarts_with(line, icy)) {
    line.remove_prefix(icy.size());
    return 10;
  }
  if (!core::istarts_with(line, http)) return 0;
  line.remove_prefix(http.size());
  if (line.size() < 2 || line[0] != '.') return 10;
  const char minor = line[1];
  if (!core::is_digit(minor)) return 0;
  line.remove_prefix(2);
  return minor == '0' ? 10 : 11;  // a newer minor version means what 1.1 means (RFC 9110 2.5)
}

/// The status line as it should be. The reason phrase, which means nothing, is left out.
result<std::string> regular_status(std::string_view line) {
  std::string_view rest = trim_blanks(line);
  const int version = take_version(rest);
  if (version == 0) return not_http("bad version");
  if (rest.empty() || !is_blank(rest.front())) return not_http("bad status line");
  rest = trim_blanks(rest);
  const std::string_view code = rest.substr(0, 3);
  const bool digits = code.size() == 3 && std::all_of(code.begin(), code.end(), core::is_digit);
  if (!digits || (rest.size() > 3 && core::is_digit(rest[3]))) return not_http("bad status");
  return fmt::format("HTTP/1.{} {} \r\n", version - 10, code);
}

/// The fields of a head, one after another, and what frames the body.
class field_list {
 public:
  explicit field_list(std::string& out) : out_(out) {}

  result<void> add_line(std::string_view line) {
    if (line.empty()) return {};
    if (is_blank(line.front())) return add_fold(line);
    auto written = write_field();
    if (written) written = take_field(line);
    return written;
  }

  /// Behind the last line.
  result<void> finish() {
    auto written = write_field();
    if (!written || !chunked_) return written;
    if (has_length_) return not_http("a Content-Length beside Transfer-Encoding: chunked");
    out_ += "Transfer-Encoding: chunked\r\n";
    return {};
  }

  [[nodiscard]] bool chunked() const noexcept { return chunked_; }
  /// A transfer coding was named that is none.
  [[nodiscard]] bool odd() const noexcept { return odd_; }

 private:
  /// The line goes on in this one (RFC 9112 5.2). One behind nothing that could be read is left out with it.
  result<void> add_fold(std::string_view line) {
    if (begins_with_framing(line) || (has_field_ && is_framing_name(name_)))
      return not_http("a folded line where the length of the body stands");
    if (!has_field_) return {};
    if (value_.data() != folded_.data()) folded_ = value_;
    value_ = folded_.append(" ").append(trim_blanks(line));
    return {};
  }

  result<void> take_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view before = line.substr(0, colon);
    const std::string_view name = trim_blanks(before);
    const bool named = colon != std::string_view::npos && !name.empty() &&
                       std::all_of(name.begin(), name.end(), is_token_char);
    const bool exact = named && name.size() == before.size();
    if (!exact && begins_with_framing(line))
      return not_http(fmt::format("a line that begins with {} but is no such field",
                                  core::ifind(line, length_field) != std::string_view::npos
                                      ? "Content-Length"
                                      : "Transfer-Encoding"));
    if (!named) return {};
    has_field_ = true;
    name_ = name;
    value_ = trim_blanks(line.substr(colon + 1));
    return {};
  }

  result<void> write_field() {
    if (!std::exchange(has_field_, false)) return {};
    const bool framing = is_framing_name(name_);
    const bool readable =
        std::none_of(value_.begin(), value_.end(), [](char c) { return core::is_control(c) && c != '\t'; });
    if (!readable) {
      if (framing) return not_http(fmt::format("a control character in {}", name_));
      return {};
    }
    if (core::iequals(name_, coding_field)) return take_codings();
    has_length_ = has_length_ || framing;
    out_.append(name_).append(": ");
    if (core::iequals(name_, "Connection") || core::iequals(name_, "Proxy-Connection"))
      out_.append(known_options());
    else
      out_.append(value_);
    out_.append("\r\n");
    return {};
  }

  /// `chunked` counts once, however often it is said, if nothing comes behind it.
  result<void> take_codings() {
    for (const std::string_view member : core::split(value_, ',')) {
      const std::string_view coding = core::trim(member);
      if (core::iequals(coding, "chunked")) {
        chunked_ = true;
        continue;
      }
      if (!coding.empty() && !core::iequals(coding, "identity"))
        return not_http("a Transfer-Encoding other than chunked");
      if (chunked_ && !coding.empty())
        return not_http("a Transfer-Encoding of which chunked is not the last");
      odd_ = true;
    }
    return {};
  }

  /// Of the options of a connection those that count: one that cannot be read spoils no answer.
  [[nodiscard]] std::string known_options() const {
    std::string known;
    for (const std::string_view member : core::split(value_, ',')) {
      const std::string_view option = core::trim(member);
      if (!core::iequals(option, "close") && !core::iequals(option, "keep-alive")) continue;
      known.append(known.empty() ? "" : ", ").append(option);
    }
    return known;
  }

  std::string& out_;
  std::string_view name_;
  std::string_view value_;  ///< in the head, or in `folded_`
  std::string folded_;
  bool has_field_ = false;
  bool has_length_ = false;
  bool chunked_ = false;
  bool odd_ = false;
};

}  // namespace

result<std::optional<std::size_t>> head_end::find(std::string_view bytes) {
  using found_type = std::optional<std::size_t>;
  if (!begun_ && !may_begin_status(bytes.substr(line_))) return not_http("no status line");
  for (;;) {
    const std::size_t end = bytes.find('\n', line_);
    if (end == std::string_view::npos) return found_type();
    std::string_view line = bytes.substr(line_, end - line_);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.find('\0') != std::string_view::npos) return not_http("a NUL in the head");
    if (line.find('\r') != std::string_view::npos) return not_http("a CR alone in the head");
    line_ = end + 1;
    if (line.empty() && begun_) return found_type(line_);
    if (line.empty()) continue;
    begun_ = true;
  }
}

result<regular_head> regular_head_of(std::string_view head) {
  std::string_view rest = head;
  std::string_view line;
  while (line.empty() && !rest.empty()) line = take_line(rest);
  auto status = regular_status(line);
  if (!status) return status.error();
  regular_head made;
  made.text.reserve(head.size() + 16);
  made.text = std::move(*status);
  const bool is_old = made.text[7] == '0';
  field_list fields(made.text);
  while (!rest.empty())
    if (auto added = fields.add_line(take_line(rest)); !added) return added.error();
  if (auto done = fields.finish(); !done) return done.error();
  made.must_close = fields.odd() || (is_old && fields.chunked());
  made.text += "\r\n";
  return made;
}

bool begins_with_framing(std::string_view line) noexcept {
  line = trim_blanks(line);
  const auto end = std::find_if_not(line.begin(), line.end(), is_token_char);
  return is_framing_name(line.substr(0, static_cast<std::size_t>(end - line.begin())));
}

failure not_http(std::string_view why) {
  return make_failure(errc::protocol, fmt::format("what came is not a proper HTTP/1.1 answer ({})", why));
}

}  // namespace pofetch::http
