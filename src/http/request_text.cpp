#include "http/request_text.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace pofetch::http {

namespace {

bool is_token(std::string_view text) {
  const auto allowed = [](char c) {
    return core::is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

/// Fields that decide where a message ends, whose it is, or what becomes of the connection.
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 12> reserved{
      "host",    "cookie",  "content-length", "transfer-encoding",   "connection",      "keep-alive", "te",
      "trailer", "upgrade", "expect",         "proxy-authorization", "proxy-connection"};
  return std::any_of(reserved.begin(), reserved.end(),
                     [name](std::string_view each) { return core::iequals(name, each); });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

std::string printable(std::string_view text) {
  std::string shown(text.substr(0, 60));
  std::replace_if(shown.begin(), shown.end(), core::is_control, '?');
  return shown;
}

}  // namespace

result<void> check_fields(std::span<const http_field> fields) {
  for (const http_field& field : fields) {
    if (!is_token(field.name))
      return make_failure(errc::config,
                          fmt::format("\"{}\" cannot be the name of a header field", printable(field.name)));
    if (is_reserved(field.name))
      return make_failure(
          errc::config, fmt::format("the header field {} cannot be set: pofetch sets it itself", field.name));
    const auto forbidden = [](char c) { return core::is_control(c) && c != '\t'; };
    if (std::any_of(field.value.begin(), field.value.end(), forbidden))
      return make_failure(errc::config,
                          fmt::format("the value of header field {} holds a line break or another control "
                                      "character",
                                      field.name));
  }
  return {};
}

result<void> check_method(std::string_view method) {
  if (is_token(method) && method != "CONNECT") return {};
  return make_failure(errc::config, fmt::format("\"{}\" is no usable request method", printable(method)));
}

void write_head(std::string& out, const request_head& head) {
  out.clear();
  out += head.method;
  out += ' ';
  out += head.target;
  out += " HTTP/1.1\r\n";
  append_field(out, "Host", head.host);
  const auto given = [&head](std::string_view name) {
    return find_field(head.fields, name) != nullptr || find_field(head.own_fields, name) != nullptr;
  };
  if (!given("User-Agent")) append_field(out, "User-Agent", head.user_agent);
  if (!given("Accept")) append_field(out, "Accept", "*/*");
  if (!given("Accept-Encoding")) append_field(out, "Accept-Encoding", head.accept_encoding);
  for (const http_field& field : head.fields) {
    if (head.elsewhere && core::iequals(field.name, "Authorization")) continue;
    append_field(out, field.name, field.value);
  }
  for (const http_field& field : head.own_fields) append_field(out, field.name, field.value);
}

void finish_head(std::string& out, std::string_view method, std::string_view body) {
  const bool announces = method == "POST" || method == "PUT" || method == "PATCH";
  if (announces || !body.empty()) append_field(out, "Content-Length", std::to_string(body.size()));
  out += "\r\n";
  out += body;
}

void finish_head_of_upload(std::string& out, std::uint64_t size) {
  append_field(out, "Content-Length", std::to_string(size));
  out += "Expect: 100-continue\r\n\r\n";
}

const http_field* find_field(std::span<const http_field> fields, std::string_view name) noexcept {
  const auto place = std::find_if(fields.begin(), fields.end(),
                                  [name](const http_field& f) { return core::iequals(f.name, name); });
  return place == fields.end() ? nullptr : &*place;
}

}  // namespace pofetch::http
