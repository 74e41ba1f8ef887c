#include "sources/coupa_api/token/secret_command.hpp"

#include "core/ascii.hpp"
#include "core/refused.hpp"
#include "core/setting_text.hpp"
#include "os/child_process.hpp"
#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"
#include "os/unique_fd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace pofetch::sources {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t most_output = 64U << 10;
/// How often a wait looks whether the run was stopped.
constexpr int glance_ms = 50;

/// The command may ask a person there; it could not from a process group of its own. Where nobody can be
/// asked, it gets one, so that what it has started ends with it.
bool has_terminal() { return os::unique_fd(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)).get() >= 0; }

struct watch {
  std::string name;
  std::chrono::milliseconds limit;
  steady::time_point deadline;
  const std::function<bool()>& stopped;

  /// Why waiting must end, if it must.
  [[nodiscard]] std::optional<failure> over() const {
    if (stopped && stopped()) return make_failure(errc::cancelled, "stopped before anything was started");
    if (steady::now() < deadline) return std::nullopt;
    return core::refused(core::sentence("{}, the @secret_command, was not done after {} s and was killed",
                                        name,
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

result<void> await_end(os::child_process& child, const watch& waiting) {
  while (!child.ended()) {
    if (auto why = waiting.over()) return *why;
    ::poll(nullptr, 0, 10);
  }
  const int status = child.status();
  if (WIFSIGNALED(status))
    return core::refused(
        core::sentence("{}, the @secret_command, was ended by signal {}", waiting.name, WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0)
    return core::refused(core::sentence("{}, the @secret_command, failed with exit status {}", waiting.name,
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
  if (quote != '\0') return core::refused(core::spelled("a quote in @secret_command does not end"));
  if (words.empty() || words.front().empty())
    return core::refused(core::spelled("there is no command in @secret_command"));
  return words;
}

result<std::string> run_secret_command(std::string_view text, std::chrono::milliseconds limit,
                                       const std::function<bool()>& stopped) {
  auto words = command_words(text);
  if (!words) return words.error();
  auto output = os::make_pipe();
  if (!output)
    return core::refused(core::spelled("the @secret_command cannot be started, for want of a pipe; ") +
                         os::words_of(errno));
  const std::string name = words->front();
  os::child_process child;
  os::child_plan plan{.words = std::move(*words), .output = output->write.get()};
  plan.apart = !has_terminal();
  const int problem = child.start(plan);
  if (problem != 0)
    return core::refused(
        core::sentence("{}, the @secret_command, cannot be started: {}", name, os::words_of(problem)));
  output->write.reset();
  const watch waiting{name, limit, steady::now() + limit, stopped};
  auto printed = read_output(output->read.get(), waiting);
  if (!printed) return printed.error();
  auto ended = await_end(child, waiting);
  if (!ended) return ended.error();
  const std::string_view line = std::string_view(*printed).substr(0, printed->find('\n'));
  if (core::trim(line).empty())
    return core::refused(
        core::sentence("{}, the @secret_command, printed no secret in its first line", name));
  return std::string(core::trim(line));
}

}  // namespace pofetch::sources
