#pragma once

#include "async/rate_limiter.hpp"
#include "async/slow_down.hpp"
#include "core/flight_limit.hpp"
#include "core/request_pace.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>

namespace pofetch::http {

/// What one host can bear, found out by how it answers: requests in flight (`core::flight_limit`), requests a
/// second (`core::request_pace`), and the pause that it asked for. Shared by all lanes: each tells it what it
/// sees and looks at the numbers, none waits for another. Answers are counted in atomics; a few times a
/// second one of those who tell draws the conclusions.
class host_load {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// Pages are made, files are fetched: their waits are not alike.
  enum class kind : std::uint8_t { page, file };

  struct answer {
    kind what = kind::page;
    int status = 0;
    time_point sent{};
    time_point came{};  ///< its head
    /// The wait was the server's alone.
    bool trusted = true;
  };

  /// `top`: the most requests that may be in flight, over all lanes. Without `adaptive` nothing is concluded.
  host_load(unsigned top, bool adaptive);

  async::slow_down pause;

  /// One request under way.
  class flight {
   public:
    flight() = default;
    explicit flight(std::atomic<unsigned>& count) noexcept : count_(&count) { ++*count_; }
    flight(flight&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    flight& operator=(flight&& other) noexcept {
      std::swap(count_, other.count_);
      return *this;
    }
    ~flight() {
      if (count_ != nullptr) --*count_;
    }

   private:
    std::atomic<unsigned>* count_ = nullptr;
  };
  /// Until the flight ends, which must be before this does.
  [[nodiscard]] flight take_off() noexcept { return flight(in_flight_); }
  /// Requests under way, over all lanes.
  [[nodiscard]] unsigned in_flight() const noexcept { return in_flight_.load(std::memory_order_relaxed); }

  void tell(const answer& heard) noexcept;
  /// No answer within the time limit.
  void tell_silence(time_point now) noexcept;
  /// There was more to send than the limit let through.
  void tell_full() noexcept { full_.store(true, std::memory_order_relaxed); }

  /// A 429 came, and nothing is sent before `resume`.
  void tell_refused(const answer& heard, time_point resume);

  /// Requests that may be in flight, over all lanes.
  [[nodiscard]] unsigned limit() const noexcept { return limit_.load(std::memory_order_relaxed); }
  [[nodiscard]] unsigned top() const noexcept { return top_; }

  /// Is there a pace to be kept?
  [[nodiscard]] bool paced() const noexcept { return pace_.limits(); }
  /// Requests a second; 0: any number.
  [[nodiscard]] double per_second() const noexcept { return pace_.per_second(); }
  /// Books a request start in the pace; see `async::rate_limiter::book`.
  [[nodiscard]] duration book(time_point now) { return pace_.book(now); }

 private:
  struct alignas(64) tally {
    std::atomic<std::uint64_t> answers{0};
    std::atomic<std::int64_t> total_ns{0};
    std::atomic<std::int64_t> least_ns{0};  ///< 0: none
  };

  void count(const answer& heard) noexcept;
  void conclude(time_point now) noexcept;
  void close_window(time_point now);
  void set_pace(time_point now);

  const unsigned top_;
  const bool adaptive_;
  std::atomic<unsigned> limit_;
  std::atomic<unsigned> in_flight_{0};
  async::rate_limiter pace_{0, 1};

  std::array<tally, core::load_window::kinds> seen_{};
  std::atomic<std::uint64_t> accepted_{0};  ///< in all
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<bool> full_{false};
  std::atomic<bool> doubtful_{false};
  std::atomic<std::int64_t> next_look_ns_{0};

  /// For what stands below; only ever tried on the way of an answer.
  std::mutex mutex_;
  core::flight_limit flight_;
  core::request_pace tempo_;
  time_point opened_{};
};

}  // namespace pofetch::http
