#pragma once

#include "ledger/postgres/watch.hpp"
#include "storage/file_store.hpp"

#include <pofetch/batch.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/progress.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace pofetch::engine {

/// This program as one of the nodes that work on a batch, on a thread and a connection of its own, so that a
/// ledger that is busy does not stop it: gives signs of life, hears what people want, takes others for dead
/// and rescues what they had.
class node {
 public:
  struct parts {
    /// How long it waits for an answer follows from the lease.
    postgres::session_options server;
    std::int64_t batch = 0;
    std::int64_t id = 0;
    std::chrono::milliseconds lease{0};
    /// The output folder, which is there.
    std::filesystem::path out;
    durability how = durability::batch;
    progress& events;
    /// Called on its thread when the node is lost or people want something else. Must not wait for the node.
    std::function<void(bool lost, node_wish wish)> changed;
  };

  /// `what.events` must outlive it. Failures: as postgres::session::open; input, disk, permission (the
  /// folder).
  [[nodiscard]] static result<std::unique_ptr<node>> start(parts what);
  ~node();

  node(const node&) = delete;
  node& operator=(const node&) = delete;

  /// Others took it for dead: nothing of it counts any more. Any thread.
  [[nodiscard]] bool is_lost() const noexcept { return lost_.load(); }
  /// Any thread.
  [[nodiscard]] node_wish wish() const noexcept { return wish_.load(); }

  /// Before a file gets its name: others may be about to take this node for dead if its last sign of life is
  /// older than four fifths of the lease. Waits for the next one then. Any thread. Failure `ledger`: it is
  /// lost, or ends.
  [[nodiscard]] result<void> may_place();

 private:
  node(parts what, postgres::watch eye, std::unique_ptr<storage::file_store> files);
  void run();
  void beat();
  [[nodiscard]] bool is_due() const;
  void lose();
  void hear();
  void look_after_others();
  result<void> rescue(const postgres::dead_node& dead);
  [[nodiscard]] std::chrono::nanoseconds silent_for() const;

  parts parts_;
  postgres::watch eye_;
  /// Only to look at what others have placed.
  std::unique_ptr<storage::file_store> files_;
  std::set<std::int64_t> complained_;
  std::chrono::nanoseconds tried_{0};
  std::atomic<std::chrono::nanoseconds::rep> seen_;
  std::atomic<bool> lost_{false};
  std::atomic<bool> ends_{false};
  std::atomic<node_wish> wish_{node_wish::run};
  std::mutex mutex_;
  std::condition_variable news_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace pofetch::engine
