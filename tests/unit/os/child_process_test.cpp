#include "os/child_process.hpp"

#include "os/read_write.hpp"
#include "support/results.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace pofetch;
using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

using lines = std::vector<std::string>;

/// What the program writes until nobody can write any more.
std::string output_of(os::child_plan plan) {
  auto output = os::make_pipe();
  REQUIRE(output);
  plan.output = output->write.get();
  os::child_process child;
  REQUIRE(child.start(plan) == 0);
  output->write.reset();
  return os::read_file("/dev/fd/" + std::to_string(output->read.get()), 1U << 20).bytes;
}

lines shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

void await(os::child_process& child) {
  while (!child.ended()) ::poll(nullptr, 0, 5);
}

void write_program(const fs::path& file, std::string_view text) {
  write_file(file, text);
  fs::permissions(file, fs::perms(0755));
}

}  // namespace

TEST_CASE("child process: arguments as they are, empty input, output where it was asked for") {
  CHECK(output_of({.words = {"/bin/echo", "a b", "", "$HOME;", "`id`"}}) == "a b  $HOME; `id`\n");
  CHECK(output_of({.words = {"echo", "found in PATH"}}) == "found in PATH\n");
  CHECK(output_of({.words = shell("read x || echo empty")}) == "empty\n");
  CHECK(output_of({.words = shell("echo \"$A,$B\""), .variables = {"A=1", "B=2"}}) == "1,2\n");
  CHECK(output_of({.words = shell("echo kept; echo lost >&2"), .shares_errors = false}) == "kept\n");
}

TEST_CASE("child process: how it ended") {
  const struct {
    const char* script;
    int signal;
    int status;
  } rows[] = {{"exit 0", 0, 0}, {"exit 3", 0, 3}, {"kill -9 $$", SIGKILL, 0}, {"kill -15 $$", SIGTERM, 0}};
  for (const auto& row : rows) {
    CAPTURE(row.script);
    os::child_process child;
    REQUIRE(child.start({.words = shell(row.script)}) == 0);
    await(child);
    if (row.signal != 0) {
      CHECK(WIFSIGNALED(child.status()));
      CHECK(WTERMSIG(child.status()) == row.signal);
    } else {
      CHECK(WIFEXITED(child.status()));
      CHECK(WEXITSTATUS(child.status()) == row.status);
    }
  }
}

TEST_CASE("child process: what cannot be run is the errno, and no shell tries it") {
  const temp_dir folder;
  const std::string plain = folder.file("plain", "echo no");
  const std::string bare = folder.file("bare", "");
  write_program(bare, "echo run by a shell\n");
  const struct {
    std::string program;
    int error;
  } rows[] = {
      {"no-such-program-here", ENOENT}, {"/no/such/program", ENOENT},  {plain, EACCES},
      {folder.path().string(), EACCES}, {plain + "/program", ENOTDIR}, {bare, ENOEXEC},
  };
  for (const auto& row : rows) {
    for (const bool apart : {false, true}) {
      CAPTURE(row.program);
      CAPTURE(apart);
      os::child_process child;
      CHECK(child.start({.words = {row.program}, .apart = apart}) == row.error);
      CHECK(child.ended());
    }
  }
}

TEST_CASE("child process: gone with the object, and with its group if it is apart") {
  for (const bool apart : {false, true}) {
    CAPTURE(apart);
    auto alive = os::make_pipe();
    REQUIRE(alive);
    {
      os::child_process child;
      // The inner one holds the pipe open, too.
      const std::string script = apart ? "sleep 600 & sleep 600" : "exec sleep 600";
      REQUIRE(child.start({.words = shell(script), .output = alive->write.get(), .apart = apart}) == 0);
      CHECK_FALSE(child.ended());
    }
    alive->write.reset();
    pollfd hung{alive->read.get(), POLLIN, 0};
    CHECK(::poll(&hung, 1, 10'000) == 1);
    CHECK((hung.revents & POLLHUP) != 0);
  }
}

TEST_CASE("child process: told to end, it does, with the signals that a program expects") {
  ::signal(SIGTERM, SIG_IGN);
  sigset_t blocked;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  REQUIRE(::sigprocmask(SIG_BLOCK, &blocked, nullptr) == 0);
  os::child_process child;
  const int error = child.start({.words = {"sleep", "600"}});
  ::sigprocmask(SIG_UNBLOCK, &blocked, nullptr);
  ::signal(SIGTERM, SIG_DFL);
  REQUIRE(error == 0);
  child.send(SIGTERM);
  await(child);
  CHECK(WTERMSIG(child.status()) == SIGTERM);
  child.send(SIGTERM);  // nobody is there any more
}

TEST_CASE("child process: apart, it holds no descriptor of this process, else those that exec leaves open") {
  const temp_dir folder;
  const std::string path = folder.file("held", "");
  const os::unique_fd held(::open(path.c_str(), O_RDONLY));
  for (const bool apart : {false, true}) {
    CAPTURE(apart);
    const std::string held_path = "/proc/self/fd/" + std::to_string(held.get());
    const std::string seen =
        output_of({.words = shell("test -e " + held_path + " && echo held"), .apart = apart});
    CHECK(seen == (apart ? "" : "held\n"));
  }
}

TEST_CASE("child process: apart, it has a process group of its own") {
  const auto group_of = [](bool apart) {
    // The fifth field of its entry (proc(5)).
    return output_of({.words = {"/bin/sh", "-c", "read -r a b c d group rest </proc/self/stat; echo $group"},
                      .apart = apart});
  };
  const std::string own = std::to_string(::getpgrp()) + "\n";
  CHECK(group_of(false) == own);
  CHECK(group_of(true) != own);
}
