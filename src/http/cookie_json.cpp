#include "http/cookie_json.hpp"

#include "core/ascii.hpp"
#include "core/idn.hpp"
#include "core/percent.hpp"
#include "core/url.hpp"
#include "http/cookie_date.hpp"
#include "http/json_spans.hpp"
#include "http/set_cookie.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace pofetch::http {

namespace {

namespace json = boost::json;
using names = std::array<std::string_view, 5>;

// What stands for what, the first that is there: WebDriver, browsers (their interface for extensions, their
// databases), extensions, and libraries of scripts. Compared without case, spaces and underscores.
constexpr names name_names{"name", "key", "nameraw"};  // `key`: tough-cookie; `... raw`: Cookie Quick Manager
constexpr names value_names{"value", "contentraw", "content"};
constexpr names domain_names{"domain", "hostkey", "hostraw", "host", "url"};
constexpr names path_names{"path", "pathraw"};
constexpr names secure_names{"secure", "issecure", "sendforraw"};
constexpr names http_only_names{"httponly", "ishttponly", "httponlyraw"};
constexpr names host_only_names{"hostonly", "thisdomainonlyraw"};
constexpr names end_names{"expirationdate", "expiry", "expiresraw", "expires", "expiresutc"};
constexpr names partition_names{"partitionkey", "topframesitekey", "firstpartydomain"};

std::string loose(std::string_view name) {
  std::string made = core::to_lower(name);
  std::erase_if(made, [](char c) { return c == ' ' || c == '_' || c == '-'; });
  return made;
}

/// Null if there is none.
json::value* find(json::object& object, const names& any_of) {
  for (const std::string_view wanted : any_of) {
    if (wanted.empty()) break;
    for (auto& each : object)
      if (loose(each.key()) == wanted) return &each.value();
  }
  return nullptr;
}

/// A text, or a number as one.
std::optional<std::string> as_text(const json::value* found) {
  if (found == nullptr) return std::nullopt;
  if (found->is_string()) return std::string(found->get_string());
  if (found->is_int64()) return std::to_string(found->get_int64());
  if (found->is_uint64()) return std::to_string(found->get_uint64());
  return std::nullopt;
}

std::string as_text(const json::value& found) { return as_text(&found).value_or(""); }

bool as_flag(const json::value* found, bool otherwise) {
  if (found == nullptr) return otherwise;
  if (found->is_bool()) return found->get_bool();
  const auto text = as_text(found);
  if (!text) return otherwise;
  if (core::iequals(*text, "true") || *text == "1") return true;
  return core::iequals(*text, "false") || *text == "0" ? false : otherwise;
}

/// False: there is an end that is not understood.
bool take_end(const json::value* found, cookie& out) {
  if (found == nullptr || found->is_null()) return true;
  if (found->is_double())
    out.expires = cookie_expiry(found->get_double());
  else if (const auto text = as_text(found))
    return take_cookie_end(*text, out.expires);
  else
    return found->is_bool();  // `false`: there is none
  return true;
}

/// `.acme.com`, or the address of a page there.
std::string domain_in(std::string_view text) {
  const auto lead = text.find("://");
  if (lead != std::string_view::npos) text.remove_prefix(lead + 3);
  text = text.substr(0, text.find_first_of("/?"));
  const bool v6 = text.starts_with('[');
  if (v6) return core::to_lower(text.substr(0, text.find(']'))).substr(1);
  return core::to_lower(text.substr(0, text.find(':')));
}

/// The host of a site as browsers write it down: `https://acme.com`, `(https,acme.com)`, an object with
/// `topLevelSite`. What cannot be told is a site of its own.
std::string partition_in(json::value* found) {
  if (found != nullptr && found->is_object())
    found = find(found->get_object(), {"toplevelsite", "sourceorigin"});
  if (found == nullptr || !found->is_string() || found->get_string().empty()) return {};
  const std::string text = core::decode_percent(std::string_view(found->get_string()));
  std::size_t at = text.find("://");
  at = at == std::string::npos ? text.find(',') : at + 2;
  std::string_view site = std::string_view(text).substr(at == std::string::npos ? 0 : at + 1);
  site = site.substr(0, site.find_first_of(",)/:^"));
  return site.empty() ? "?" : core::to_lower(site);
}

struct shown_text {
  std::string_view text;
  std::string_view shown;

