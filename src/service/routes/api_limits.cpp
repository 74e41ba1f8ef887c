// How the service is doing, and what may be done at a time.
#include "service/batches/batch_request.hpp"
#include "service/metrics/gzip.hpp"
#include "service/metrics/service_metrics.hpp"
#include "service/routes/api.hpp"
#include "service/routes/limits_patch.hpp"

#include <boost/json.hpp>

#include <cmath>
#include <cstdint>
#include <utility>

namespace pofetch::service {

namespace json = boost::json;

namespace {

/// Whole numbers without an exponent.
json::value plain_number(double value) {
  constexpr double most = 1e15;
  if (value == std::floor(value) && std::abs(value) < most) return static_cast<std::int64_t>(value);
  return value;
}

json::object limits_json(const batch_desk::limits& now) {
  json::object profiles;
  for (const auto& [name, most] : now.profiles)
    profiles[name] = json::object{{"requests_per_second", plain_number(most.requests_per_second)},
                                  {"max_connections", most.max_connections}};
  return {{"max_running", now.max_running}, {"profiles", std::move(profiles)}};
}

}  // namespace

awaitable<reply> api::metrics(request& asked) {
  const query_reader query(asked, {});
  if (query.refused()) co_return refuse(*query.refused());
  service_state now;
  desk_.describe(now);
  now.connections = core_.all_clients();
  now.streams = core_.streams;
  now.disk_free = folder_.free_bytes();
  now.disk_size = folder_.size_bytes();
  reply made;
  made.type = "text/plain; version=0.0.4; charset=utf-8";
  made.body = core_.metrics->text(now);
  made.fields.emplace_back("Vary", "Accept-Encoding");
  if (takes_gzip(asked.head.value("accept-encoding"))) {
    made.body = gzip(made.body);
    made.fields.emplace_back("Content-Encoding", "gzip");
  }
  co_return made;
}

awaitable<reply> api::list_hosts(request& asked) {
  query_reader query(asked, {"limit", "cursor"});
  const std::size_t limit = query.limit();
  const std::string place = query.place();
  if (query.refused()) co_return refuse(*query.refused());
  std::map<std::string, asked_host> all;  // by what a page goes on from
  for (asked_host& each : desk_.runner().hosts()) {
    std::string key = each.now.host + " " + each.profiles.front();
    all.emplace(std::move(key), std::move(each));
  }
  json::array items;
  std::string last;
  auto at = all.upper_bound(place);
  for (; at != all.end() && items.size() < limit; ++at) {
    const asked_host& each = at->second;
    items.push_back(
        json::object{{"host", each.now.host},
                     {"profiles", json::array(each.profiles.begin(), each.profiles.end())},
                     {"in_flight", each.now.in_flight},
                     {"in_flight_limit", each.now.in_flight_limit},
                     {"requests_per_second", plain_number(each.now.requests_per_second)},
                     {"pause_seconds", plain_number(static_cast<double>(each.now.pause.count()) / 1000)}});
    last = at->first;
  }
  co_return page_reply(asked, query, std::move(items), at == all.end() ? std::string() : last);
}

awaitable<reply> api::patch_limits(request& asked) {
  json::object body;
  if (auto wrong = read_small_body(asked.body, "LimitsPatch", body)) co_return refuse(std::move(*wrong));
  batch_desk::limits wanted = desk_.limits_now();
  if (auto wrong = patch_limits_by(body, desk_.configured_limits(), wanted))
    co_return refuse(std::move(*wrong));
  desk_.change_limits(std::move(wanted));
  co_return json_reply(limits_json(desk_.limits_now()));
}

}  // namespace pofetch::service
