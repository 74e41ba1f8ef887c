#include "http/cookie_text.hpp"

#include "core/ascii.hpp"
#include "http/cookie_json.hpp"
#include "http/set_cookie.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace pofetch::http {

namespace {

using std::chrono::system_clock;

constexpr std::string_view http_only_mark = "#HttpOnly_";
constexpr std::size_t netscape_fields = 7;

failure bad_line(std::string_view shown, std::size_t line, std::string_view why) {
  return make_failure(errc::config, fmt::format("cookie file {}, line {}: {}", shown, line, why));
}

/// TRUE or FALSE in any case.
std::optional<bool> parse_flag(std::string_view text) {
  if (core::iequals(text, "true")) return true;
  if (core::iequals(text, "false")) return false;
  return std::nullopt;
}

/// Words between any white space.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view piece : core::split(line, ' '))
    for (const std::string_view word : core::split(piece, '\t'))
      if (!word.empty()) words.push_back(word);
  return words;
}

/// Editors and mails turn tabs into spaces. Nothing is guessed: without doubt are only seven words, with the
/// flags and the number where they belong.
bool is_whole(const std::vector<std::string_view>& words) {
  return words.size() == netscape_fields && parse_flag(words[1]) && parse_flag(words[3]) &&
         words[4].find_first_not_of("0123456789.-") == std::string_view::npos;
}

/// Why this line does not have seven fields, as far as that can be told.
std::string wrong_field_count(std::string_view line, std::size_t fields) {
  const std::size_t words = words_of(line).size();
  if (line.find('\t') == std::string_view::npos && line.find('=') < line.find_first_of(" ;"))
    return "this looks like a Cookie header, which belongs into the variable POFETCH_COOKIE, not into a file";
  if (fields < netscape_fields && words >= netscape_fields)
    return fmt::format("the tabs between its {} fields have become spaces; export the cookies again",
                       netscape_fields);
  if (fields > 1 && fields < netscape_fields)
    return fmt::format("it breaks off after {} of {} fields; was the file copied as a whole?", fields,
                       netscape_fields);
  return fmt::format(
      "{} fields separated by tabs were expected, {} came; is this a cookies.txt as browsers export it?",
      netscape_fields, fields);
}

/// Domain, subdomains, path, secure, expiry, name, value; an empty value may be left out with its tab.
result<cookie> parse_netscape_line(std::string_view line, std::string_view shown, std::size_t number) {
  cookie made;
  if (line.starts_with(http_only_mark)) {
    made.http_only = true;
    line.remove_prefix(http_only_mark.size());
  }
  auto fields = core::split(line, '\t');
  if (fields.size() == netscape_fields - 1) fields.emplace_back();
  if (fields.size() != netscape_fields) {
    auto words = words_of(line);
    if (!is_whole(words)) return bad_line(shown, number, wrong_field_count(line, fields.size()));
    fields = std::move(words);
  }
  const auto subdomains = parse_flag(fields[1]);
  const auto secure = parse_flag(fields[3]);
  if (!subdomains || !secure)
    return bad_line(shown, number, "the second and the fourth field must be TRUE or FALSE");
  const std::string_view expiry = fields[4].substr(0, fields[4].find('.'));
  const auto seconds = core::parse_unsigned(expiry);
  if (!seconds && expiry != "-1")
    return bad_line(shown, number, "the fifth field must be a time in seconds since 1970, or 0");
  made.domain = core::to_lower(fields[0].starts_with('.') ? fields[0].substr(1) : fields[0]);
  made.host_only = !*subdomains;
  made.path = fields[2].starts_with('/') ? std::string(fields[2]) : "/";
  made.secure = *secure;
  made.expires = cookie_expiry(static_cast<double>(seconds.value_or(0)));
  made.name = fields[5];
  made.value = fields[6];
  if (auto why = cookie_defect(made); !why.empty()) return bad_line(shown, number, why);
  return made;
}

result<std::vector<cookie>> parse_netscape(std::string_view text, std::string_view shown) {
  std::vector<cookie> cookies;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (line.ends_with('\r')) line.remove_suffix(1);
    const bool comment = line.starts_with('#') && !line.starts_with(http_only_mark);
    if (comment || core::trim(line).empty()) continue;
    auto made = parse_netscape_line(line, shown, number);
    if (!made) return made.error();
    cookies.push_back(std::move(*made));
  }
  return cookies;
}

std::string_view flag(bool value) { return value ? "TRUE" : "FALSE"; }

}  // namespace

result<std::vector<cookie>> parse_cookie_text(std::string_view text, std::string_view shown) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos)
    return make_failure(errc::config, fmt::format("cookie file {} is not text in UTF-8: it holds zero bytes "
                                                  "(saved as UTF-16?); export it again",
                                                  shown));
  const std::string_view content = core::trim(text);
  const bool json = content.starts_with('[') || content.starts_with('{');
  auto cookies = json ? parse_cookie_json(text, shown) : parse_netscape(text, shown);
  if (cookies && cookies->empty())
    return make_failure(errc::config, fmt::format("cookie file {} holds no cookie", shown));
  return cookies;
}

std::string format_cookie_text(std::span<const cookie> cookies) {
  std::string text =
      "# Netscape HTTP Cookie File\n# Written by pofetch. Keep it secret: it is a sign-in.\n\n";
  for (const cookie& c : cookies) {
    using std::chrono::duration_cast;
    const auto since = c.expires.value_or(system_clock::time_point{}).time_since_epoch();
    const auto expiry = std::max<std::int64_t>(0, duration_cast<std::chrono::seconds>(since).count());
    fmt::format_to(std::back_inserter(text), "{}{}{}\t{}\t{}\t{}\t{}\t{}\t{}\n",
                   c.http_only ? http_only_mark : "", c.host_only ? "" : ".", c.domain, flag(!c.host_only),
                   c.path, flag(c.secure), expiry, c.name, c.value);
  }
  return text;
}

result<std::vector<cookie>> cookies_from_header(std::string_view header, std::string_view host) {
  constexpr std::string_view label = "Cookie:";
  if (core::istarts_with(core::trim(header), label)) header = core::trim(header).substr(label.size());
  std::vector<cookie> cookies;
  for (const std::string_view piece : core::split(header, ';')) {
    const std::string_view pair = core::trim(piece);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    cookie made;
    made.domain = core::to_lower(host);
    made.name = core::trim(pair.substr(0, equals));
    if (equals != std::string_view::npos) made.value = core::trim(pair.substr(equals + 1));
    const std::string why = equals == std::string_view::npos ? "it has no '='" : cookie_defect(made);
    if (!why.empty())
      return make_failure(
          errc::config, fmt::format("cookie {} of the Cookie header cannot be used: {} (expected: a=b; c=d)",
                                    cookies.size() + 1, why));
    cookies.push_back(std::move(made));
  }
  if (cookies.empty())
    return make_failure(errc::config, "the Cookie header holds no cookie (expected: a=b; c=d)");
  return cookies;
}

}  // namespace pofetch::http
