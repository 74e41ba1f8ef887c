#include "cli/commands/stop_signals.hpp"

#include <pthread.h>
#include <unistd.h>
#include <utility>

namespace pofetch::cli {

namespace {

bool is_ignored(int signal) {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

stop_signals::stop_signals(std::function<void(int signal)> stop) : stop_(std::move(stop)) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  ::sigemptyset(&watched_);
  ::sigaddset(&watched_, SIGINT);
  ::sigaddset(&watched_, SIGTERM);
  if (!is_ignored(SIGHUP)) ::sigaddset(&watched_, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &watched_, &before_);
  waiting_ = std::thread([this] { wait_for_signals(); });
}

stop_signals::~stop_signals() {
  done_ = true;
  ::pthread_kill(waiting_.native_handle(), SIGTERM);  // only wakes it: the signal is blocked in every thread
  waiting_.join();
  if (stopping_.joinable()) stopping_.join();
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void stop_signals::wait_for_signals() {
  for (;;) {
    int signal = 0;
    if (::sigwait(&watched_, &signal) != 0) continue;
    if (done_) return;
    if (stopping_.joinable()) ::_exit(128 + (signal == SIGINT ? SIGINT : SIGTERM));
    stopping_ = std::thread([this, signal] { stop_(signal); });
  }
}

}  // namespace pofetch::cli

// A second signal ends the process at once, whatever its threads are at; that is no leak of theirs.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() { return "report_thread_leaks=0"; }
#endif
#endif
