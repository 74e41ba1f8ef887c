#include "service/routes/api.hpp"

#include "async/offload.hpp"
#include "core/mask_url.hpp"
#include "core/timestamp.hpp"
#include "core/url.hpp"
#include "http/cookie_file.hpp"
#include "service/schemas/openapi.hpp"
#include "service/server/heartbeat.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <system_error>

namespace pofetch::service {

namespace json = boost::json;

namespace {

/// When the cookie file was written last; null: there is none.
json::value renewed_at(const profile& which) {
  if (which.access.cookie_file.empty()) return nullptr;
  const auto version = http::version_of(which.access.cookie_file);
  if (!version) return nullptr;
  const std::chrono::nanoseconds since{version->changed_ns};
  const auto when = std::chrono::duration_cast<std::chrono::system_clock::duration>(since);
  return json::value(core::rfc3339(std::chrono::system_clock::time_point(when)));
}

}  // namespace

api::api(const serve_options& options, data_folder& folder, batch_desk& desk, server_core& core,
         std::string instance)
    : options_(options), folder_(folder), desk_(desk), core_(core), instance_(std::move(instance)) {}

std::vector<route> api::routes() {
  const auto by = [this](awaitable<reply> (api::*member)(request&)) {
    return [this, member](request& asked) { return (this->*member)(asked); };
  };
  return {
      {"GET", "/healthz", scope::none, takes::nothing, "Is the service alive?", by(&api::health)},
      {"GET", "/readyz", scope::none, takes::nothing, "Can the service take work?", by(&api::readiness)},
      {"GET", "/openapi.json", scope::none, takes::nothing, "This description.", by(&api::description)},
      {"GET", "/metrics", scope::metrics, takes::nothing, "Numbers for Prometheus.", by(&api::metrics)},
      {"GET", "/v1/hosts", scope::read, takes::nothing, "How hosts are being asked at the moment.",
       by(&api::list_hosts)},
      {"PATCH", "/v1/limits", scope::admin, takes::json, "Changes what may be done at a time.",
       by(&api::patch_limits)},
      {"GET", "/v1/version", scope::read, takes::nothing, "Version, and a mark that is new at every start.",
       by(&api::version_of_service)},
      {"GET", "/v1/profiles", scope::read, takes::nothing, "Instances, and whether somebody has to sign in.",
       by(&api::list_profiles)},
      {"PUT", "/v1/profiles/{name}/session", scope::admin, takes::stream, "Fresh cookies.",
       by(&api::put_session)},
      {"GET", "/v1/deliveries", scope::read, takes::nothing, "What webhooks were told, newest first.",
       by(&api::list_deliveries)},
      {"GET", "/v1/batches", scope::read, takes::nothing, "Batches, newest first.", by(&api::list_batches)},
      {"POST", "/v1/batches", scope::submit, takes::stream, "A new batch: JSON, or the list itself.",
       by(&api::submit)},
      {"GET", "/v1/batches/{id}", scope::read, takes::nothing, "One batch.", by(&api::show_batch)},
      {"PATCH", "/v1/batches/{id}", scope::submit, takes::json, "Changes name, labels, priority, speed.",
       by(&api::patch_batch)},
      {"DELETE", "/v1/batches/{id}", scope::admin, takes::nothing,
       "Deletes a batch; ?files=keep keeps its files.", by(&api::delete_batch)},
      {"POST", "/v1/batches/{id}/pause", scope::submit, takes::json, "Stops until it is resumed.",
       by(&api::pause_batch)},
      {"POST", "/v1/batches/{id}/resume", scope::submit, takes::json, "Goes on.", by(&api::resume_batch)},
      {"POST", "/v1/batches/{id}/cancel", scope::submit, takes::json, "Stops for good.",
       by(&api::cancel_batch)},
      {"POST", "/v1/batches/{id}/verify", scope::submit, takes::json, "Reads all files again.",
       by(&api::verify_batch_files)},
      {"POST", "/v1/batches/{id}/retry", scope::submit, takes::json, "Tries again what failed.",
       by(&api::retry_batch)},
      {"GET", "/v1/batches/{id}/purchase-orders", scope::read, takes::nothing,
       "Purchase orders, in the order of the list.", by(&api::list_orders)},
      {"GET", "/v1/batches/{id}/purchase-orders/{po}", scope::read, takes::nothing,
       "One of them, with its attachments.", by(&api::show_order)},
      {"GET", "/v1/batches/{id}/errors", scope::read, takes::nothing, "What went wrong, by cause.",
       by(&api::list_errors)},
      {"GET", "/v1/batches/{id}/report", scope::read, takes::nothing, "The report: csv, json, jsonl or xlsx.",
       by(&api::send_report)},
      {"GET", "/v1/batches/{id}/files", scope::read, takes::nothing, "Files that are complete.",
       by(&api::list_files)},
      {"GET", "/v1/batches/{id}/files/{path...}", scope::read, takes::nothing, "One of them.",
       by(&api::send_file)},
      {"GET", "/v1/batches/{id}/events", scope::read, takes::nothing, "What happens, as server-sent events.",
       by(&api::batch_events)},
      {"GET", "/v1/events", scope::read, takes::nothing, "What happens to all batches.",
       by(&api::all_events)},
  };
}

awaitable<reply> api::health(request&) {
  const bool alive = core_.heart->is_alive(std::chrono::steady_clock::now());
  const json::object body{{"status", alive ? "ok" : "a lane does not answer"}};
  co_return json_reply(body, alive ? 200 : 503);
}

awaitable<reply> api::readiness(request&) {
  const bool space = folder_.free_bytes() >= options_.min_free;
  const bool good = space && desk_.index_works() && !core_.ending;
  const auto word = [](bool fine, const char* bad) { return json::value(fine ? "ok" : bad); };
  const json::object body{
      {"status", good ? "ready" : "not_ready"},
      {"checks", json::object{{"draining", word(!core_.ending, "the service is about to end")},
                              {"disk", word(space, "less is free than --min-free asks for")},
                              {"index", word(desk_.index_works(), "service.db cannot be written")}}}};
  co_return json_reply(body, good ? 200 : 503);
}

awaitable<reply> api::description(request&) {
  reply made;
  made.type = "application/json";
  made.body = openapi_json(core_.routes.all());
  co_return made;
}

awaitable<reply> api::list_profiles(request& asked) {
  query_reader query(asked, {"limit", "cursor"});
  static_cast<void>(query.limit());
  static_cast<void>(query.place());
  if (query.refused()) co_return refuse(*query.refused());
  json::array items;
  for (const profile& each : options_.profiles) {
    items.push_back(json::object{{"name", each.name},
                                 {"kind", std::string(to_string(each.access.source))},
                                 {"base_url", core::mask_url(each.access.base_url)},
                                 {"sign_in", desk_.needs_sign_in(each.name) ? "needed" : "ok"},
                                 {"renewed_at", renewed_at(each)}});
  }
  co_return page_reply(asked, query, std::move(items), "");
}

awaitable<reply> api::put_session(request& asked) {
  const profile* const which = desk_.find_profile(asked.names[0]);
  if (which == nullptr) co_return refuse("not-found", "There is no profile of that name.");
  if (which->access.cookie_file.empty())
    co_return refuse("wrong-state", "This profile signs in without cookies.");
  const std::string_view type = asked.head.value("content-type");
  if (!type.starts_with("text/plain") && !type.starts_with("application/json"))
    co_return refuse("unsupported-media-type",
                     "Give cookies as text/plain (cookies.txt) or application/json.");
  if (asked.head.length > max_json_bytes) co_return refuse("too-large", "Cookies may have 1 MiB.");
  std::string text;
  for (;;) {
    const upload::piece got = co_await asked.incoming->next();
    if (!got.slug.empty()) co_return refuse(got.slug, "");
    if (got.bytes.empty()) break;
    text += got.bytes;
    if (text.size() > max_json_bytes) co_return refuse("too-large", "Cookies may have 1 MiB.");
  }
  const auto origin = core::origin_of(which->access.base_url);
  const auto read = http::parse_cookie_text(text, "the body", origin ? &*origin : nullptr);
  problem unusable{"invalid-member",
                   read ? "There are no cookies for the instance in it." : read.error().message};
  if (!read || read->cookies.empty()) co_return refuse(std::move(unusable));
  auto write = [this, which, &text] { return desk_.put_cookies(*which, text); };
  const result<void> written = co_await async::offload(desk_.readers(), write);
  if (!written) co_return storage_reply(written.error());
  desk_.session_renewed(which->name);
  reply made;
  made.status = 204;
  co_return made;
}

}  // namespace pofetch::service
