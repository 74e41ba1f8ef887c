#include "http/cookie_lines.hpp"

#include "core/ascii.hpp"
#include "core/idn.hpp"
#include "http/cookie_date.hpp"
#include "http/cookie_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace pofetch::http {

namespace {

using std::chrono::system_clock;

constexpr std::string_view http_only_mark = "#HttpOnly_";
constexpr std::size_t netscape_fields = 7;

/// TRUE or FALSE in any case, or 1 or 0.
std::optional<bool> parse_flag(std::string_view text) {
  if (core::iequals(text, "true") || text == "1") return true;
  if (core::iequals(text, "false") || text == "0") return false;
  return std::nullopt;
}

/// Words between any white space.
std::vector<std::string_view> words_in(std::string_view line) {
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
  const std::size_t words = words_in(line).size();
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

std::string domain_field(std::string_view field) {
  return core::ascii_host(field.starts_with('.') ? field.substr(1) : field);
}

void set_broken(cookie_entry& out, std::string why) {
  out.broken = true;
  out.defect = std::move(why);
}

/// Domain, subdomains, path, secure, expiry, name, value; an empty value may be left out with its tab.
void read_line(std::string_view line, cookie_entry& out) {
  cookie& made = out.what;
  if (line.starts_with(http_only_mark)) {
    made.http_only = true;
    line.remove_prefix(http_only_mark.size());
  }
  auto fields = core::split(line, '\t').list();
  if (fields.size() == netscape_fields - 1) fields.emplace_back();
  if (fields.size() != netscape_fields) {
    auto words = words_in(line);
    const auto& any = fields.size() > 1 ? fields : words;
    if (any.size() > 1) made.domain = domain_field(any[0]);
    if (!is_whole(words)) return set_broken(out, wrong_field_count(line, fields.size()));
    fields = std::move(words);
  }
  made.domain = domain_field(fields[0]);
  const auto subdomains = parse_flag(fields[1]);
  const auto secure = parse_flag(fields[3]);
  if (!subdomains || !secure) return set_broken(out, "the second and the fourth field must be TRUE or FALSE");
  if (!take_cookie_end(fields[4], made.expires))
    return set_broken(out, "the fifth field must be a time in seconds since 1970, or 0");
  made.host_only = !*subdomains;
  made.path = fields[2].starts_with('/') ? std::string(fields[2]) : "/";
  made.secure = *secure;
  made.name = fields[5];
  made.value = fields[6];
  out.defect = cookie_defect(made);
}

std::string_view flag(bool value) { return value ? "TRUE" : "FALSE"; }

}  // namespace

cookie_listing list_cookie_lines(std::string_view text) {
  cookie_listing made;
  made.open = text.size();
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const std::size_t end = std::min(text.find('\n', at), text.size());
    at = std::min(end + 1, text.size());
    ++number;
    std::string_view line = text.substr(begin, end - begin);
    while (line.ends_with('\r')) line.remove_suffix(1);
    const bool comment = line.starts_with('#') && !line.starts_with(http_only_mark);
    if (comment || core::trim(line).empty()) continue;
    cookie_entry next;
    next.begin = begin;
    next.end = at;
    next.place = fmt::format("line {}", number);
    read_line(line, next);
    made.entries.push_back(std::move(next));
  }
  return made;
}

std::string cookie_line(const cookie& c) {
  const auto since = c.expires.value_or(system_clock::time_point{}).time_since_epoch();
  const auto end = std::chrono::duration_cast<std::chrono::seconds>(since).count();
  return fmt::format("{}{}{}\t{}\t{}\t{}\t{}\t{}\t{}\n", c.http_only ? http_only_mark : "",
                     c.host_only ? "" : ".", c.domain, flag(!c.host_only), c.path, flag(c.secure),
                     std::max<std::int64_t>(0, end), c.name, c.value);
}

}  // namespace pofetch::http
