#include "coupa-sim/route.hpp"

#include "coupa-sim/names.hpp"

#include <array>
#include <charconv>

namespace coupa_sim {
namespace {

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// Digits after `start`, up to the end or a slash; what follows the slash is `rest`.
bool number_after(std::string_view path, std::string_view start, std::uint64_t& number,
                  std::string_view& rest) {
  if (!starts_with(path, start)) return false;
  const std::string_view tail = path.substr(start.size());
  const auto slash = tail.find('/');
  rest = slash == std::string_view::npos ? std::string_view() : tail.substr(slash + 1);
  return parse_digits(tail.substr(0, slash), number);
}

bool find_order(route& found) {
  constexpr std::string_view start = "/order_headers/";
  if (!starts_with(found.path, start)) return false;
  std::string_view tail = found.path.substr(start.size());
  const auto digits = tail.find_first_of("0123456789");
  if (digits == std::string_view::npos) return false;
  found.prefix = tail.substr(0, digits);
  if (!parse_digits(tail.substr(digits), found.number)) return false;
  found.where = place::order;
  found.kind = request_kind::page;
  found.po = found.number;
  return true;
}

bool find_file(route& found) {
  std::string_view rest;
  const bool hit =
      number_after(found.path, "/attachment/attachment_file/type/", found.number, rest) ||
      number_after(found.path, "/files/", found.number, rest) ||
      number_after(found.path, "/download/file/", found.number, rest) ||
      (number_after(found.path, "/attachments/", found.number, rest) && rest == "download") ||
      (found.path == "/api/blob/download" && parse_digits(query_value(found.query, "id"), found.number));
  if (!hit) return false;
  found.where = place::file;
  found.kind = request_kind::download;
  found.po = found.number / 1000;
  return true;
}

/// A single attachment is a download, everything else of the API a look-up.
bool find_api(route& found) {
  if (!starts_with(found.path, "/api/")) return false;
  found.where = place::api;
  found.kind = request_kind::api;
  constexpr std::string_view attachments = "/attachments/";
  const auto at = found.path.find(attachments);
  std::string_view rest;
  if (at == std::string_view::npos || !number_after(found.path.substr(at), attachments, found.number, rest))
    return true;
  found.kind = request_kind::download;
  found.po = found.number / 1000;
  return true;
}

struct fixed_route {
  std::string_view path;
  place where;
  request_kind kind;
};

constexpr std::array<fixed_route, 8> fixed{{
    {"/", place::home, request_kind::other},
    {"/order_headers", place::orders, request_kind::other},
    {"/requisition_headers/new", place::new_requisition, request_kind::other},
    {"/sessions/new", place::sign_in_form, request_kind::sign_in},
    {"/sessions", place::sessions, request_kind::sign_in},
    {"/sso", place::sso, request_kind::sign_in},
    {"/sessions/sso", place::sso_back, request_kind::sign_in},
    {"/oauth2/token", place::token, request_kind::sign_in},
}};

}  // namespace

route find_route(std::string_view target) {
  route found;
  const auto question = target.find('?');
  found.path = target.substr(0, question);
  if (question != std::string_view::npos) found.query = target.substr(question + 1);
  for (const fixed_route& one : fixed) {
    if (found.path != one.path) continue;
    found.where = one.where;
    found.kind = one.kind;
    return found;
  }
  if (find_order(found) || find_file(found) || find_api(found)) return found;
  std::string_view rest;
  if (starts_with(found.path, "/_sim/")) {
    found.where = place::control;
    found.kind = request_kind::control;
  } else if (number_after(found.path, "/requisition_headers/", found.number, rest) && rest.empty()) {
    found.where = place::requisition;
    found.kind = request_kind::requisition;
    found.po = found.number / 10;
  } else if (number_after(found.path, "/storage/", found.number, rest)) {
    found.where = place::storage;
    found.kind = request_kind::storage;
    found.po = found.number / 1000;
  } else if (number_after(found.path, "/attachments/", found.number, rest) && rest.empty()) {
    found.where = place::show;
    found.po = found.number / 1000;
  }
  return found;
}

std::string query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto ampersand = query.find('&');
    const std::string_view field = query.substr(0, ampersand);
    const auto equals = field.find('=');
    if (equals != std::string_view::npos && field.substr(0, equals) == name) {
      return percent_decode(field.substr(equals + 1), true);
    }
    if (ampersand == std::string_view::npos) break;
    query.remove_prefix(ampersand + 1);
  }
  return {};
}

bool parse_digits(std::string_view text, std::uint64_t& out) {
  const char* const end = text.data() + text.size();
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  const auto [stop, error] = std::from_chars(text.data(), end, out);
  return error == std::errc{} && stop == end;
}

}  // namespace coupa_sim
