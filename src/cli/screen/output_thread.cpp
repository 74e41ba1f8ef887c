#include "cli/screen/output_thread.hpp"

#include "os/read_write.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace pofetch::cli {

namespace {

constexpr std::size_t most_lines = 4096;

}  // namespace

output_thread::output_thread(int descriptor, std::chrono::milliseconds interval, overflow when_full,
                             painter paint)
    : descriptor_(descriptor),
      interval_(interval),
      when_full_(when_full),
      paint_(std::move(paint)),
      thread_([this] { work(); }) {}

output_thread::~output_thread() { finish(); }

void output_thread::push(std::string line) {
  std::unique_lock lock(guard_);
  if (when_full_ == overflow::wait) {
    room_.wait(lock, [&] { return lines_.size() < most_lines || ending_ || broken_; });
  }
  if (ending_ || broken_) return;
  if (lines_.size() >= most_lines) {
    ++dropped_;
    return;
  }
  lines_.push_back(std::move(line));
  wake_.notify_one();
}

void output_thread::finish() {
  {
    const std::lock_guard lock(guard_);
    ending_ = true;
  }
  wake_.notify_one();
  room_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void output_thread::work() {
  auto next_tick = std::chrono::steady_clock::now() + interval_;
  bool last = false;
  while (!last) {
    std::vector<std::string> lines;
    {
      std::unique_lock lock(guard_);
      wake_.wait_until(lock, next_tick, [&] { return ending_ || !lines_.empty(); });
      lines.assign(std::move_iterator(lines_.begin()), std::move_iterator(lines_.end()));
      lines_.clear();
      if (dropped_ > 0) lines.push_back(fmt::format("... {} further messages are not shown", dropped_));
      dropped_ = 0;
      last = ending_;
    }
    room_.notify_all();
    const auto now = std::chrono::steady_clock::now();
    const bool tick = now >= next_tick;
    if (tick) next_tick = now + interval_;
    if (os::write_all(descriptor_, paint_(lines, tick, last)) != 0) {
      const std::lock_guard lock(guard_);
      broken_ = true;
      lines_.clear();
    }
  }
}

}  // namespace pofetch::cli
