// What the service is and does just now, and what its caller may do.
#include "core/timestamp.hpp"
#include "service/routes/api.hpp"

#include <pofetch/version.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace pofetch::service {

namespace json = boost::json;

namespace {

/// Without tokens: everything.
json::array scopes_of(const token* who) {
  json::array made;
  for (const scope each : {scope::read, scope::submit, scope::metrics, scope::admin})
    if (who == nullptr || allows(*who, each)) made.emplace_back(std::string(to_string(each)));
  return made;
}

/// batches, oldest_queued_at, bytes_per_second.
void add_work(const batch_desk& desk, json::object& into) {
  json::object counts;
  for (auto state = batch_state::queued; state <= batch_state::cancelled;
       state = static_cast<batch_state>(static_cast<int>(state) + 1))
    counts[std::string(to_string(state))] = 0;
  std::optional<batch_record::time_point> oldest;
  double speed = 0;
  for (const auto& [id, each] : desk.all()) {
    const batch_record& record = each->record;
    json::value& count = counts[std::string(to_string(record.state))];
    count = count.as_int64() + 1;
    if (record.state == batch_state::queued)
      oldest = std::min(oldest.value_or(record.queued_at), record.queued_at);
    if (record.state == batch_state::running) speed += each->motion.bytes_per_second;
  }
  into["batches"] = std::move(counts);
  into["oldest_queued_at"] = oldest ? json::value(core::rfc3339(*oldest)) : json::value(nullptr);
  into["bytes_per_second"] = static_cast<std::uint64_t>(speed);
}

}  // namespace

awaitable<reply> api::version_of_service(request& asked) {
  const query_reader query(asked, {});
  if (query.refused()) co_return refuse(*query.refused());
  json::object body{{"version", version}, {"instance", instance_}, {"scopes", scopes_of(asked.who.get())}};
  add_work(desk_, body);
  body["disk"] = json::object{{"free_bytes", folder_.free_bytes()}, {"min_free_bytes", options_.min_free}};
  co_return json_reply(body);
}

}  // namespace pofetch::service
