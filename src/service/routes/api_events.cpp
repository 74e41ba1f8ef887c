#include "core/ascii.hpp"
#include "service/events/event_stream.hpp"
#include "service/metrics/service_metrics.hpp"
#include "service/routes/api.hpp"

#include <boost/json.hpp>

#include <array>

namespace pofetch::service {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 8> batch_event_names{"batch",     "progress", "po",  "notice",
                                                            "throttled", "sign_in",  "end", "snapshot"};
constexpr std::array<std::string_view, 2> shared_event_names{"batch", "progress"};

template <std::size_t N>
std::vector<std::string> wanted_events(query_reader& query, const std::array<std::string_view, N>& known) {
  std::vector<std::string> names;
  if (!query.has("events")) return names;
  const std::string words = query.text("events");
  for (const std::string_view word : core::split(words, ',')) {
    if (core::is_one_of(word, known))
      names.emplace_back(word);
    else
      query.wrong("events", "there is no such event");
  }
  return names;
}

/// What the client has seen last; a reconnect says it in a field, a first request may say it in the query.
std::string last_seen(const request& asked, const query_reader& query) {
  const std::string_view field = asked.head.value("last-event-id");
  return field.empty() ? query.text("after") : std::string(field);
}

reply stream_reply(std::shared_ptr<event_stream> stream) {
  reply made;
  made.type = "text/event-stream";
  made.fields.emplace_back("X-Accel-Buffering", "no");
  made.stream = std::move(stream);
  return made;
}

reply too_many_streams() {
  problem what{"too-many-clients", "512 streams are open."};
  what.retry_after = std::chrono::seconds{5};
  return refuse(std::move(what));
}

}  // namespace

awaitable<reply> api::batch_events(request& asked) {
  query_reader query(asked, {"after", "events"});
  auto names = wanted_events(query, batch_event_names);
  if (query.refused()) co_return refuse(*query.refused());
  const auto batch = desk_.find(asked.names[0]);
  if (batch == nullptr) co_return refuse("not-found", "There is no batch of that id.");
  const std::string seen = last_seen(asked, query);
  const auto place = batch->events->place_after(seen);
  reply nothing_more;
  nothing_more.status = 204;
  if (is_ended(batch->record.state) && place && *place == batch->events->end()) co_return nothing_more;
  if (asked.head.method == "HEAD") {
    reply made;
    made.type = "text/event-stream";
    co_return made;
  }
  if (core_.streams >= max_streams) co_return too_many_streams();
  event_source from;
  from.ring = batch->events;
  from.snapshot = [batch] {
    return std::vector<std::string>{json::serialize(batch_json(batch->record, batch->motion))};
  };
  from.is_over = [batch] { return batch->deleted || is_ended(batch->record.state); };
  from.last_word = [batch] {
    return json::serialize(json::object{{"state", std::string(to_string(batch->record.state))},
                                        {"totals", sums_json(batch->record.sums)}});
  };
  from.is_closing = [this] { return core_.ending; };
  from.on_reset = [this] { core_.metrics->stream_reset(); };
  from.open = &core_.streams;
  co_return stream_reply(std::make_shared<event_stream>(std::move(from), seen, std::move(names)));
}

awaitable<reply> api::all_events(request& asked) {
  query_reader query(asked, {"after", "events"});
  auto names = wanted_events(query, shared_event_names);
  if (query.refused()) co_return refuse(*query.refused());
  if (asked.head.method == "HEAD") {
    reply made;
    made.type = "text/event-stream";
    co_return made;
  }
  if (core_.streams >= max_streams) co_return too_many_streams();
  event_source from;
  from.ring = desk_.events();
  from.snapshot = [this] {
    std::vector<std::string> all;
    for (const auto& [id, each] : desk_.all()) {
      if (is_ended(each->record.state)) continue;
      json::object one = batch_json(each->record, each->motion);
      one["batch"] = id;
      all.push_back(json::serialize(one));
    }
    return all;
  };
  from.is_over = [] { return false; };
  from.last_word = [] { return std::string("{}"); };
  from.is_closing = [this] { return core_.ending; };
  from.on_reset = [this] { core_.metrics->stream_reset(); };
  from.open = &core_.streams;
  co_return stream_reply(
      std::make_shared<event_stream>(std::move(from), last_seen(asked, query), std::move(names)));
}

}  // namespace pofetch::service
