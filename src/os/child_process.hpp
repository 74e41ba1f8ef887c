#pragma once

#include "os/unique_fd.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace pofetch::os {

/// Both ends of a pipe, closed by exec.
struct pipe_ends {
  unique_fd read;
  unique_fd write;
};

/// None: errno tells why.
[[nodiscard]] std::optional<pipe_ends> make_pipe();

/// What to start and how. Its standard input is empty.
struct child_plan {
  /// The program and its arguments; one without a slash is looked for in PATH.
  std::vector<std::string> words;
  /// All variables that it gets (`NAME=value`); none: those of this process.
  std::vector<std::string> variables{};
  /// Its standard output; -1: goes nowhere.
  int output = -1;
  /// Its standard error is that of this process; if not, goes nowhere.
  bool shares_errors = true;
  /// It has a process group of its own, so that a Ctrl-C at the terminal does not reach it, is asked to end
  /// (SIGTERM) if this process is killed, and holds no descriptor of this process.
  bool apart = false;
};

/// Another program, which does not outlive the object: it is killed then, with its group if it has one, and
/// reaped.
class child_process {
 public:
  child_process() = default;
  ~child_process() { kill_and_reap(); }

  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// Once. 0 or an errno, also of a program that cannot be run. No shell has a part in it.
  [[nodiscard]] int start(const child_plan& plan);

  /// Has it ended, or was never started? Does not wait.
  [[nodiscard]] bool ended();
  /// As of waitpid, once it has ended; 0 where the system reaps children by itself.
  [[nodiscard]] int status() const noexcept { return status_; }

  /// Unless it has ended.
  void send(int signal);
  void kill_and_reap();

 private:
  pid_t id_ = -1;
  int status_ = 0;
  bool apart_ = false;
};

}  // namespace pofetch::os
