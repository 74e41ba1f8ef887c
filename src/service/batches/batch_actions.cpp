// What somebody asks of a batch: pause, resume, cancel, retry, verify, delete.
#include "async/offload.hpp"
#include "core/timestamp.hpp"
#include "core/unicode.hpp"
#include "service/batches/batch_desk.hpp"

#include <boost/asio/post.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <utility>

namespace pofetch::service {

namespace json = boost::json;

namespace {

constexpr std::size_t most_wrong_files = 1000;
/// Whoever does not want to wait for what is under way says so.
constexpr std::chrono::milliseconds longest_drain = std::chrono::hours{24};

action_result not_now(std::vector<std::string> allowed) {
  action_result made;
  made.status = 409;
  made.allowed = std::move(allowed);
  return made;
}

/// What can be done in that state.
std::vector<std::string> actions_in(batch_state state) {
  switch (state) {
    case batch_state::queued:
      return {"pause", "cancel", "delete"};
    case batch_state::running:
      return {"pause", "cancel"};
    case batch_state::pausing:
      return {"resume", "cancel"};
    case batch_state::paused:
      return {"resume", "cancel", "verify", "delete"};
    case batch_state::blocked:
      return {"pause", "resume", "cancel"};
    case batch_state::failed:
      return {"resume", "retry", "verify", "delete"};
    case batch_state::completed:
    case batch_state::incomplete:
      return {"retry", "verify", "delete"};
    case batch_state::cancelled:
      return {"verify", "delete"};
  }
  return {};
}

/// Reads all files again. Blocks.
json::object verify_folder(const std::filesystem::path& out) {
  json::array wrong;
  const auto found = [&wrong](const damage& each) {
    if (wrong.size() >= most_wrong_files) return;
    wrong.push_back(
        json::object{{"path", core::to_utf8(each.path)}, {"reason", core::to_utf8(each.problem)}});
  };
  const auto read = verify_batch(out, found);
  json::object made{{"state", read ? "finished" : "failed"}, {"checked", read ? read->files : 0}};
  made["wrong"] = std::move(wrong);
  made["finished_at"] = core::rfc3339(std::chrono::system_clock::now());
  return made;
}

}  // namespace

awaitable<action_result> batch_desk::pause(std::shared_ptr<batch_entry> batch, pause_mode how) {
  batch_record& record = batch->record;
  action_result made;
  if (is_ended(record.state) || record.desired == wish::cancel) co_return not_now(actions_in(record.state));
  const auto grace = how == pause_mode::now ? std::chrono::milliseconds{0} : longest_drain;
  if (record.desired == wish::pause) {
    if (batch->run != nullptr) batch->run->request_stop(stop_reason::terminated, grace);
    made.status = 200;
    co_return made;
  }
  record.desired = wish::pause;
  enter(*batch, batch->run != nullptr ? batch_state::pausing : batch_state::paused);
  const auto kept = co_await save(batch);
  if (!kept) made.failed = kept.error();
  if (batch->run != nullptr && record.desired == wish::pause)
    batch->run->request_stop(stop_reason::terminated, grace);
  kick();
  co_return made;
}

awaitable<action_result> batch_desk::resume(std::shared_ptr<batch_entry> batch) {
  batch_record& record = batch->record;
  action_result made;
  const bool goes_on = record.state == batch_state::queued || record.state == batch_state::running;
  if (goes_on && record.desired == wish::run) {
    made.status = 200;
    co_return made;
  }
  const bool possible = record.state == batch_state::paused || record.state == batch_state::pausing ||
                        record.state == batch_state::blocked || record.state == batch_state::failed;
  if (!possible || record.desired == wish::cancel) co_return not_now(actions_in(record.state));
  record.desired = wish::run;
  record.reason.reset();
  // One that is still stopping is queued when it has ended.
  if (batch->run == nullptr) enter(*batch, batch_state::queued);
  const auto kept = co_await save(batch);
  if (!kept) made.failed = kept.error();
  kick();
  co_return made;
}

awaitable<action_result> batch_desk::cancel(std::shared_ptr<batch_entry> batch) {
  batch_record& record = batch->record;
  action_result made;
  if (record.desired == wish::cancel) {
    made.status = 200;
    co_return made;
  }
  if (is_ended(record.state)) co_return not_now(actions_in(record.state));
  record.desired = wish::cancel;
  if (batch->run == nullptr) enter(*batch, batch_state::cancelled);
  const auto kept = co_await save(batch);
  if (!kept) made.failed = kept.error();
  if (batch->run != nullptr) batch->run->request_stop(stop_reason::terminated);
  kick();
  co_return made;
}

action_result batch_desk::may_retry(const batch_entry& batch) const {
  const batch_state now = batch.record.state;
  const bool possible =
      now == batch_state::completed || now == batch_state::incomplete || now == batch_state::failed;
  return possible ? action_result{} : not_now(actions_in(now));
}

awaitable<action_result> batch_desk::retry(std::shared_ptr<batch_entry> batch, work_choice chosen,
                                           core::status_counts counted) {
  batch_record& record = batch->record;
  action_result made;
  made = may_retry(*batch);
  if (made.status == 409) co_return made;
  record.chosen = std::move(chosen);
  batch->counted = counted;
  record.desired = wish::run;
  record.reason.reset();
  enter(*batch, batch_state::queued);
  const auto kept = co_await save(batch);
  if (!kept) made.failed = kept.error();
  kick();
  co_return made;
}

awaitable<action_result> batch_desk::verify(std::shared_ptr<batch_entry> batch) {
  batch_record& record = batch->record;
  action_result made;
  const bool possible =
      batch->run == nullptr && (is_ended(record.state) || record.state == batch_state::paused);
  if (!possible) co_return not_now(actions_in(record.state));
  if (batch->verifying) {
    made.status = 200;
    co_return made;
  }
  batch->verifying = true;
  record.verified =
      json::object{{"state", "running"}, {"checked", 0}, {"wrong", json::array()}, {"finished_at", nullptr}};
  const auto kept = co_await save(batch);
  if (!kept) made.failed = kept.error();
  auto work = [this, id = record.id, out = parts_.folder.batch(record.id) / "out"] {
    auto back = [this, id, verified = verify_folder(out)] { take_verify(id, verified); };
    boost::asio::post(parts_.executor, std::move(back));
  };
  boost::asio::post(slow_, std::move(work));
  co_return made;
}

void batch_desk::take_verify(const std::string& id, json::object verified) {
  const auto entry = find(id);
  if (entry == nullptr) return;
  entry->verifying = false;
  entry->record.verified = std::move(verified);
  note_change(*entry);
  keep(*entry);
}

awaitable<action_result> batch_desk::remove(std::shared_ptr<batch_entry> batch, bool keep_files) {
  batch_record& record = batch->record;
  action_result made;
  made.status = 204;
  const bool possible =
      batch->run == nullptr && !batch->verifying &&
      (is_ended(record.state) || record.state == batch_state::paused || record.state == batch_state::queued);
  if (!possible) co_return not_now(actions_in(record.state));
  record.desired = wish::cancel;
  record.state = batch_state::cancelled;  // nobody starts it any more
  auto write = [this, id = record.id, keep_files] {
    auto moved = parts_.folder.remove(id, keep_files);
    return moved ? parts_.index->remove(id) : moved;
  };
  const result<void> done = co_await async::offload(index_thread_.get_executor(), write);
  if (!done) {
    made.failed = done.error();
    co_return made;
  }
  batch->deleted = true;
  all_.erase(record.id);
  batch->changed.ring();
  batch->events->changed.ring();
  sweep();
  co_return made;
}

}  // namespace pofetch::service
