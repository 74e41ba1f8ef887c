#include "support/postgres_server.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <pwd.h>
#include <stdexcept>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace pofetch::test {
namespace {

namespace fs = std::filesystem;

/// The newest one; empty: none.
fs::path programs() {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& each : fs::directory_iterator("/usr/lib/postgresql", ignored))
    if (fs::exists(each.path() / "bin/initdb")) found.push_back(each.path() / "bin");
  return found.empty() ? fs::path() : *std::max_element(found.begin(), found.end());
}

const passwd* other_user() { return ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr; }

/// A program that dies with this one. Its output goes to `log`.
pid_t spawn(const std::string& line, const fs::path& log) {
  const passwd* user = other_user();
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (user != nullptr && (::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execl("/bin/sh", "sh", "-c", ("exec " + line).c_str(), nullptr);
  ::_exit(127);
}

bool ended_well(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

std::optional<std::string> postgres_server::is_missing() {
  if (programs().empty()) return "PostgreSQL is not installed (postgresql-15)";
  if (::geteuid() == 0 && other_user() == nullptr)
    return "there is no user postgres, and root must not run a server";
  return std::nullopt;
}

postgres_server::postgres_server() {
  // Short: the path of a socket has 107 bytes.
  std::string name = "/tmp/pofetch-pg-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder can be made at " + name);
  folder_ = name;
  if (const passwd* user = other_user();
      user != nullptr && ::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("the folder cannot be given away: " + name);
  run("initdb", "--no-sync --auth=trust --username=pofetch --encoding=UTF8 --locale=C -D " +
                    (folder_ / "data").native());
  start();
  wait();
}

postgres_server::~postgres_server() {
  if (server_ > 0) ::kill(server_, SIGQUIT);
  if (server_ > 0) static_cast<void>(ended_well(server_));
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void postgres_server::run(const std::string& program, const std::string& arguments) const {
  if (!ended_well(spawn((programs() / program).native() + " " + arguments, folder_ / "log")))
    throw std::runtime_error(program + " failed: see " + (folder_ / "log").native());
}

/// In this thread: a server ends with the one that has started it.
void postgres_server::start(const std::string& before) {
  const std::string line = (programs() / "postgres").native() + " -D " + (folder_ / "data").native() +
                           " -k " + folder_.native() +
                           " -c listen_addresses='' -c fsync=off -c max_connections=50";
  server_ = spawn("sh -c \"" + before + "exec " + line + "\"", folder_ / "log");
}

void postgres_server::wait() const {
  const std::string ask = (programs() / "pg_isready").native() + " -q -h " + folder_.native();
  for (int i = 0; i < 300; ++i) {
    if (ended_well(spawn(ask, folder_ / "log"))) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error("the server does not answer: see " + (folder_ / "log").native());
}

void postgres_server::crash_for(std::chrono::seconds time) {
  ::kill(server_, SIGQUIT);
  static_cast<void>(ended_well(server_));
  start("sleep " + std::to_string(time.count()) + "; ");
}

std::string postgres_server::url(const std::string& database) {
  const std::string at = "-h " + folder_.native() + " -U pofetch ";
  // Fails where it is there already.
  static_cast<void>(
      ended_well(spawn((programs() / "createdb").native() + " " + at + database, folder_ / "log")));
  return "postgresql://pofetch@/" + database + "?host=" + folder_.native();
}

}  // namespace pofetch::test
