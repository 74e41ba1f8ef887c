#pragma once

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace pofetch::service {

/// Asks every lane of the service for a sign of life, and knows which ones do not answer. Belongs to one
/// executor, but for what the lanes do.
class heartbeat {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// A lane that says nothing for so long is stuck.
  static constexpr std::chrono::seconds longest_silence{10};

  /// `heard` gets how long each answer took, on the lane that gave it; it must outlive the lanes' work.
  heartbeat(std::vector<boost::asio::any_io_executor> lanes, std::function<void(duration)> heard);

  /// Asks each second, until it is cancelled. To be awaited on the service's executor.
  awaitable<> run();
  /// Asks those lanes that owe no answer.
  void beat(time_point now);

  /// How long the slowest lane has been silent; zero: all have answered.
  [[nodiscard]] duration silence(time_point now) const;
  /// Does every lane answer? What /healthz says, and what systemd's watchdog is fed by.
  [[nodiscard]] bool is_alive(time_point now) const { return silence(now) < longest_silence; }

 private:
  struct lane;
  std::vector<std::shared_ptr<lane>> lanes_;
  std::function<void(duration)> heard_;
};

}  // namespace pofetch::service
