#pragma once

#include <pofetch/attachment_source.hpp>
#include <pofetch/awaitable.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/ledger.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/session_keeper.hpp>
#include <pofetch/stop_reason.hpp>
#include <pofetch/store.hpp>
#include <pofetch/transport.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace pofetch::pipeline {

class circuit_breaker;
class session_gate;

/// Everything that belongs to one executor (one io_context, one thread): a PO, its downloads and its
/// connections stay on it. Nothing is awaited or cancelled from another one.
struct lane {
  boost::asio::any_io_executor executor;
  transport& http;
  attachment_source& source;
  clock& time;
  /// Numbers of its workers: first, first + 1, ...
  unsigned first_worker = 0;
  unsigned workers = 1;
  /// Null: when the instance asks to sign in the run ends.
  session_keeper* keeper = nullptr;
};

/// What all lanes share. Each says for itself which thread may use it.
struct shared_parts {
  ledger& records;  ///< on `ledger_thread` only
  store& files;     ///< blocking calls on `storage_thread` only
  progress& events;
  boost::asio::any_io_executor ledger_thread;
  boost::asio::any_io_executor storage_thread;
  /// Hears, on the thread of the ledger, how long a commit took; empty: nobody does.
  std::function<void(std::chrono::steady_clock::duration)> on_commit{};
};

/// Holds the workers of one lane. A worker is one coroutine that loops: lease a PO, discover,
/// download, hand over to the committer of the lane, which syncs, renames and records in groups.
class worker_manager {
 public:
  using stop_function = std::function<void(stop_reason, const failure&)>;

  /// Everything given must outlive the manager; breaker and gate are one for the whole run. `stop` is called
  /// (on the lane's thread) when a worker finds that the run cannot go on. `discover_only`: attachments are
  /// measured, not fetched.
  worker_manager(const lane& where, const shared_parts& parts, const pool_config& config,
                 circuit_breaker& breaker, session_gate& gate, bool discover_only, stop_function stop);
  ~worker_manager();

  worker_manager(const worker_manager&) = delete;
  worker_manager& operator=(const worker_manager&) = delete;

  /// Runs until the feed is dry or the manager is told to stop, and everything handed over is recorded.
  /// To be spawned on the lane's executor, once. Not to be cancelled: use `stop`.
  [[nodiscard]] awaitable<> run();

  /// No further POs; what is under way may go on for `grace`, then it is cancelled. What was verified by then
  /// is still placed and recorded. On the lane's thread; may be called again with a shorter grace.
  void stop(std::chrono::milliseconds grace);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace pofetch::pipeline
