#pragma once

#include "http/host_limits.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/clock.hpp>
#include <pofetch/progress.hpp>

#include <chrono>
#include <map>
#include <string>

namespace pofetch::engine {

/// Tells when hosts begin to be spared, when much changes about it, and when that is over.
class load_watch {
 public:
  /// Both must outlive it.
  load_watch(http::host_limits& limits, progress& events) : limits_(limits), events_(events) {}

  /// Looks once a second until it is cancelled.
  [[nodiscard]] awaitable<> run(clock& time);

  /// Tells what is new.
  void look(std::chrono::steady_clock::time_point now);

 private:
  http::host_limits& limits_;
  progress& events_;
  std::map<std::string, http::spared_host> told_;
};

}  // namespace pofetch::engine
