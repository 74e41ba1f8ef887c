#include "support/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace pofetch::test {

namespace {

using clock = std::chrono::steady_clock;

[[noreturn]] void give_up(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/// The program's words and variables in the form that execve takes. Made before the fork: afterwards memory
/// must not be touched.
class exec_image {
 public:
  explicit exec_image(const process_setup& setup)
      : program_(setup.program.string()), folder_(setup.folder.string()) {
    words_.push_back(program_);
    words_.insert(words_.end(), setup.arguments.begin(), setup.arguments.end());
    const char* const path = std::getenv("PATH");
    if (path != nullptr && !setup.environment.contains("PATH"))
      variables_.push_back(std::string("PATH=") + path);
    for (const auto& [name, value] : setup.environment) variables_.push_back(name + "=" + value);
    for (std::string& word : words_) word_pointers_.push_back(word.data());
    for (std::string& variable : variables_) variable_pointers_.push_back(variable.data());
    word_pointers_.push_back(nullptr);
    variable_pointers_.push_back(nullptr);
  }

  [[noreturn]] void run() const {
    for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(each, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (folder_.empty() || ::chdir(folder_.c_str()) == 0) {
      ::execve(program_.c_str(), word_pointers_.data(), variable_pointers_.data());
    }
    ::_exit(127);
  }

 private:
  std::string program_;
  std::string folder_;
  std::vector<std::string> words_;
  std::vector<std::string> variables_;
  std::vector<char*> word_pointers_;
  std::vector<char*> variable_pointers_;
};

/// A descriptor that reads this text and then ends.
int reading(const std::string& text) {
  std::FILE* const file = std::tmpfile();
  if (file == nullptr) give_up("tmpfile");
  std::fwrite(text.data(), 1, text.size(), file);
  std::fflush(file);
  const int end = ::fcntl(::fileno(file), F_DUPFD_CLOEXEC, 0);
  std::fclose(file);
  if (end < 0 || ::lseek(end, 0, SEEK_SET) != 0) give_up("standard input");
  return end;
}

int milliseconds_until(clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
}

void take(int& end, short happened, std::string& into) {
  if (end < 0 || happened == 0) return;
  std::array<char, 65536> piece{};
  const ssize_t count = ::read(end, piece.data(), piece.size());
  if (count > 0) {
    into.append(piece.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || errno != EINTR) {
    ::close(end);  // a terminal whose other side is gone reads as EIO
    end = -1;
  }
}

}  // namespace

process::process(const process_setup& setup) {
  if (setup.terminal) {
    start_on_terminal(setup);
  } else {
    start_on_pipes(setup);
  }
  running_ = true;
}

process::~process() {
  if (running_) {
    ::kill(id_, SIGKILL);
    int ignored = 0;
    ::waitpid(id_, &ignored, 0);
  }
  if (out_end_ >= 0) ::close(out_end_);
  if (err_end_ >= 0) ::close(err_end_);
}

void process::start_on_pipes(const process_setup& setup) {
  const exec_image image(setup);
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0) give_up("pipe2");
  const int in = reading(setup.input);
  id_ = ::fork();
  if (id_ < 0) give_up("fork");
  if (id_ == 0) {
    ::dup2(in, STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    image.run();
  }
  ::close(in);
  ::close(out[1]);
  ::close(err[1]);
  out_end_ = out[0];
  err_end_ = err[0];
}

void process::start_on_terminal(const process_setup& setup) {
  const exec_image image(setup);
  winsize size{setup.rows, setup.columns, 0, 0};
  id_ = ::forkpty(&out_end_, nullptr, nullptr, &size);
  if (id_ < 0) give_up("forkpty");
  if (id_ == 0) image.run();
}

void process::send(int signal) const {
  if (running_) ::kill(id_, signal);
}

void process::resize(unsigned short columns, unsigned short rows) const {
  const winsize size{rows, columns, 0, 0};
  ::ioctl(out_end_, TIOCSWINSZ, &size);
}

bool process::read_some(clock::time_point until) {
  if (out_end_ < 0 && err_end_ < 0) return false;
  std::array<pollfd, 2> ends{pollfd{out_end_, POLLIN, 0}, pollfd{err_end_, POLLIN, 0}};
  if (::poll(ends.data(), ends.size(), milliseconds_until(until)) <= 0) return true;
  take(out_end_, ends[0].revents, out_);
  take(err_end_, ends[1].revents, err_);
  return true;
}

bool process::wait_for(std::string_view text, milliseconds timeout) {
  const auto until = clock::now() + timeout;
  for (;;) {
    if (out_.find(text) != std::string::npos || err_.find(text) != std::string::npos) return true;
    if (clock::now() >= until || !read_some(until)) return false;
  }
}

bool process::wait(milliseconds timeout) {
  const auto until = clock::now() + timeout;
  while (clock::now() < until && read_some(until)) {
  }
  return reap(until);
}

bool process::reap(clock::time_point until) {
  while (running_) {
    int state = 0;
    if (::waitpid(id_, &state, WNOHANG) == id_) {
      running_ = false;
      if (WIFEXITED(state)) status_ = WEXITSTATUS(state);
      if (WIFSIGNALED(state)) signal_ = WTERMSIG(state);
    } else if (clock::now() >= until) {
      return false;
    } else {
      std::this_thread::yield();
    }
  }
  return true;
}

}  // namespace pofetch::test
