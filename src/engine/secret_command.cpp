#include "engine/secret_command.hpp"

#include "core/ascii.hpp"
#include "engine/refused.hpp"
#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"
#include "os/unique_fd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pofetch::engine {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t most_output = 64U << 10;
/// How often a wait looks whether the run was stopped.
constexpr int glance_ms = 50;

struct pipe_ends {
  os::unique_fd read;
  os::unique_fd write;

  [[nodiscard]] bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read = os::unique_fd(ends[0]);
    write = os::unique_fd(ends[1]);
    return true;
  }
};

/// How the child begins: input empty, output into the pipe, signals as a program expects them.
class start_plan {
 public:
  explicit start_plan(int output) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t usual;
    ::sigemptyset(&none);
    ::sigemptyset(&usual);
    for (const int each : {SIGPIPE, SIGINT, SIGTERM}) ::sigaddset(&usual, each);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  start_plan(const start_plan&) = delete;
  start_plan& operator=(const start_plan&) = delete;
  ~start_plan() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  /// 0 or errno.
  int start(pid_t& child, std::vector<std::string>& words) const {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    return ::posix_spawnp(&child, arguments.front(), &files_, &attributes_, arguments.data(), ::environ);
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

/// A child process that is never left behind.
class child_process {
 public:
  explicit child_process(pid_t id) : id_(id) {}
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process() {
    if (ended()) return;
    ::kill(id_, SIGKILL);
    static_cast<void>(os::uninterrupted([this] { return ::waitpid(id_, &status_, 0); }));
  }
  [[nodiscard]] bool ended() {
    if (!done_ && ::waitpid(id_, &status_, WNOHANG) == id_) done_ = true;
    return done_;
  }
  [[nodiscard]] int status() const noexcept { return status_; }

 private:
  pid_t id_;
  int status_ = 0;
  bool done_ = false;
};

struct watch {
  std::string name;
  std::chrono::milliseconds limit;
  steady::time_point deadline;
  const std::function<bool()>& stopped;

  /// Why waiting must end, if it must.
  [[nodiscard]] std::optional<failure> over() const {
    if (stopped && stopped()) return make_failure(errc::cancelled, "stopped before anything was started");
    if (steady::now() < deadline) return std::nullopt;
    return refused(fmt::format("{}, the --secret-command, was not done after {} s and was killed", name,
                               std::chrono::duration_cast<std::chrono::seconds>(limit).count()));
  }
};

result<std::string> read_output(int from, const watch& waiting) {
  std::string output;
  for (;;) {
    if (auto why = waiting.over()) return *why;
    pollfd ready{from, POLLIN, 0};
    if (::poll(&ready, 1, glance_ms) <= 0) continue;
    std::array<char, 4096> piece{};
    const ssize_t count = os::uninterrupted([&] { return ::read(from, piece.data(), piece.size()); });
    if (count <= 0) return output;
    const std::size_t room = most_output - output.size();
    output.append(piece.data(), std::min(room, static_cast<std::size_t>(count)));
  }
}

result<void> await_end(child_process& child, const watch& waiting) {
  while (!child.ended()) {
    if (auto why = waiting.over()) return *why;
    ::poll(nullptr, 0, 10);
  }
  const int status = child.status();
  if (WIFSIGNALED(status))
    return refused(
        fmt::format("{}, the --secret-command, was ended by signal {}", waiting.name, WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0)
    return refused(fmt::format("{}, the --secret-command, failed with exit status {}", waiting.name,
                               WEXITSTATUS(status)));
  return {};
}

}  // namespace

result<std::vector<std::string>> command_words(std::string_view text) {
  std::vector<std::string> words;
  bool within = false;  // a word has begun
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == '\0' && core::is_space(c)) {
      within = false;
      continue;
    }
    if (!within) words.emplace_back();
    within = true;
    if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = '\0';
    } else if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      words.back() += text[++i];
    } else {
      words.back() += c;
    }
  }
  if (quote != '\0') return refused("a quote in --secret-command does not end");
  if (words.empty() || words.front().empty()) return refused("there is no command in --secret-command");
  return words;
}

result<std::string> run_secret_command(std::string_view text, std::chrono::milliseconds limit,
                                       const std::function<bool()>& stopped) {
  auto words = command_words(text);
  if (!words) return words.error();
  pipe_ends output;
  if (!output.open())
    return refused("the --secret-command cannot be started, for want of a pipe; " + os::words_of(errno));
  pid_t id = 0;
  const std::string name = words->front();
  const int problem = start_plan(output.write.get()).start(id, *words);
  if (problem != 0)
    return refused(
        fmt::format("{}, the --secret-command, cannot be started: {}", name, os::words_of(problem)));
  child_process child(id);
  output.write.reset();
  const watch waiting{name, limit, steady::now() + limit, stopped};
  auto printed = read_output(output.read.get(), waiting);
  if (!printed) return printed.error();
  auto ended = await_end(child, waiting);
  if (!ended) return ended.error();
  const std::string_view line = std::string_view(*printed).substr(0, printed->find('\n'));
  if (core::trim(line).empty())
    return refused(fmt::format("{}, the --secret-command, printed no secret in its first line", name));
  return std::string(core::trim(line));
}

}  // namespace pofetch::engine
