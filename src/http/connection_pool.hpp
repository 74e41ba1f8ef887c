#pragma once

#include "async/semaphore.hpp"
#include "core/url.hpp"
#include "http/connection.hpp"

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

namespace pofetch::http {

/// The connections of one lane: never more than `max` open, idle ones included, also together with those of
/// other pools of the executor that share it; those that the peer keeps alive are used again, the most
/// recently used first. Belongs to one executor; idle connections hold neither it nor a timer up.
class connection_pool {
 public:
  /// The right to one connection, with the connection once there is one. Destroying it closes the
  /// connection, unless it was kept, and lets the next one in line have a turn.
  class lease {
   public:
    lease() = default;
    lease(lease&&) = default;
    lease& operator=(lease&& other) noexcept;
    ~lease() { leave(); }

    explicit operator bool() const noexcept { return static_cast<bool>(permit_); }
    [[nodiscard]] connection* get() const noexcept { return connection_.get(); }
    /// It has carried an exchange before.
    [[nodiscard]] bool reused() const noexcept { return reused_; }
    /// Takes a new connection in.
    void put(std::unique_ptr<connection> fresh);
    /// Closes the connection; the right stays.
    void drop() noexcept;
    /// Gives the connection back for further use, and the right with it.
    void keep();

   private:
    friend class connection_pool;
    /// Closes what is left, gives the right back; the last one to leave lets the idle ones rest.
    void leave() noexcept;

    connection_pool* pool_ = nullptr;
    async::semaphore::permit host_turn_;  // both after the connection is gone
    async::semaphore::permit permit_;
    std::unique_ptr<connection> connection_;
    bool reused_ = false;
  };

  /// The pools of one executor that have been used, and have not gone.
  using neighbours = std::vector<connection_pool*>;

  /// `beside` must outlive it.
  connection_pool(boost::asio::any_io_executor executor, std::size_t max, neighbours& beside);
  ~connection_pool();

  connection_pool(const connection_pool&) = delete;
  connection_pool& operator=(const connection_pool&) = delete;

  /// Who waits, and how urgently.
  struct claim {
    async::semaphore::priority urgency = async::semaphore::priority::normal;
    async::semaphore::party party{};
  };

  /// Waits for a turn among those of the host, and then for one of all (see `async::semaphore`). The lease
  /// holds a live idle connection to that origin if there is one and `fresh` is not asked for, else none.
  /// Cancellable without loss. The pool and the turns must outlive the lease.
  [[nodiscard]] awaitable<lease> acquire(const core::origin& to, async::semaphore& host_turns, claim whose,
                                         bool fresh);

  /// From now on so many, at least 1. What is at work is not disturbed.
  void resize(std::size_t max) noexcept;

  /// Closes every idle connection.
  void close_idle() noexcept { idle_.clear(); }

  [[nodiscard]] std::size_t idle() const noexcept { return idle_.size(); }
  /// Turns that nobody holds.
  [[nodiscard]] std::size_t free() const noexcept { return turns_.available(); }

 private:
  using time_point = std::chrono::steady_clock::time_point;
  struct resting {
    std::unique_ptr<connection> what;
    time_point since;
  };

  /// Nobody is at work: the caller's io_context may end while connections are kept.
  void rest();
  [[nodiscard]] std::unique_ptr<connection> take_idle(const core::origin& to);
  void join_neighbours();
  void make_room();

  std::size_t max_;
  neighbours& beside_;
  async::semaphore turns_;
  std::vector<resting> idle_;  // the most recently used last
};

}  // namespace pofetch::http
