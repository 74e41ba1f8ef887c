#include "pipeline/download_pool.hpp"

#include "async/cancellation.hpp"
#include "async/semaphore.hpp"
#include "async/task_group.hpp"
#include "core/version_key.hpp"
#include "pipeline/download_task.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace pofetch::pipeline {

namespace {

std::string second_url(const attachment_notes* notes, const std::string& key) {
  if (notes == nullptr) return {};
  // Of a further version, too: the address is the same.
  const auto note = notes->find(std::string(core::split_version(key).key));
  return note == notes->end() ? std::string() : note->second.second_url;
}

const held_file* held_of(const held_files* held, const std::string& key) {
  if (held == nullptr) return nullptr;
  const auto found = held->find(key);
  return found == held->end() ? nullptr : &found->second;
}

/// One call of the pool.
struct pool_run {
  const download_parts& parts;
  std::span<const attachment> attachments;
  std::string_view po;
  const attachment_notes* notes;
  const held_files* held;
  download_watch* watch;
  async::semaphore slots;
  async::task_group tasks;
  std::vector<download> done;
  bool stopped = false;  ///< nothing more is begun

  pool_run(const boost::asio::any_io_executor& executor, const download_parts& p,
           std::span<const attachment> wanted, std::size_t max_concurrent, std::string_view of,
           const attachment_notes* known, const held_files* there, download_watch* along)
      : parts(p),
        attachments(wanted),
        po(of),
        notes(known),
        held(there),
        watch(along),
        slots(executor, std::max<std::size_t>(max_concurrent, 1)),
        tasks(executor) {
    done.resize(attachments.size());
  }

  [[nodiscard]] download_task task(std::size_t index) const {
    const std::string& key = attachments[index].key;
    return {parts, attachments[index], po, second_url(notes, key), held_of(held, key), {watch, index}};
  }
};

failure stopped_failure() { return make_failure(errc::cancelled, "stopped before it was fetched"); }

void stop(pool_run& run) {
  run.stopped = true;
  run.tasks.cancel();
}

/// Fetches attachment `index` and holds its slot meanwhile. A cancellation ends here, as an outcome.
awaitable<> fetch_one(pool_run& run, std::size_t index, async::semaphore::permit /*slot*/) {
  download_task task = run.task(index);
  result<void> outcome = stopped_failure();
  try {
    if (run.watch != nullptr) co_await run.watch->start(index);
    outcome = co_await task.run();
  } catch (const boost::system::system_error& thrown) {
    if (!async::is_cancellation(thrown)) throw;
  }
  auto& done = run.done[index];
  done = task.take(outcome);
  // Without a session, or without room on the disk, the others would only fail the same way.
  if (!done.unchanged && done.record.status == attachment_status::pending) stop(run);
  if (!done.unchanged) run.parts.events.on(event::attachment_finished{run.parts.worker, share(done.record)});
  if (run.watch == nullptr) co_return;
  try {
    co_await run.watch->ended(index, done);
  } catch (const boost::system::system_error& thrown) {
    if (!async::is_cancellation(thrown)) throw;
  }
}

/// Begins them in turn, each when a slot is free: an order of a thousand files takes no more memory, and no
/// more of the executor's time at once, than one of a few. A cancellation is heard by those that are at work.
awaitable<> begin_all(pool_run& run) {
  try {
    for (std::size_t i = 0; i < run.attachments.size(); ++i) {
      auto slot = run.slots.try_acquire();
      if (!slot) slot = co_await run.slots.acquire();
      if (run.stopped || run.tasks.failed()) co_return;
      run.tasks.spawn(fetch_one(run, i, std::move(slot)));
    }
  } catch (const boost::system::system_error& thrown) {
    if (!async::is_cancellation(thrown)) throw;
    stop(run);
  }
}

}  // namespace

download_pool::download_pool(transport& http, store& files, const attachment_source& source, clock& time,
                             const pool_config& config, progress& events,
                             boost::asio::any_io_executor storage_thread, unsigned worker)
    : http_(http),
      files_(files),
      source_(source),
      time_(time),
      config_(config),
      events_(events),
      storage_thread_(std::move(storage_thread)),
      worker_(worker) {}

awaitable<std::vector<download>> download_pool::download_attachments_parallel(
    std::span<const attachment> attachments, std::size_t max_concurrent, std::string_view po,
    const attachment_notes* notes, const held_files* held, download_watch* watch) {
  const download_parts parts{http_, files_, source_, time_, config_, events_, storage_thread_, worker_};
  auto executor = co_await boost::asio::this_coro::executor;
  pool_run run(executor, parts, attachments, max_concurrent, po, notes, held, watch);
  // A cancellation must not keep this from waiting for the children; `join` puts it back.
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  co_await begin_all(run);
  co_await run.tasks.join();
  // Those that were not begun, or cancelled before their first turn.
  for (std::size_t i = 0; i < attachments.size(); ++i)
    if (run.done[i].record.key.empty()) run.done[i] = run.task(i).take(stopped_failure());
  co_return std::move(run.done);
}

}  // namespace pofetch::pipeline
