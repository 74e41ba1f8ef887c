#include "service/neighbours.hpp"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace pofetch::test {

namespace {

using steady = std::chrono::steady_clock;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(port);
  return at;
}

bool somebody_listens(std::uint16_t port) {
  const sockaddr_in at = loopback(port);
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool good = ::connect(probe, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  ::close(probe);
  return good;
}

/// The least that it starts with. Pid and log files go to the test's folder.
std::string nginx_file(const std::string& folder, const std::string& from, const std::string& to) {
  return "daemon off;\nmaster_process off;\npid " + folder + "/pid;\nerror_log " + folder +
         "/error.log;\nevents {}\nhttp {\n  access_log off;\n  client_body_temp_path " + folder +
         "/body;\n  proxy_temp_path " + folder + "/proxy;\n  fastcgi_temp_path " + folder +
         "/fastcgi;\n  uwsgi_temp_path " + folder + "/uwsgi;\n  scgi_temp_path " + folder +
         "/scgi;\n  server {\n    listen " + from + ";\n    location / { proxy_pass http://" + to +
         "; }\n  }\n}\n";
}

/// haproxy wants to be told its timeouts; the ones of its own example.
std::string haproxy_file(const std::string& from, const std::string& to) {
  return "defaults\n  mode http\n  timeout connect 5s\n  timeout client 50s\n  timeout server 50s\n"
         "frontend all\n  bind " +
         from + "\n  default_backend service\nbackend service\n  server pofetch " + to + "\n";
}

}  // namespace

std::string path_of(std::string_view name) {
  for (const char* folder : {"/usr/local/bin/", "/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"}) {
    std::string path = folder + std::string(name);
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

std::uint16_t free_port() {
  sockaddr_in at = loopback(0);
  socklen_t size = sizeof at;
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto* const address = reinterpret_cast<sockaddr*>(&at);
  const bool good = ::bind(made, address, sizeof at) == 0 && ::getsockname(made, address, &size) == 0;
  ::close(made);
  if (!good) throw std::runtime_error("no free port");
  return ntohs(at.sin_port);
}

std::string in_address(std::string_view path) {
  std::string made;
  for (const char c : path) {
    std::array<char, 4> escape{};
    std::snprintf(escape.data(), escape.size(), "%%%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    made += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '.'
                ? std::string(1, c)
                : std::string(escape.data());
  }
  return made;
}

ended curl(const words& more) {
  process_setup made;
  made.program = path_of("curl");
  made.arguments = with({"--silent", "--show-error", "--max-time", "60"}, more);
  process running(made);
  REQUIRE_MESSAGE(running.wait(), running.err());
  return {running.status(), running.out(), running.err()};
}

proxy_in_front::proxy_in_front(std::string_view kind, const std::string& to) {
  const std::uint16_t port = free_port();
  const std::string from = "127.0.0.1:" + std::to_string(port);
  process_setup made;
  made.program = path_of(kind);
  if (kind == "nginx") {
    const std::string file = folder_.file("conf", nginx_file(folder_.path().string(), from, to));
    made.arguments = {"-c", file, "-p", folder_.path().string(), "-e", (folder_ / "error.log").string()};
  } else {
    made.arguments = {"-f", folder_.file("conf", haproxy_file(from, to)), "-db"};
  }
  running_ = std::make_unique<process>(made);
  where_ = "http://" + from;
  const auto until = steady::now() + std::chrono::seconds{20};
  while (!somebody_listens(port)) {
    if (running_->wait(std::chrono::milliseconds{20}) || steady::now() > until)
      throw std::runtime_error("the proxy does not start: " + running_->out() + running_->err());
  }
}

notify_socket::notify_socket() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strncpy(at.sun_path, path().c_str(), sizeof at.sun_path - 1);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
    throw std::runtime_error("no socket for words to systemd");
}

notify_socket::~notify_socket() { ::close(socket_); }

bool notify_socket::hear(std::chrono::milliseconds limit) {
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(limit.count())) <= 0) return false;
  std::array<char, 4096> bytes{};
  const ssize_t count = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (count > 0) heard_.append(bytes.data(), static_cast<std::size_t>(count)).push_back('\n');
  return count > 0;
}

const std::string& notify_socket::heard() {
  while (hear(std::chrono::milliseconds{0})) {
  }
  return heard_;
}

bool notify_socket::wait_for(std::string_view text, std::size_t times, std::chrono::milliseconds limit) {
  const auto until = steady::now() + limit;
  while (count(heard_, text) < times) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady::now());
    if (left.count() <= 0) return false;
    hear(left);
  }
  return true;
}

}  // namespace pofetch::test
