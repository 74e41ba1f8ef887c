#include "cli/commands/stop_on_signal.hpp"

#include <csignal>

namespace pofetch::cli {

stop_on_signal::stop_on_signal() : signals_([this](int signal) { stop(signal); }) {}

stop_on_signal::watch::watch(stop_on_signal& signals, batch& job, screen& shown) : signals_(signals) {
  const std::lock_guard lock(signals_.guard_);
  signals_.job_ = &job;
  signals_.shown_ = &shown;
  if (signals_.early_ != 0) signals_.pass_on(signals_.early_);
}

stop_on_signal::watch::~watch() {
  const std::lock_guard lock(signals_.guard_);
  signals_.job_ = nullptr;
  signals_.shown_ = nullptr;
}

int stop_on_signal::stopped_by() {
  const std::lock_guard lock(guard_);
  return early_;
}

void stop_on_signal::stop(int signal) {
  const std::lock_guard lock(guard_);
  early_ = signal;
  if (job_ != nullptr) pass_on(signal);
}

void stop_on_signal::pass_on(int signal) {
  job_->request_stop(signal == SIGINT ? stop_reason::interrupted : stop_reason::terminated);
  shown_->say("Stopping: finishing what is under way, up to 5 s; press Ctrl-C again to stop at once.");
}

}  // namespace pofetch::cli
