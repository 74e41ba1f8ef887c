#include "coupa-sim/change_desk.hpp"

#include "coupa-sim/route.hpp"
#include "coupa-sim/times.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <functional>
#include <stdexcept>
#include <string>

namespace coupa_sim {
namespace {

namespace json = boost::json;

site_reply told(unsigned status, const json::object& body) {
  site_reply reply;
  reply.status = status;
  reply.fields = "Content-Type: application/json\r\n";
  reply.body = json::serialize(body) + '\n';
  return reply;
}

json::object file_json(const dataset& site, const file_facts& file) {
  return {{"po", file.po},
          {"ordinal", file.ordinal},
          {"id", file.id},
          {"requisition", file.owner},
          {"name", file.name},
          {"size", file.size},
          {"version", file.version},
          {"sha256", sha256_hex(site.content_of(file))},
          {"target", file.target},
          {"missing", file.missing},
          {"modified", rfc3339(file.modified)}};
}

json::object order_json(const dataset& site, std::uint64_t number) {
  const order_facts order = site.order(number);
  json::array files;
  for (const file_facts& file : order.files) files.push_back(file_json(site, file));
  return {{"po", number},
          {"status", expected_status(order)},
          {"updated_at", rfc3339(order.updated)},
          {"files", std::move(files)}};
}

/// A whole number of the body; what is not there is `fallback`.
std::uint64_t number_in(const json::object& body, std::string_view name, std::uint64_t fallback) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr) return fallback;
  json::error_code bad;
  const auto number = value->to_number<std::uint64_t>(bad);
  if (bad) throw std::invalid_argument(fmt::format("\"{}\" is a whole number", name));
  return number;
}

std::string text_in(const json::object& body, std::string_view name) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr) return {};
  if (!value->is_string()) throw std::invalid_argument(fmt::format("\"{}\" is a text", name));
  return std::string(value->get_string());
}

std::optional<std::uint64_t> size_in(const json::object& body) {
  if (!body.contains("size")) return std::nullopt;
  return number_in(body, "size", 0);
}

/// `id` names it, or `ordinal`; without either it is the PO's first.
std::uint64_t file_in(const json::object& body) {
  const std::uint64_t id = number_in(body, "id", 0);
  return id != 0 ? id : dataset::file_id(number_in(body, "po", 0), number_in(body, "ordinal", 0));
}

file_facts attach(dataset& site, const json::object& body) {
  new_file wanted;
  wanted.name = text_in(body, "name");
  wanted.size = size_in(body);
  wanted.owner = static_cast<unsigned>(number_in(body, "requisition", 0));
  return site.attach(number_in(body, "po", 0), wanted);
}

file_facts replace(dataset& site, const json::object& body) {
  return site.replace(file_in(body), size_in(body));
}

file_facts detach(dataset& site, const json::object& body) { return site.detach(file_in(body)); }

site_reply changed(dataset& site, const site_request& request,
                   const std::function<file_facts(dataset&, const json::object&)>& act) {
  try {
    const json::value body = json::parse(request.body);
    if (!body.is_object()) throw std::invalid_argument("the body is a JSON object");
    const file_facts file = act(site, body.get_object());
    json::object answer = file_json(site, file);
    answer["updated_at"] = rfc3339(site.updated(file.po));
    return told(200, answer);
  } catch (const std::out_of_range& problem) {
    return told(404, {{"error", problem.what()}});
  } catch (const std::exception& problem) {
    return told(400, {{"error", problem.what()}});
  }
}

}  // namespace

std::optional<site_reply> change_order(dataset& site, std::string_view what, std::string_view query,
                                       const site_request& request) {
  if (request.method == "GET") {
    std::uint64_t number = 0;
    if (what != "order" || !parse_digits(query_value(query, "po"), number)) return std::nullopt;
    return told(200, order_json(site, number));
  }
  if (request.method != "POST") return std::nullopt;
  if (what == "attach") return changed(site, request, attach);
  if (what == "replace") return changed(site, request, replace);
  if (what == "detach") return changed(site, request, detach);
  return std::nullopt;
}

}  // namespace coupa_sim
