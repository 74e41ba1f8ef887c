#include "support/origin.hpp"
#include "support/origin_line.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdio>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pofetch::testing {
namespace {

/// Passes on what one side has to say; false when it has ended.
bool relay(int from, int to) {
  std::array<char, 16384> buffer{};
  const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  for (ssize_t sent = 0; sent < got;) {
    const ssize_t count =
        ::send(to, buffer.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += count;
  }
  return true;
}

int connect_to(std::uint16_t port) {
  const int target = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(target, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return target;
  ::close(target);
  return -1;
}

}  // namespace

std::string origin_request::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

bool origin_peer::send(std::string_view bytes) { return line_.send(bytes); }

bool origin_peer::send_head(int status, const fields& list) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " Status\r\n";
  for (const auto& [name, value] : list) head += name + ": " + value + "\r\n";
  return send(head + "\r\n");
}

bool origin_peer::reply(int status, std::string_view body, const fields& list) {
  fields all = list;
  all.emplace_back("Content-Length", std::to_string(body.size()));
  return send_head(status, all) && send(body);
}

bool origin_peer::send_chunk(std::string_view bytes) {
  std::array<char, 20> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return send(std::string(size.data()) + std::string(bytes) + "\r\n");
}

bool origin_peer::drip(std::string_view bytes, std::chrono::milliseconds pause) {
  for (const char& byte : bytes) {
    if (!send(std::string_view(&byte, 1)) || !stall(pause)) return false;
  }
  return true;
}

void origin_peer::close() { line_.close(); }

void origin_peer::cut() { line_.cut(); }

void origin_peer::reset() { line_.reset(); }

bool origin_peer::stall(std::chrono::milliseconds span) { return line_.wait(span); }

void origin_peer::tunnel_to(std::uint16_t port) {
  const int target = connect_to(port);
  bool both = target >= 0;
  while (both && !line_.ended()) {
    std::array<pollfd, 2> ends{pollfd{line_.descriptor(), POLLIN, 0}, pollfd{target, POLLIN, 0}};
    // The time-out is for `interrupt`, which a shut-down socket would not always show.
    if (::poll(ends.data(), ends.size(), 100) < 0) break;
    if (ends[0].revents != 0) both = relay(ends[0].fd, target);
    if (both && ends[1].revents != 0) both = relay(target, ends[0].fd);
  }
  if (target >= 0) ::close(target);
  line_.cut();
}

}  // namespace pofetch::testing
