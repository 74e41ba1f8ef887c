#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pofetch::cli {

/// What to do when lines come faster than they can be written.
enum class overflow {
  drop,  ///< people: leave lines out and say how many
  wait,  ///< programs: every line counts, the sender waits
};

/// Writes lines and frames from a thread of its own, so that a slow terminal does not hold up the engine.
class output_thread {
 public:
  /// Makes the text to write: `lines` came since the last time; `tick` is true once an interval, `last`
  /// at the end. Called on the thread only.
  using painter = std::function<std::string(const std::vector<std::string>& lines, bool tick, bool last)>;

  output_thread(int descriptor, std::chrono::milliseconds interval, overflow when_full, painter paint);
  /// Finishes.
  ~output_thread();

  output_thread(const output_thread&) = delete;
  output_thread& operator=(const output_thread&) = delete;

  /// Any thread. The line has no line break. Ignored after `finish`.
  void push(std::string line);

  /// Writes what is left and the last frame, and ends the thread. Any number of times, from one thread.
  void finish();

 private:
  void work();

  const int descriptor_;
  const std::chrono::milliseconds interval_;
  const overflow when_full_;
  const painter paint_;

  std::mutex guard_;
  std::condition_variable wake_;
  std::condition_variable room_;
  std::deque<std::string> lines_;
  std::size_t dropped_ = 0;
  bool ending_ = false;
  bool broken_ = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace pofetch::cli
