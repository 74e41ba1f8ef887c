#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace pofetch::cli {

/// Turns SIGINT, SIGTERM and SIGHUP (unless that is ignored, as under nohup) into calls on an ordinary
/// thread: the first calls `stop` with the signal, a second ends the process at once with 128 + signal.
/// To be made before any other thread, since threads inherit the mask. Also makes SIGPIPE and SIGXFSZ
/// harmless: they come back as errors of the write. One at a time.
class stop_signals {
 public:
  explicit stop_signals(std::function<void(int signal)> stop);
  /// Puts the mask of the calling thread back as it was.
  ~stop_signals();

  stop_signals(const stop_signals&) = delete;
  stop_signals& operator=(const stop_signals&) = delete;

 private:
  void wait_for_signals();

  const std::function<void(int signal)> stop_;
  sigset_t watched_{};
  sigset_t before_{};
  std::atomic<bool> done_{false};
  // `stop` has a thread of its own: it may wait for a terminal that is held, and the second signal must not.
  std::thread stopping_;
  std::thread waiting_;  // last: it uses all of the above
};

}  // namespace pofetch::cli
