#include "async/offload.hpp"
#include "core/ascii.hpp"
#include "core/timestamp.hpp"
#include "service/batches/batch_request.hpp"
#include "service/routes/api.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace pofetch::service {

namespace json = boost::json;

namespace {

std::string tag_of(const batch_record& record) { return "\"" + std::to_string(record.revision) + "\""; }

/// Does the field name that tag, or any?
bool names_tag(std::string_view field, std::string_view tag) {
  for (const std::string_view each : core::split(field, ',')) {
    std::string_view one = core::trim(each);
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
  }
  return false;
}

reply no_such_batch() { return refuse("not-found", "There is no batch of that id."); }

std::vector<std::string> words_in(const json::object& body, const char* name) {
  std::vector<std::string> all;
  if (const json::value* const found = body.if_contains(name))
    for (const json::value& each : found->as_array()) all.emplace_back(each.as_string().c_str());
  return all;
}

bool truth_in(const json::object& body, const char* name) {
  const json::value* const found = body.if_contains(name);
  return found != nullptr && found->as_bool();
}

/// What a retry is to work on. With no status: all that did not get what was there to be had.
work_choice choice_of(const json::object& body) {
  constexpr std::array<po_status, 5> retried{po_status::pending, po_status::failed, po_status::partial,
                                             po_status::not_found, po_status::skipped};
  work_choice made;
  made.error_codes = words_in(body, "error_codes");
  made.numbers = words_in(body, "purchase_orders");
  const auto words = words_in(body, "statuses");
  for (const po_status each : retried) {
    const bool named = std::find(words.begin(), words.end(), to_string(each)) != words.end();
    const bool usual = words.empty() && each != po_status::pending && each != po_status::skipped;
    const bool skipped = each == po_status::skipped && truth_in(body, "include_skipped");
    if (named || usual || skipped) made.statuses.push_back(each);
  }
  return made;
}

}  // namespace

reply api::batch_reply(const batch_entry& batch, unsigned status) const {
  reply made;
  made.status = status;
  made.type = "application/json";
  made.body = batch.shown();
  made.fields.emplace_back("ETag", tag_of(batch.record));
  return made;
}

reply api::state_reply(const action_result& done, const batch_entry& batch) const {
  if (done.failed) return storage_reply(*done.failed);
  if (done.status != 409) return batch_reply(batch, done.status);
  problem what{"wrong-state", "The batch is " + std::string(to_string(batch.record.state)) + "."};
  what.allowed = done.allowed;
  return refuse(std::move(what));
}

awaitable<reply> api::list_batches(request& asked) {
  query_reader query(asked, {"state", "label", "profile", "created_after", "limit", "cursor"});
  const std::size_t limit = query.limit();
  const std::string place = query.place();
  const auto state = read_state(query.text("state"));
  if (query.has("state") && !state) query.wrong("state", "expected a state of a batch");
  const auto after = core::parse_timestamp(query.text("created_after"));
  if (query.has("created_after") && !after)
    query.wrong("created_after", "expected a time such as 2026-01-31T12:00:00Z");
  if (query.refused()) co_return refuse(*query.refused());
  const std::string label = query.text("label");
  const std::string profile_name = query.text("profile");
  json::array items;
  std::string last;
  std::string next;
  const auto& all = desk_.all();
  for (auto at = place.empty() ? all.begin() : all.upper_bound(place); at != all.end(); ++at) {
    const batch_record& record = at->second->record;
    const bool labelled =
        label.empty() || std::find(record.labels.begin(), record.labels.end(), label) != record.labels.end();
    if ((state && record.state != *state) || !labelled ||
        (!profile_name.empty() && record.profile != profile_name) || (after && record.created_at <= *after))
      continue;
    if (items.size() == limit) {
      next = last;
      break;
    }
    items.push_back(batch_json(record, at->second->motion));
    last = at->first;
  }
  co_return page_reply(asked, query, std::move(items), next);
}

awaitable<reply> api::show_batch(request& asked) {
  constexpr std::uint64_t longest_wait = 60;
  query_reader query(asked, {"wait"});
  const auto seconds = core::parse_unsigned(query.text("wait"));
  if (query.has("wait") && (!seconds || *seconds > longest_wait))
    query.wrong("wait", "expected a number from 0 to 60");
  if (query.refused()) co_return refuse(*query.refused());
  const auto batch = desk_.find(asked.names[0]);
  if (batch == nullptr) co_return no_such_batch();
  const std::string_view known = asked.head.value("if-none-match");
  const std::string before = known.empty() ? tag_of(batch->record) : std::string(known);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{seconds.value_or(0)};
  while (seconds && names_tag(before, tag_of(batch->record)) && !core_.ending && !batch->deleted &&
         std::chrono::steady_clock::now() < until)
    co_await batch->changed.wait_until(until);
  if (batch->deleted) co_return no_such_batch();
  if (known.empty() || !names_tag(known, tag_of(batch->record))) co_return batch_reply(*batch, 200);
  reply same;
  same.status = 304;
  same.fields.emplace_back("ETag", tag_of(batch->record));
  co_return same;
}

