#pragma once

#include "cli/commands/stop_signals.hpp"
#include "cli/screen/screen.hpp"

#include <pofetch/batch.hpp>

#include <mutex>

namespace pofetch::cli {

/// Lets signals stop a batch. Made before any thread; a signal that comes before `watch` stops the batch
/// then.
class stop_on_signal {
 public:
  stop_on_signal();

  stop_on_signal(const stop_on_signal&) = delete;
  stop_on_signal& operator=(const stop_on_signal&) = delete;

  /// The signal that came; 0: none. Any thread.
  [[nodiscard]] int stopped_by();

  /// As long as it lives, signals reach the batch, and a line tells the person.
  class watch {
   public:
    watch(stop_on_signal& signals, batch& job, screen& shown);
    ~watch();
    watch(const watch&) = delete;
    watch& operator=(const watch&) = delete;

   private:
    stop_on_signal& signals_;
  };

 private:
  void stop(int signal);
  void pass_on(int signal);

  std::mutex guard_;
  batch* job_ = nullptr;
  screen* shown_ = nullptr;
  int early_ = 0;
  stop_signals signals_;  // last: its thread uses all of the above
};

}  // namespace pofetch::cli
