#include "service/server/heads/request_head.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace pofetch::service {

namespace {

using core::iequals;

constexpr std::array<std::string_view, 7> known_methods{"GET",   "HEAD",   "POST",   "PUT",
                                                        "PATCH", "DELETE", "OPTIONS"};
/// Two of these mean that two programs may each follow another one.
constexpr std::array<std::string_view, 16> single_fields{
    "host",   "content-length", "content-type",   "authorization",    "origin",        "sec-fetch-site",
    "expect", "range",          "if-range",       "if-match",         "if-none-match", "idempotency-key",
    "te",     "last-event-id",  "content-digest", "transfer-encoding"};

bool is_token_char(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return core::is_alnum(c) || others.find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}
bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

std::optional<head_refusal> bad(std::string detail) { return head_refusal{"bad-request", std::move(detail)}; }

/// Beyond origin form: what stands before the path must be the host that Host names (RFC 9112 3.2.2).
std::optional<head_refusal> settle_target(request_head& head) {
  if (head.target.front() == '/' || (head.target == "*" && head.method == "OPTIONS")) return std::nullopt;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!core::istarts_with(head.target, scheme)) continue;
    const std::string_view rest = std::string_view(head.target).substr(scheme.size());
    const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
    if (!iequals(rest.substr(0, end), head.value("host")))
      return bad("The address and Host name different hosts.");
    const std::string_view path = rest.substr(end);
    head.target = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
    return std::nullopt;
  }
  return bad("The address in the first line must begin with a slash.");
}

std::optional<head_refusal> read_first_line(std::string_view line, request_head& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return bad("The first line is no request line.");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (target.empty() || !std::all_of(target.begin(), target.end(), is_visible))
    return bad("The address in the first line holds a space, a control character or a byte beyond ASCII.");
  if (!is_token(method)) return bad("The method is no token.");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    if (version.starts_with("HTTP/") && version.size() > 5 && core::is_digit(version[5]))
      return head_refusal{"version-not-supported", "This service speaks HTTP/1.1."};
    return bad("The first line does not end in a version of HTTP.");
  }
  if (!core::is_one_of(method, known_methods))
    return head_refusal{"not-implemented", "The method is not known here."};
  head.method = method;
  head.target = target;
  head.http_1_0 = version == "HTTP/1.0";
  return std::nullopt;
}

std::optional<head_refusal> read_field(std::string_view line, request_head& head) {
  if (line.front() == ' ' || line.front() == '\t') return bad("A field is folded over several lines.");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return bad("A line of the head is no field.");
  std::string_view value = line.substr(colon + 1);
  constexpr std::string_view blanks = " \t";
  value.remove_prefix(std::min(value.find_first_not_of(blanks), value.size()));
  if (!value.empty()) value = value.substr(0, value.find_last_not_of(blanks) + 1);
  if (std::any_of(value.begin(), value.end(), [](char c) { return core::is_control(c) && c != '\t'; }))
    return bad("The value of a field holds a control character.");
  std::string name = core::to_lower(line.substr(0, colon));
  if (core::is_one_of(name, single_fields) && head.find(name) != nullptr)
    return bad("The field " + name + " is there twice.");
  if (head.fields.size() == max_head_fields)
    return head_refusal{"head-too-large", "A head may have 64 fields."};
  head.fields.emplace_back(std::move(name), value);
  return std::nullopt;
}

std::optional<head_refusal> settle_framing(request_head& head) {
  const std::string* const coding = head.find("transfer-encoding");
  const std::string* const length = head.find("content-length");
  if (coding != nullptr) {
    if (head.http_1_0) return bad("HTTP/1.0 knows no Transfer-Encoding.");
    if (length != nullptr) return bad("Transfer-Encoding and Content-Length contradict each other.");
    if (!iequals(*coding, "chunked")) return bad("The only Transfer-Encoding that is understood is chunked.");
    head.framing = body_framing::chunked;
  } else if (length != nullptr) {
    const auto count = core::parse_unsigned(*length);
    if (!count) return bad("Content-Length is no number.");
    head.length = *count;
    head.framing = *count == 0 ? body_framing::none : body_framing::length;
  }
  return std::nullopt;
}

bool lists_word(std::string_view value, std::string_view word) {
  for (const std::string_view each : core::split(value, ','))
    if (iequals(core::trim(each), word)) return true;
  return false;
}

bool lists_tokens(std::string_view value) {
  for (const std::string_view each : core::split(value, ','))
    if (const std::string_view word = core::trim(each); !word.empty() && !is_token(word)) return false;
  return true;
}

std::optional<head_refusal> settle_rest(request_head& head) {
  if (head.find("host") == nullptr) return bad("The field Host is missing.");
  if (auto refused = settle_target(head)) return refused;
  if (auto refused = settle_framing(head)) return refused;
  if (head.find("trailer") != nullptr) return bad("Fields behind the body are not understood.");
  const std::string_view connection = head.value("connection");
  if (!lists_tokens(connection)) return bad("Connection is no list of words.");
  head.keep_alive = head.http_1_0 ? lists_word(connection, "keep-alive") : !lists_word(connection, "close");
  if (const std::string* const expect = head.find("expect")) {
    if (!iequals(*expect, "100-continue"))
      return head_refusal{"expectation-failed", "The only expectation that is understood is 100-continue."};
    head.expects_continue = !head.http_1_0 && head.framing != body_framing::none;
  }
  return std::nullopt;
}

}  // namespace

const std::string* request_head::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const auto& each) { return each.first == name; });
  return found == fields.end() ? nullptr : &found->second;
}

std::string_view request_head::value(std::string_view name) const noexcept {
  const std::string* const found = find(name);
  return found == nullptr ? std::string_view{} : std::string_view(*found);
}

head_reading read_head(std::string_view text) {
  head_reading made;
  std::optional<head_refusal> refused;
  bool first = true;
  while (!refused) {
    const std::size_t end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    if (end == std::string_view::npos || line.find_first_of("\r\n") != std::string_view::npos) {
      refused = bad("A line of the head does not end in CR LF.");
    } else if (line.empty()) {
      refused = first ? bad("The first line is empty.") : settle_rest(made.head);
      break;
    } else {
      refused = first ? read_first_line(line, made.head) : read_field(line, made.head);
      text.remove_prefix(end + 2);
    }
    first = false;
  }
  if (refused) made.refused = std::move(*refused);
  return made;
}

bool good_chunk_extension(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return core::is_control(c) && c != '\t'; });
}

}  // namespace pofetch::service