  [[nodiscard]] std::string place(std::size_t at, std::size_t number) const {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    return fmt::format("line {}, cookie {}", line, number);
  }
};

result<void> check_json(const shown_text& from) {
  boost::system::error_code error;
  json::stream_parser parser;
  const std::size_t used = parser.write_some(from.text.data(), from.text.size(), error);
  const std::string_view rest = from.text.substr(std::min(used, from.text.size()));
  if (!error && !core::trim(rest).empty()) error = json::error::extra_data;
  if (!error) parser.finish(error);
  if (!error) return {};
  const auto line =
      1 + std::count(from.text.begin(), from.text.end() - static_cast<std::ptrdiff_t>(rest.size()), '\n');
  return make_failure(errc::config, fmt::format("cookie file {}, line {}: this is not JSON ({})", from.shown,
                                                line, error.message()));
}

void read_members(json::object& object, cookie_entry& into) {
  const auto domain = as_text(find(object, domain_names));
  if (domain) {
    const std::string host = domain_in(*domain);
    const bool dotted = host.starts_with('.');
    into.what.domain = core::ascii_host(std::string_view(host).substr(dotted ? 1 : 0));
    into.what.host_only = as_flag(find(object, host_only_names), !dotted);
  }
  const auto name = as_text(find(object, name_names));
  const auto value = as_text(find(object, value_names));
  into.broken = !name || !value || !domain;
  if (into.broken) {
    into.defect = "it must have \"name\", \"value\" and \"domain\", each a text";
    return;
  }
  into.what.name = *name;
  into.what.value = *value;
  into.what.path = as_text(find(object, path_names)).value_or("/");
  if (!into.what.path.starts_with('/')) into.what.path = "/";
  into.what.secure = as_flag(find(object, secure_names), false);
  into.what.http_only = as_flag(find(object, http_only_names), false);
  into.partition = partition_in(find(object, partition_names));
  into.broken = !take_end(find(object, end_names), into.what);
  into.defect =
      into.broken ? "its expiry must be a number of seconds since 1970, or a date" : cookie_defect(into.what);
}

cookie_entry read_element(const shown_text& from, text_span where, std::size_t number) {
  cookie_entry made;
  made.begin = where.begin;
  made.end = where.end;
  made.place = from.place(where.begin, number);
  json::value element = json::parse(where.of(from.text));
  if (json::object* const object = element.if_object()) {
    read_members(*object, made);
  } else {
    made.broken = true;
    made.defect = "an object was expected";
  }
  return made;
}

std::optional<text_span> find_list(std::string_view text, text_span where, bool deeper = true) {
  if (text[where.begin] == '[') return where;
  if (text[where.begin] != '{') return std::nullopt;
  for (const std::string_view name : {"cookies", "value"}) {  // `value`: the answer of WebDriver itself
    const auto found = json_member_named(text, where, name);
    if (found && text[found->begin] == '[') return found;
  }
  const auto result = json_member_named(text, where, "result");  // the protocol of Chromium's developer tools
  return result && deeper ? find_list(text, *result, false) : std::nullopt;
}

/// `{"name": ..., "value": ..., "domain": ...}`: one cookie alone, whose members are no cookies.
bool is_one_cookie(std::string_view text, text_span where) {
  return json_member_named(text, where, "name") && json_member_named(text, where, "value") &&
         json_member_named(text, where, "domain");
}

/// Nothing if not every member is a text.
std::optional<cookie_listing> read_map(const shown_text& from, text_span where, std::string_view host) {
  cookie_listing made;
  made.form = cookie_form::json_map;
  if (host.empty() || from.text[where.begin] != '{' || is_one_cookie(from.text, where)) return std::nullopt;
  for (const json_member& each : json_members(from.text, where)) {
    if (from.text[each.value.begin] != '"') return std::nullopt;
    cookie_entry next;
    next.begin = each.name.begin;
    next.end = each.value.end;
    next.place = from.place(each.name.begin, made.entries.size() + 1);
    next.what.name = as_text(json::parse(each.name.of(from.text)));
    next.what.value = as_text(json::parse(each.value.of(from.text)));
    next.what.domain = core::ascii_host(host);
    next.defect = cookie_defect(next.what);
    made.entries.push_back(std::move(next));
  }
  if (made.entries.empty()) return std::nullopt;
  return made;
}

/// `2027-01-31T12:00:00Z`
std::string iso_date(std::int64_t seconds) {
  const std::chrono::sys_seconds when{std::chrono::seconds{seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{when - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

/// In the form in which the old one was written.
json::value end_like(const json::value& old, std::int64_t seconds) {
  if (old.is_string()) {
    const std::string_view text = old.get_string();
    const bool number =
        text.find_first_not_of("0123456789.-") == std::string_view::npos && text.rfind('-') == 0;
    const bool digits = text.find_first_not_of("0123456789.") == std::string_view::npos;
    return json::value(number || digits ? std::to_string(seconds) : iso_date(seconds));
  }
  double before = 0;
  if (old.is_double()) before = old.get_double();
  if (old.is_int64()) before = static_cast<double>(old.get_int64());
  return json::value(cookie_number(seconds, before));
}

void set_end(json::object& object, const cookie& now) {
  json::value* const old = find(object, end_names);
  const auto since = now.expires.value_or(std::chrono::system_clock::time_point{}).time_since_epoch();
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(since).count();
  if (old == nullptr) {
    if (now.expires) object["expirationDate"] = seconds;
  } else if (now.expires) {
    *old = end_like(*old, seconds);
  } else {
    *old = old->is_string() ? json::value("") : json::value(-1);
  }
  if (json::value* const session = find(object, {"session"})) *session = !now.expires;
}

void set_flag(json::object& object, const names& any_of, bool now) {
  json::value* const old = find(object, any_of);
  if (old == nullptr || as_flag(old, !now) == now) return;
  if (old->is_string())
    *old = now ? "true" : "false";
  else if (old->is_bool())
    *old = now;
  else
    *old = now ? 1 : 0;
}

}  // namespace

result<cookie_listing> list_json_cookies(std::string_view text, std::string_view shown,
                                         std::string_view host) {
  const shown_text from{text, shown};
  if (auto good = check_json(from); !good) return good.error();
  const text_span whole = json_value_at(text, 0);
  const auto list = find_list(text, whole);
  if (!list) {
    if (auto map = read_map(from, whole, host)) return *std::move(map);
    return make_failure(errc::config,
                        fmt::format("cookie file {}: a JSON array of cookies was expected, or an object with "
                                    "an array \"cookies\"",
                                    shown));
  }
  cookie_listing made;
  made.form = cookie_form::json_list;
  made.open = list->begin + 1;
  for (const text_span& each : json_elements(text, *list))
    made.entries.push_back(read_element(from, each, made.entries.size() + 1));
  return made;
}

std::string renewed_json_cookie(std::string_view old, const cookie& now) {
  json::value element = json::parse(old);
  json::object& object = element.as_object();
  if (json::value* const value = find(object, value_names)) *value = now.value;
  cookie before;
  if (!take_end(find(object, end_names), before) || before.expires != now.expires) set_end(object, now);
  set_flag(object, secure_names, now.secure);
  set_flag(object, http_only_names, now.http_only);
  return json::serialize(element);
}

std::string new_json_cookie(std::string_view like, const cookie& made) {
  json::object object{
      {"name", made.name}, {"value", made.value},   {"domain", (made.host_only ? "" : ".") + made.domain},
      {"path", made.path}, {"secure", made.secure}, {"httpOnly", made.http_only}};
  json::object sibling;
  if (!like.empty())
    if (json::value known = json::parse(like); known.is_object()) sibling = known.get_object();
  // What the reader of the file may insist on.
  for (const std::string_view name : {"sameSite", "storeId", "session"})
    if (const json::value* const known = sibling.if_contains(name)) object[name] = *known;
  for (const std::string_view name : {"expirationDate", "expiry", "expires"})
    if (sibling.contains(name)) object[name] = -1;
  if (sibling.contains("hostOnly")) object["hostOnly"] = made.host_only;
  set_end(object, made);
  return json::serialize(object);
}

std::string json_pair(const cookie& made) {
  return json::serialize(json::string(made.name)) + ": " + json::serialize(json::string(made.value));
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
