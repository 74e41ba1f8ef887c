#include "cli/stop_on_signal.hpp"

#include <csignal>

namespace pofetch::cli {

stop_on_signal::stop_on_signal() : signals_([this](int signal) { stop(signal); }) {}

void stop_on_signal::watch(batch& job, screen& shown) {
  const std::lock_guard lock(guard_);
  job_ = &job;
  shown_ = &shown;
  if (early_ != 0) pass_on(early_);
}

void stop_on_signal::release() {
  const std::lock_guard lock(guard_);
  job_ = nullptr;
  shown_ = nullptr;
}

void stop_on_signal::stop(int signal) {
  const std::lock_guard lock(guard_);
  early_ = signal;
  if (job_ != nullptr) pass_on(signal);
}

void stop_on_signal::pass_on(int signal) {
  shown_->say("Stopping: finishing what is under way, up to 5 s; press Ctrl-C again to stop at once.");
  job_->request_stop(signal == SIGINT ? stop_reason::interrupted : stop_reason::terminated);
}

}  // namespace pofetch::cli
