#include "http/cookie_json.hpp"

#include "core/ascii.hpp"
#include "http/set_cookie.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace pofetch::http {

namespace {

namespace json = boost::json;

/// The line on which the `number`th value of the list of cookies begins: the first array of the text, which
/// is known to be JSON.
std::size_t line_of(std::string_view text, std::size_t number) {
  std::size_t line = 1;
  std::size_t depth = 0;  // within the array
  bool between = true;    // the next value begins with the next character that is no space
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    line += c == '\n' ? 1U : 0U;
    if (quoted) {
      at += c == '\\' ? 1U : 0U;
      quoted = c != '"';
      continue;
    }
    if (depth == 1 && between && c != ',' && !core::trim({&c, 1}).empty()) {
      if (--number == 0) return line;
      between = false;
    }
    quoted = c == '"';
    if (c == '[' || (c == '{' && depth > 0)) ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (depth == 1 && c == ',') between = true;
  }
  return line;
}

/// Where a cookie stands in a file.
struct cookie_place {
  std::string_view text;
  std::string_view shown;
  std::size_t number;
};

failure bad_cookie(const cookie_place& where, std::string_view why) {
  return make_failure(errc::config, fmt::format("cookie file {}, line {}, cookie {}: {}", where.shown,
                                                line_of(where.text, where.number), where.number, why));
}

result<json::value> parse_json(std::string_view text, std::string_view shown) {
  boost::system::error_code error;
  json::stream_parser parser;
  const std::size_t used = parser.write_some(text.data(), text.size(), error);
  const std::string_view rest = text.substr(std::min(used, text.size()));
  if (!error && !core::trim(rest).empty()) error = json::error::extra_data;
  if (!error) parser.finish(error);
  if (!error) return parser.release();
  const auto line = 1 + std::count(text.begin(), text.end() - static_cast<std::ptrdiff_t>(rest.size()), '\n');
  return make_failure(errc::config, fmt::format("cookie file {}, line {}: this is not JSON ({})", shown, line,
                                                error.message()));
}

std::optional<std::string> text_of(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(key);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return std::string(found->get_string());
}

bool flag_of(const json::object& object, std::string_view key, bool otherwise) {
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_bool() ? found->get_bool() : otherwise;
}

/// False: there is an expiry that is no number.
bool take_expiry(const json::object& object, cookie& out) {
  // Browser extensions, WebDriver, and what drives browsers without it.
  const json::value* found = object.if_contains("expirationDate");
  if (found == nullptr) found = object.if_contains("expiry");
  if (found == nullptr) found = object.if_contains("expires");
  if (found == nullptr || found->is_null()) return true;
  if (found->is_int64())
    out.expires = cookie_expiry(static_cast<double>(found->get_int64()));
  else if (found->is_uint64())
    out.expires = cookie_expiry(static_cast<double>(found->get_uint64()));
  else if (found->is_double())
    out.expires = cookie_expiry(found->get_double());
  else
    return false;
  return true;
}

result<cookie> read_cookie(const json::value& entry, const cookie_place& where) {
  const json::object* object = entry.if_object();
  if (object == nullptr) return bad_cookie(where, "an object was expected");
  auto name = text_of(*object, "name");
  auto value = text_of(*object, "value");
  auto domain = text_of(*object, "domain");
  if (!name || !value || !domain)
    return bad_cookie(where, "it must have \"name\", \"value\" and \"domain\", each a text");
  cookie made;
  made.name = std::move(*name);
  made.value = std::move(*value);
  const bool dotted = domain->starts_with('.');
  made.domain = core::to_lower(std::string_view(*domain).substr(dotted ? 1 : 0));
  made.host_only = flag_of(*object, "hostOnly", !dotted);
  made.path = text_of(*object, "path").value_or("/");
  if (!made.path.starts_with('/')) made.path = "/";
  made.secure = flag_of(*object, "secure", false);
  made.http_only = flag_of(*object, "httpOnly", false);
  if (!take_expiry(*object, made))
    return bad_cookie(where, "its expiry must be a number of seconds since 1970");
  if (auto why = cookie_defect(made); !why.empty()) return bad_cookie(where, why);
  return made;
}

}  // namespace

result<std::vector<cookie>> parse_cookie_json(std::string_view text, std::string_view shown) {
  auto document = parse_json(text, shown);
  if (!document) return document.error();
  const json::value* list = &*document;
  if (const json::object* object = list->if_object()) {
    list = object->if_contains("cookies");
    if (list == nullptr) list = object->if_contains("value");  // the answer of WebDriver itself
  }
  if (list == nullptr || !list->is_array())
    return make_failure(errc::config,
                        fmt::format("cookie file {}: a JSON array of cookies was expected, or an object with "
                                    "an array \"cookies\"",
                                    shown));
  std::vector<cookie> cookies;
  for (const json::value& entry : list->get_array()) {
    auto made = read_cookie(entry, {text, shown, cookies.size() + 1});
    if (!made) return made.error();
    cookies.push_back(std::move(*made));
  }
  return cookies;
}

std::optional<std::chrono::system_clock::time_point> cookie_expiry(double seconds) {
  if (!(seconds > 0)) return std::nullopt;
  // The clock ends in 2262.
  constexpr double latest = 9.0e9;
  return std::chrono::system_clock::time_point(
      std::chrono::seconds(static_cast<std::int64_t>(std::floor(std::min(seconds, latest)))));
}

std::string cookie_defect(const cookie& c) {
  if (c.name.empty()) return "it has no name";
  if (c.domain.empty()) return "it has no domain";
  if (!is_sendable_cookie(c.name, c.value))
    return "its name or value holds a character that cannot be sent (a control character or ';')";
  const auto forbidden = [](char ch) { return core::is_control(ch) || ch == ' '; };
  // In a cookies.txt a line that begins with `#` is a comment, and a dot in front is no part of the domain.
  if (c.domain.starts_with('.') || c.domain.starts_with('#') ||
      std::any_of(c.domain.begin(), c.domain.end(), forbidden))
    return "its domain is no host name";
  if (std::any_of(c.path.begin(), c.path.end(), core::is_control))
    return "its path holds a control character";
  if (c.name.size() + c.value.size() > max_cookie_bytes)
    return fmt::format("it is longer than {} bytes", max_cookie_bytes);
  return {};
}

}  // namespace pofetch::http
