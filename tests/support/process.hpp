#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace pofetch::test {

/// What to start and how.
struct process_setup {
  std::filesystem::path program;
  std::vector<std::string> arguments{};
  /// All variables that the program gets, but for PATH, which is the test's own unless it stands here.
  std::map<std::string, std::string> environment{};
  /// Working directory; empty: the test's own.
  std::filesystem::path folder{};
  /// What it reads from standard input.
  std::string input{};
  /// Runs on a terminal of its own; everything it writes is in `out()`.
  bool terminal = false;
  unsigned short columns = 100;
  unsigned short rows = 30;
};

/// Another program, run by a test. Killed and reaped when the object goes.
class process {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// Throws if it cannot be started. A program that is not there ends with 127.
  explicit process(const process_setup& setup);
  ~process();

  process(const process&) = delete;
  process& operator=(const process&) = delete;

  void send(int signal) const;
  /// The terminal gets another size, and the program is told.
  void resize(unsigned short columns, unsigned short rows) const;

  /// Reads until the text stands in what it wrote; false when time is up or it ended without.
  bool wait_for(std::string_view text, milliseconds timeout = std::chrono::seconds{30});
  /// Reads until it ends; false when time is up.
  bool wait(milliseconds timeout = std::chrono::seconds{60});

  /// After `wait`: the exit state, or -1 if a signal ended it.
  [[nodiscard]] int status() const noexcept { return status_; }
  /// After `wait`: the signal that ended it, or 0.
  [[nodiscard]] int signal() const noexcept { return signal_; }

  [[nodiscard]] const std::string& out() const noexcept { return out_; }
  [[nodiscard]] const std::string& err() const noexcept { return err_; }
  [[nodiscard]] pid_t id() const noexcept { return id_; }

 private:
  void start_on_pipes(const process_setup& setup);
  void start_on_terminal(const process_setup& setup);
  /// Reads once; false when nothing can come any more.
  bool read_some(std::chrono::steady_clock::time_point until);
  bool reap(std::chrono::steady_clock::time_point until);

  pid_t id_ = -1;
  int out_end_ = -1;
  int err_end_ = -1;
  bool running_ = false;
  int status_ = -1;
  int signal_ = 0;
  std::string out_;
  std::string err_;
};

}  // namespace pofetch::test
