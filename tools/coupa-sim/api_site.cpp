#include "coupa-sim/api_site.hpp"

#include "coupa-sim/times.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace coupa_sim {

namespace json = boost::json;

namespace {

constexpr std::uint64_t most_at_once = 50;

site_reply as_json(unsigned status, const json::value& body) {
  site_reply reply;
  reply.status = status;
  reply.fields = "Content-Type: application/json; charset=utf-8\r\nCache-Control: no-store\r\n";
  reply.body = json::serialize(body);
  return reply;
}

site_reply errors(unsigned status, std::string_view text) {
  return as_json(status, json::object{{"errors", json::object{{"base", json::array{text}}}}});
}

site_reply token_error(std::string_view code) {
  return as_json(400, json::object{{"error", code}, {"error_description", "The token request was refused."}});
}

/// The page of a list that limit and offset name.
site_reply page_of(const json::array& all, std::string_view query) {
  std::uint64_t limit = most_at_once;
  std::uint64_t offset = 0;
  (void)parse_digits(query_value(query, "limit"), limit);
  (void)parse_digits(query_value(query, "offset"), offset);
  json::array page;
  for (std::uint64_t i = offset; i < all.size() && page.size() < std::min(limit, most_at_once); ++i)
    page.push_back(all[i]);
  return as_json(200, page);
}

/// Only the members that `fields=["id",...]` names; all without it.
json::object cut(json::object whole, std::string_view query) {
  const std::string fields = query_value(query, "fields");
  if (fields.empty()) return whole;
  json::error_code bad;
  const json::value wanted = json::parse(fields, bad);
  if (bad || !wanted.is_array()) return whole;
  json::object out;
  for (const json::value& name : wanted.get_array())
    if (name.is_string() && whole.contains(name.get_string()))
      out[name.get_string()] = whole[name.get_string()];
  return out;
}

bool wants_json(const site_request& request) {
  return request.accept.find("application/json") != std::string_view::npos;
}

/// `updated-at[gt]=...`, whose brackets may stand encoded; nothing if the query has no such field.
std::optional<std::string> operator_value(std::string_view query, const std::string& name,
                                          const std::string& operation) {
  for (const std::string& field :
       {name + '[' + operation + ']', name + "%5B" + operation + "%5D", name + "%5b" + operation + "%5d"}) {
    std::string value = query_value(query, field);
    if (!value.empty()) return value;
  }
  return std::nullopt;
}

/// What a query asks of a PO.
struct order_filter {
  explicit order_filter(std::string_view query)
      : number(query_value(query, "po-number")), status(query_value(query, "status")) {
    read_bounds(query, "created-at", created);
    read_bounds(query, "updated-at", updated);
  }

  struct bounds {
    std::optional<std::time_t> after;
    std::optional<std::time_t> before;
    [[nodiscard]] bool hold(std::time_t when) const {
      return (!after || when > *after) && (!before || when < *before);
    }
  };

  void read_bounds(std::string_view query, const std::string& name, bounds& into) {
    read_time(operator_value(query, name, "gt"), into.after);
    read_time(operator_value(query, name, "lt"), into.before);
  }
  void read_time(const std::optional<std::string>& text, std::optional<std::time_t>& into) {
    if (!text) return;
    into = parse_rfc3339(*text);
    malformed = malformed || !into;
  }
  /// Without looking at all of the PO.
  [[nodiscard]] bool in_time(const dataset& site, std::uint64_t po) const {
    return created.hold(site.created(po)) && updated.hold(site.updated(po));
  }
  [[nodiscard]] bool fits(const order_facts& order) const {
    if (order.kind == order_kind::missing || order.kind == order_kind::forbidden) return false;
    if (!number.empty() && number != api_po_number(order)) return false;
    return status.empty() || status == (order.number % 5 == 0 ? "closed" : "issued");
  }

  std::string number;
  std::string status;
  bounds created{};
  bounds updated{};
  bool malformed = false;
};

}  // namespace

/// `/api/purchase_orders/12/attachments/7` in pieces.
struct api_site::path {
  std::vector<std::string_view> parts;

  explicit path(std::string_view whole) {
    whole.remove_prefix(std::min(whole.size(), std::string_view("/api/").size()));
    for (;;) {
      const auto slash = whole.find('/');
      parts.push_back(whole.substr(0, slash));
      if (slash == std::string_view::npos) return;
      whole.remove_prefix(slash + 1);
    }
  }
  [[nodiscard]] std::string_view at(std::size_t i) const {
    return i < parts.size() ? parts[i] : std::string_view();
  }
  [[nodiscard]] std::uint64_t number(std::size_t i) const {
    std::uint64_t found = 0;
    return parse_digits(at(i), found) ? found : 0;
  }
};

api_site::api_site(const options& wanted, const dataset& data, token_book& tokens, stats& seen)
    : options_(wanted), data_(data), tokens_(tokens), stats_(seen), throttle_(wanted.api_rate) {}

bool api_site::throttled(site_reply& reply) {
  if (throttle_.admit()) return false;
  stats_.count(&stats_snapshot::throttled);
  reply = errors(429, "Too many requests");
  reply.fields += "Retry-After: 1\r\n";
  return true;
}

site_reply api_site::token(const site_request& request, const route&) {
  site_reply reply;
  if (throttled(reply)) return reply;
  if (request.method != "POST") return errors(404, "Not found");
  if (query_value(request.body, "grant_type") != "client_credentials")
    return token_error("unsupported_grant_type");
  if (query_value(request.body, "client_id") != token_book::client_id ||
      query_value(request.body, "client_secret") != tokens_.client_secret())
    return token_error("invalid_client");
  const std::string scopes = query_value(request.body, "scope");
  if (!token_book::knows_scopes(scopes)) return token_error("invalid_scope");
  stats_.count(&stats_snapshot::tokens);
  return as_json(200, json::object{{"access_token", tokens_.issue(scopes)},
                                   {"token_type", "bearer"},
                                   {"expires_in", tokens_.lifetime().count()},
                                   {"scope", scopes}});
}

