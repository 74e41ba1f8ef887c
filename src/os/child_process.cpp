#include "os/child_process.hpp"

#include "os/uninterrupted.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace pofetch::os {
namespace {

/// Where the kernel cannot mark all of them at once.
constexpr int most_descriptors = 65'536;

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

/// The paths that the program may have, as execvp looks for it.
std::vector<std::string> paths_of(const std::string& program) {
  if (program.find('/') != std::string::npos) return {program};
  const char* const told = std::getenv("PATH");
  const std::string path = told != nullptr ? told : "/bin:/usr/bin";
  std::vector<std::string> all;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find(':', start), path.size());
    all.push_back(end == start ? program : path.substr(start, end - start) + '/' + program);
    start = end + 1;
  }
  return all;
}

/// What the child needs: between fork and exec nothing may allocate.
struct new_life {
  std::vector<char*> paths;
  std::vector<char*> arguments;
  char* const* variables;
  int nowhere;
  int told;  ///< gets the errno if there is no program to become
};

/// Exec does not close it then, also if it is there already.
void put(int descriptor, int there) {
  if (descriptor == there)
    ::fcntl(there, F_SETFD, 0);
  else
    ::dup2(descriptor, there);
}

void go_apart() {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  // Not all of this process are closed by exec, as its sockets: who holds them keeps connections up.
  if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  for (int descriptor = 3; descriptor < most_descriptors; ++descriptor)
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

[[noreturn]] void become(const new_life& next, const child_plan& plan) {
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) std::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (plan.apart) go_apart();
  put(next.nowhere, STDIN_FILENO);
  put(plan.output < 0 ? next.nowhere : plan.output, STDOUT_FILENO);
  if (!plan.shares_errors) put(next.nowhere, STDERR_FILENO);
  int error = ENOENT;
  for (std::size_t i = 0; next.paths[i] != nullptr; ++i) {
    ::execve(next.paths[i], next.arguments.data(), next.variables);
    if (error != EACCES) error = errno;
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) break;
  }
  [[maybe_unused]] const ssize_t written = ::write(next.told, &error, sizeof error);
  ::_exit(127);
}

}  // namespace

std::optional<pipe_ends> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return pipe_ends{unique_fd(ends[0]), unique_fd(ends[1])};
}

int child_process::start(const child_plan& plan) {
  const unique_fd nowhere(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nowhere) return errno;
  auto failed = make_pipe();
  if (!failed) return errno;
  const std::vector<std::string> paths = paths_of(plan.words.front());
  const std::vector<char*> variables = pointers_to(plan.variables);
  const new_life next{pointers_to(paths), pointers_to(plan.words),
                      plan.variables.empty() ? ::environ : variables.data(), nowhere.get(),
                      failed->write.get()};
  id_ = ::fork();
  if (id_ == 0) become(next, plan);
  if (id_ < 0) return errno;
  apart_ = plan.apart;
  failed->write.reset();
  int error = 0;
  // Nothing comes where exec has closed the other end.
  const ssize_t count = uninterrupted([&] { return ::read(failed->read.get(), &error, sizeof error); });
  if (count <= 0) return 0;
  kill_and_reap();
  return error;
}

bool child_process::ended() {
  // An error is an end, too: the system may have been set to reap children by itself.
  if (id_ > 0 && ::waitpid(id_, &status_, WNOHANG) != 0) id_ = -1;
  return id_ < 0;
}

void child_process::send(int signal) {
  if (!ended()) ::kill(id_, signal);
}

void child_process::kill_and_reap() {
  if (ended()) return;
  ::kill(apart_ ? -id_ : id_, SIGKILL);
  static_cast<void>(uninterrupted([this] { return ::waitpid(id_, &status_, 0); }));
  id_ = -1;
}

}  // namespace pofetch::os
