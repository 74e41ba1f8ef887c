// What webhooks were told, and what became of it.
#include "core/timestamp.hpp"
#include "core/unicode.hpp"
#include "service/routes/api.hpp"

#include <boost/json.hpp>

namespace pofetch::service {

namespace json = boost::json;

namespace {

json::object delivery_json(const delivery& one) {
  json::object made{{"id", one.id},
                    {"webhook", one.webhook},
                    {"type", one.type},
                    {"batch", one.batch},
                    {"state", std::string(to_string(one.state))},
                    {"tries", one.tries},
                    {"last_status", nullptr},
                    {"last_error", nullptr},
                    {"created_at", core::rfc3339(one.created_at)},
                    {"next_try_at", nullptr},
                    {"finished_at", nullptr}};
  if (one.last_status != 0) made["last_status"] = one.last_status;
  if (!one.last_error.empty()) made["last_error"] = core::to_utf8(one.last_error);
  if (one.state == delivery_state::pending) made["next_try_at"] = core::rfc3339(one.next_try_at);
  if (one.finished_at) made["finished_at"] = core::rfc3339(*one.finished_at);
  return made;
}

}  // namespace

awaitable<reply> api::list_deliveries(request& asked) {
  query_reader query(asked, {"webhook", "state", "limit", "cursor"});
  delivery_filter filter;
  filter.limit = query.limit();
  filter.before = query.place();
  filter.webhook = query.text("webhook");
  filter.state = read_delivery_state(query.text("state"));
  if (query.has("state") && !filter.state) query.wrong("state", "expected pending, delivered or failed");
  if (query.refused()) co_return refuse(*query.refused());
  const auto found = co_await desk_.find_deliveries(filter);
  if (!found) co_return storage_reply(found.error());
  json::array items;
  for (const delivery& each : *found) items.push_back(delivery_json(each));
  const bool more = found->size() == filter.limit;
  const std::string next = more ? found->back().id : std::string();
  co_return page_reply(asked, query, std::move(items), next);
}

}  // namespace pofetch::service
