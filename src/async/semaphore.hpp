#pragma once

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <array>
#include <cstddef>
#include <list>
#include <utility>

namespace pofetch::async {

/// Caps how many coroutines of one executor do something at the same time. Fair: parties take turns by weight
/// (deficit round robin, Shreedhar and Varghese 1995; every permit costs one), so what one does not use the
/// others get; within a party first come, first served, `high` before `normal`.
class semaphore {
 public:
  enum class priority { high, normal };

  /// On whose behalf a coroutine waits. Parties with the same `id` are the same; all must give it one weight.
  struct party {
    const void* id = nullptr;
    unsigned weight = 1;  ///< permits a round, at least 1
  };

  /// One unit; given back when destroyed. Must not outlive the semaphore.
  class permit {
   public:
    permit() = default;
    permit(permit&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    permit& operator=(permit&& other) noexcept;
    ~permit() { reset(); }

    void reset() noexcept;
    explicit operator bool() const noexcept { return owner_ != nullptr; }

   private:
    friend class semaphore;
    explicit permit(semaphore& owner) : owner_(&owner) {}
    semaphore* owner_ = nullptr;
  };

  semaphore(boost::asio::any_io_executor executor, std::size_t permits);

  semaphore(const semaphore&) = delete;
  semaphore& operator=(const semaphore&) = delete;

  /// Waits for a permit. When cancelled, no permit is lost, and the call ends with operation_aborted.
  [[nodiscard]] awaitable<permit> acquire(priority urgency = priority::normal, party whose = {nullptr, 1});

  /// A permit if one is free, else an empty one. Permits are only ever free while nobody waits.
  [[nodiscard]] permit try_acquire() noexcept;

  /// From now on so many permits. With fewer than are out none is handed over until enough have come back.
  void resize(std::size_t permits) noexcept;

  [[nodiscard]] std::size_t available() const noexcept {
    return free_ > 0 ? static_cast<std::size_t>(free_) : 0;
  }
  [[nodiscard]] std::size_t waiting() const noexcept;

 private:
  struct waiter;
  /// The waiters of one party.
  struct line {
    party whose;
    unsigned credit = 0;  ///< permits that are left to it in this round
    std::array<std::list<waiter*>, 2> queues{};

    [[nodiscard]] std::size_t size() const noexcept { return queues[0].size() + queues[1].size(); }
    [[nodiscard]] waiter* take_first() noexcept;
  };

  line& line_of(const party& whose);
  void release() noexcept;
  void hand_over() noexcept;

  boost::asio::any_io_executor executor_;
  std::ptrdiff_t permits_;
  std::ptrdiff_t free_;    // below zero: more are out than there should be
  std::list<line> lines_;  // in the order of their turns; without waiters there is none
};

}  // namespace pofetch::async
