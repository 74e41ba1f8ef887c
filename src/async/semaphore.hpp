#pragma once

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <array>
#include <cstddef>
#include <list>
#include <utility>

namespace pofetch::async {

/// Caps how many coroutines of one executor do something at the same time. Fair: first come, first
/// served within a priority; `high` goes before `normal`.
class semaphore {
 public:
  enum class priority { high, normal };

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
  [[nodiscard]] awaitable<permit> acquire(priority urgency = priority::normal);

  /// From now on so many permits. With fewer than are out none is handed over until enough have come back.
  void resize(std::size_t permits) noexcept;

  [[nodiscard]] std::size_t available() const noexcept {
    return free_ > 0 ? static_cast<std::size_t>(free_) : 0;
  }
  [[nodiscard]] std::size_t waiting() const noexcept;

 private:
  struct waiter;
  void release() noexcept;
  void hand_over() noexcept;

  boost::asio::any_io_executor executor_;
  std::ptrdiff_t permits_;
  std::ptrdiff_t free_;  // below zero: more are out than there should be
  std::array<std::list<waiter*>, 2> queues_;
};

}  // namespace pofetch::async