awaitable<reply> api::patch_batch(request& asked) {
  const query_reader query(asked, {});
  if (query.refused()) co_return refuse(*query.refused());
  const auto batch = desk_.find(asked.names[0]);
  if (batch == nullptr) co_return no_such_batch();
  const std::string_view match = asked.head.value("if-match");
  if (!match.empty() && !names_tag(match, tag_of(batch->record)))
    co_return refuse("precondition-failed", "The batch has another revision by now.");
  auto refused = patch_record(asked.body, batch->record);
  if (refused) co_return refuse(std::move(*refused));
  const auto kept = co_await desk_.save(batch);
  if (!kept) co_return storage_reply(kept.error());
  co_return batch_reply(*batch, 200);
}

awaitable<reply> api::pause_batch(request& asked) {
  json::object body;
  auto refused = read_small_body(asked.body, "PauseRequest", body);
  if (refused) co_return refuse(std::move(*refused));
  const json::value* const mode = body.if_contains("mode");
  const pause_mode how = mode != nullptr && *mode == "now" ? pause_mode::now : pause_mode::drain;
  const auto batch = desk_.find(asked.names[0]);
  if (batch == nullptr) co_return no_such_batch();
  const action_result done = co_await desk_.pause(batch, how);
  co_return state_reply(done, *batch);
}

awaitable<reply> api::resume_batch(request& asked) {
  json::object body;
  auto refused = read_small_body(asked.body, "EmptyRequest", body);
  if (refused) co_return refuse(std::move(*refused));
  const auto batch = desk_.find(asked.names[0]);
  if (batch == nullptr) co_return no_such_batch();
  const action_result done = co_await desk_.resume(batch);
  co_return state_reply(done, *batch);
}

awaitable<reply> api::cancel_batch(request& asked) {
  json::object body;
  auto refused = read_small_body(asked.body, "EmptyRequest", body);
  if (refused) co_return refuse(std::move(*refused));
  const auto batch = desk_.find(asked.names[0]);
  if (batch == nullptr) co_return no_such_batch();
  const action_result done = co_await desk_.cancel(batch);
  co_return state_reply(done, *batch);
}

awaitable<reply> api::verify_batch_files(request& asked) {
  json::object body;
  auto refused = read_small_body(asked.body, "EmptyRequest", body);
  if (refused) co_return refuse(std::move(*refused));
  const auto batch = desk_.find(asked.names[0]);
  if (batch == nullptr) co_return no_such_batch();
  const action_result done = co_await desk_.verify(batch);
  co_return state_reply(done, *batch);
}

awaitable<reply> api::retry_batch(request& asked) {
  json::object body;
  auto refused = read_small_body(asked.body, "RetryRequest", body);
  if (refused) co_return refuse(std::move(*refused));
  const work_choice chosen = choice_of(body);
  const auto batch = desk_.find(asked.names[0]);
  if (batch == nullptr) co_return no_such_batch();
  work_count counted;
  if (has_ledger(batch->record.id)) {
    auto count = [&chosen, out = out_of(batch->record.id)] { return count_chosen(out, chosen); };
    const auto found = co_await async::offload(desk_.readers(), count);
    if (!found) co_return storage_reply(found.error());
    counted = *found;
  }
  const json::object answer{{"matched", counted.orders()}};
  if (truth_in(body, "dry_run")) co_return json_reply(answer);
  const action_result possible = desk_.may_retry(*batch);
  if (possible.status == 409) co_return state_reply(possible, *batch);
  if (counted.orders() == 0) co_return json_reply(answer, 202);
  const action_result done = co_await desk_.retry(batch, chosen, counted.by_status);
  if (done.failed || done.status == 409) co_return state_reply(done, *batch);
  co_return json_reply(answer, 202);
}

awaitable<reply> api::delete_batch(request& asked) {
  query_reader query(asked, {"files"});
  const std::string files = query.text("files");
  if (files != "keep" && files != "delete") query.wrong("files", "expected keep or delete");
  if (query.refused()) co_return refuse(*query.refused());
  const auto batch = desk_.find(asked.names[0]);
  if (batch == nullptr) co_return no_such_batch();
  const action_result done = co_await desk_.remove(batch, files == "keep");
  if (done.failed || done.status == 409) co_return state_reply(done, *batch);
  reply made;
  made.status = 204;
  co_return made;
}

}  // namespace pofetch::service
