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

/// Fetches attachment `index`. A cancellation ends here, as an outcome.
awaitable<> fetch_one(pool_run& run, std::size_t index) {
  download_task task = run.task(index);
  result<void> outcome = stopped_failure();
  async::semaphore::permit slot;
  try {
    slot = run.slots.try_acquire();
    if (!slot) slot = co_await run.slots.acquire();
    if (run.watch != nullptr) co_await run.watch->start(index);
    outcome = co_await task.run();
  } catch (const boost::system::system_error& thrown) {
    if (!async::is_cancellation(thrown)) throw;
  }
  auto& done = run.done[index];
  done = task.take(outcome);
  // Without a session, or without room on the disk, the others would only fail the same way.
  if (!done.unchanged && done.record.status == attachment_status::pending) run.tasks.cancel();
  if (!done.unchanged) run.parts.events.on(event::attachment_finished{run.parts.worker, share(done.record)});
  if (run.watch == nullptr) co_return;
  try {
    co_await run.watch->ended(index, done);
  } catch (const boost::system::system_error& thrown) {
    if (!async::is_cancellation(thrown)) throw;
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
  for (std::size_t i = 0; i < attachments.size(); ++i) run.tasks.spawn(fetch_one(run, i));
  co_await run.tasks.join();
  // Those that were cancelled before their first turn.
  for (std::size_t i = 0; i < attachments.size(); ++i)
    if (run.done[i].record.key.empty()) run.done[i] = run.task(i).take(stopped_failure());
  co_return std::move(run.done);
}

}  // namespace pofetch::pipeline
