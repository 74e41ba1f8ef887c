#include "sources/coupa_api/coupa_api.hpp"

#include "core/ascii.hpp"
#include "core/percent.hpp"
#include "core/po_number.hpp"
#include "core/status_failure.hpp"
#include "sources/coupa_api/api_facts.hpp"
#include "sources/html/page_text.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace pofetch::sources {

namespace json = boost::json;

namespace {

/// What an order must say; the rest of its answer is large.
constexpr std::string_view order_fields =
    R"(["id","po-number","status","supplier","updated-at","order-lines","requisition-header"])";

/// The forms of its number, in the order in which they are tried: the digits alone, without leading zeros,
/// then with a prefix. (The pages take the digits for a number, whatever zeros there are.)
std::vector<std::string> forms_of(const purchase_order& po) {
  std::vector<std::string> forms{po.number};
  if (po.number.starts_with('0')) forms.emplace_back(core::without_leading_zeros(po.number));
  for (const std::string_view prefix : {"PO", "PM"}) {
    if (po.prefix.empty() || po.prefix == prefix) forms.push_back(std::string(prefix) + po.number);
  }
  return forms;
}

failure no_such_order(const purchase_order& po, const api_query& asked) {
  failure made = make_failure(
      errc::not_found, fmt::format("{}: the REST API knows no such purchase order, or this user may not see "
                                   "it (PO {})",
                                   asked.label, po.number));
  made.http_status = 404;
  return made;
}

}  // namespace

coupa_api::coupa_api(transport& http, clock& time, api_client_options options, progress& events)
    : api_(http, time, std::move(options), events), root_(api_root(api_.base_url())) {}

awaitable<result<discovery>> coupa_api::discover(const purchase_order& po) {
  auto order = co_await find_order(po);
  if (!order) co_return order.error();
  // What changes from here on has another time of change than the one that is read here.
  const auto time = api_.server_time();
  const api_order_facts facts = read_order(*order);
  const std::string address = fmt::format("{}/purchase_orders/{}", root_, facts.id);
  discovery_union all(address, facts.supplier);
  const api_query own{fmt::format("PO {}", po.number), address + "/attachments", order_scope};
  auto read = co_await add_list(own, all);
  if (!read) co_return read.error();
  const std::string alone = root_ + "/attachments";
  for (const json::value* const each : line_attachments(*order)) add(*each, own, alone, all);
  for (const std::string& id : facts.requisitions) {
    const api_query linked{fmt::format("PO {}, requisition {}", po.number, id),
                           fmt::format("{}/requisitions/{}/attachments", root_, id), requisition_scope};
    auto more = co_await add_list(linked, all);
    if (!more) co_return more.error();
  }
  if (facts.odd_requisition)
    all.note(make_failure(
        errc::unexpected_content,
        fmt::format("PO {}: the REST API names a requisition without an id that is understood", po.number)));
  if (facts.too_many_requisitions)
    all.note(make_failure(errc::too_large,
                          fmt::format("PO {}: it names more than {} requisitions; the rest is left out",
                                      po.number, most_api_requisitions)));
  discovery found = all.finish();
  found.updated_at = facts.updated_at;
  found.time = time;
  co_return found;
}

awaitable<result<json::object>> coupa_api::find_order(const purchase_order& po) {
  if (!core::all_digits(po.number))
    co_return make_failure(errc::input,
                           "The number of a purchase order in Coupa is digits, optionally after PO or PM.");
  const std::vector<std::string> forms = forms_of(po);
  std::optional<failure> first;
  for (const std::string& form : forms) {
    auto found = co_await ask_for(po, form);
    if (found || !core::is_plain_missing(found.error())) co_return found;
    if (!first) first = found.error();
  }
  co_return *first;
}

awaitable<result<json::object>> coupa_api::ask_for(const purchase_order& po, const std::string& number) {
  const api_query asked{
      fmt::format("PO {}", po.number),
      fmt::format("{}/purchase_orders?po-number={}&fields={}&limit={}", root_, core::encode_component(number),
                  core::encode_component(order_fields), api_client::page_size),
      order_scope};
  auto answer = co_await api_.get(asked);
  if (!answer) co_return answer.error();
  json::array* const orders = answer->if_array();
  if (orders == nullptr) co_return wrong_shape(asked, "a list of purchase orders");
  if (orders->empty()) co_return no_such_order(po, asked);
  json::object* wanted = nullptr;
  std::string came;
  for (auto& each : *orders) {
    json::object* const one = each.if_object();
    if (one == nullptr) co_return wrong_shape(asked, "a list of purchase orders");
    const api_order_facts facts = read_order(*one);
    if (came.empty()) came = facts.number.empty() ? "one without a number" : "PO " + facts.number;
    if (!is_wanted_number(facts.number, po, number)) continue;
    if (facts.id.empty()) co_return wrong_shape(asked, "an order with a numeric id");
    if (wanted != nullptr)
      co_return make_failure(
          errc::unexpected_content,
          fmt::format("PO {}: the REST API knows several orders of this number", po.number));
    wanted = one;
  }
  if (wanted == nullptr)
    co_return make_failure(
        errc::unexpected_content,
        fmt::format("PO {}: this order was asked for, but the REST API answered with another: {}", po.number,
                    quote_for_message(came)));
  co_return std::move(*wanted);
}

/// A list that cannot be read is noted; only a refused sign-in ends the whole.
awaitable<result<void>> coupa_api::add_list(const api_query& asked, discovery_union& into) {
  const api_client::visitor visit = [&](const json::value& element) {
    return add(element, asked, asked.url, into);
  };
  auto read = co_await api_.list(asked, visit);
  if (read) co_return read;
  if (read.error().code == errc::session_expired) co_return read;
  into.note(read.error());
  co_return result<void>{};
}

/// Was it new?
bool coupa_api::add(const json::value& from, const api_query& where, const std::string& address,
                    discovery_union& into) const {
  auto found = read_api_attachment(from, address, api_.base_url());
  if (found) return into.add(std::move(found->what), std::move(found->note));
  const failure why =
      make_failure(errc::unexpected_content,
                   fmt::format("{}: the REST API lists an attachment of a form that is not understood{}",
                               where.label, shown_attachment(from)));
  into.note(why);
  return false;
}

bool coupa_api::is_sign_in_url(std::string_view /*url*/) const { return false; }

bool coupa_api::looks_like_sign_in(std::string_view /*url*/) const { return false; }

bool coupa_api::asks_to_sign_in(const http_response& head, std::string_view /*first_bytes*/,
                                bool /*page_expected*/) const {
  return head.status == 401 && is_api_address(head.url, api_.base_url());
}

}  // namespace pofetch::sources