/// What the caller may do; nothing: nobody that is known.
std::optional<std::string> api_site::scopes_of(const site_request& request) {
  if (!request.api_key.empty()) {
    if (request.api_key != tokens_.api_key()) return std::nullopt;
    return fmt::format("{} {}", token_book::order_scope, token_book::requisition_scope);
  }
  constexpr std::string_view lead = "Bearer ";
  if (request.authorization.substr(0, lead.size()) != lead) return std::nullopt;
  auto verdict = tokens_.check(request.authorization.substr(lead.size()));
  if (!verdict.alive) return std::nullopt;
  return std::move(verdict.scopes);
}

api_site::outcome api_site::answer(const site_request& request, const route& where) {
  outcome done;
  if (throttled(done.reply)) return done;
  const auto scopes = scopes_of(request);
  if (!scopes) {
    stats_.count(&stats_snapshot::unauthorized);
    done.reply = errors(401, "The access token is missing or has expired");
    return done;
  }
  const path wanted(where.path);
  const std::string_view resource = wanted.at(0);
  const bool order = has_scope(*scopes, token_book::order_scope);
  const bool requisition = has_scope(*scopes, token_book::requisition_scope);
  const bool allowed = resource == "requisitions"  ? requisition
                       : resource == "attachments" ? order || requisition
                                                   : order;
  if (!allowed)
    done.reply = errors(403, "The scope of the token does not allow this");
  else if (request.method != "GET" && request.method != "HEAD")
    done.reply = errors(405, "Only reading is possible here");
  else
    done = find(request, where, wanted);
  return done;
}

api_site::outcome api_site::find(const site_request& request, const route& where, const path& wanted) const {
  const std::string_view resource = wanted.at(0);
  const bool one_attachment = resource == "attachments" && wanted.parts.size() >= 2;
  const bool owned = resource == "purchase_orders" || resource == "requisitions";
  if (one_attachment) return attachment(request, wanted, std::string(wanted.at(1)));
  if (owned && wanted.at(2) == "attachments" && wanted.parts.size() == 4)
    return attachment(request, wanted, std::string(wanted.at(3)));
  outcome done;
  if (!wants_json(request)) {
    done.reply = errors(406, "Only application/json is served here");
  } else if (resource == "purchase_orders" && wanted.parts.size() == 1) {
    done.reply = orders(request, where.query);
  } else if (owned && wanted.at(2) == "attachments" && wanted.parts.size() == 3) {
    const auto all = attachments_of(wanted, place_of(request));
    done.reply = all ? page_of(*all, where.query) : errors(404, "Not found");
  } else {
    done.reply = errors(404, "Not found");
  }
  return done;
}

std::optional<json::array> api_site::attachments_of(const path& wanted, const api_place& where) const {
  if (wanted.at(0) == "requisitions") {
    const auto found = data_.requisition(wanted.number(1));
    if (!found || found->requisition.broken) return std::nullopt;
    return requisition_attachments(found->order, found->requisition, where);
  }
  const order_facts order = data_.order(api_number_of(data_, wanted.number(1)));
  if (order.kind == order_kind::missing || order.kind == order_kind::forbidden) return std::nullopt;
  return order_attachments(order, where);
}

api_site::outcome api_site::attachment(const site_request& request, const path& wanted,
                                       const std::string& id) const {
  outcome done;
  std::uint64_t number = 0;
  (void)parse_digits(id, number);
  if (number > first_note_id) {
    done.reply = errors(404, "This attachment does not have a file attached");
    return done;
  }
  const auto file = data_.file(number);
  if (!file || file->missing) {
    done.reply = errors(404, "Not found");
    return done;
  }
  if (wants_json(request) && wanted.parts.back() != "file") {
    done.reply = as_json(200, api_attachment(*file, place_of(request)));
    return done;
  }
  done.file = *file;
  return done;
}

site_reply api_site::orders(const site_request& request, std::string_view query) const {
  std::uint64_t limit = most_at_once;
  std::uint64_t offset = 0;
  (void)parse_digits(query_value(query, "limit"), limit);
  (void)parse_digits(query_value(query, "offset"), offset);
  limit = std::min(limit, most_at_once);
  const order_filter filter(query);
  if (filter.malformed) return errors(400, "A time is written as 2024-01-31T10:00:00+00:00");
  std::uint64_t first = data_.first();
  std::uint64_t last = data_.first() + data_.count();
  // One number is not searched for through all of a large site.
  std::string digits = filter.number;
  if (!digits.empty()) {
    digits.erase(0, std::min(digits.size(), digits.find_first_of("0123456789")));
    if (!parse_digits(digits, first)) first = last;
    last = std::min(last, first + 1);
  }
  json::array page;
  for (std::uint64_t number = first; number < last && page.size() < limit; ++number) {
    if (!filter.in_time(data_, number)) continue;
    const order_facts order = data_.order(number);
    if (!filter.fits(order)) continue;
    if (offset > 0)
      --offset;
    else
      page.push_back(cut(api_order(data_, order, place_of(request)), query));
  }
  return as_json(200, page);
}

api_place api_site::place_of(const site_request& request) const {
  return {options_.plain_http ? "http" : "https", std::string(request.host)};
}

}  // namespace coupa_sim
