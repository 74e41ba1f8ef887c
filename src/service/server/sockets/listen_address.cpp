#include "service/server/sockets/listen_address.hpp"

#include "core/address.hpp"
#include "core/ascii.hpp"
#include "os/failure_of.hpp"
#include "service/server/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace pofetch::service {

namespace {

constexpr int backlog = 1024;

failure cannot_listen(std::string_view at, std::string_view why) {
  return make_failure(errc::config, fmt::format("--listen {}: {}.", at, why));
}
failure cannot_listen(std::string_view at, int error) { return cannot_listen(at, os::words_of(error)); }

struct free_addresses {
  void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

/// `127.0.0.1:8080` of a socket, or `unix:PATH`.
std::string name_of_socket(int socket) {
  sockaddr_storage own{};
  socklen_t size = sizeof own;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  auto* const address = reinterpret_cast<sockaddr*>(&own);
  if (::getsockname(socket, address, &size) != 0) return {};
  if (own.ss_family == AF_UNIX) return "unix:" + std::string(reinterpret_cast<sockaddr_un&>(own).sun_path);
  if (::getnameinfo(address, size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return {};
  const std::string_view form = own.ss_family == AF_INET6 ? "[{}]:{}" : "{}:{}";
  return fmt::format(fmt::runtime(form), host.data(), port.data());
}

bool fill(sockaddr_un& into, const std::string& path) {
  into.sun_family = AF_UNIX;
  if (path.size() >= sizeof into.sun_path) return false;
  std::memcpy(into.sun_path, path.c_str(), path.size() + 1);
  return true;
}

/// Is the name free, or that of a socket on which nobody listens? Only a refused connection proves that.
bool is_free(const sockaddr_un& at) {
  struct stat facts {};
  if (::lstat(at.sun_path, &facts) != 0) return errno == ENOENT;
  if (!S_ISSOCK(facts.st_mode)) return false;
  const os::unique_fd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!probe) return false;
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) return false;
  return errno == ECONNREFUSED;
}

}  // namespace

result<listen_address> read_listen_address(std::string_view text) {
  constexpr std::string_view local = "unix:";
  listen_address made;
  if (text.starts_with(local)) {
    made.path = text.substr(local.size());
    if (made.path.empty()) return cannot_listen(text, "a path is missing behind unix:");
    return made;
  }
  const std::size_t colon = text.rfind(':');
  std::string_view host = text.substr(0, std::min(colon, text.size()));
  const auto port =
      colon == std::string_view::npos ? std::nullopt : core::parse_unsigned(text.substr(colon + 1));
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!port || *port > 65'535 || host.empty() || (!bracketed && host.find(':') != std::string_view::npos))
    return cannot_listen(text, "expected HOST:PORT, [ADDRESS]:PORT or unix:PATH");
  made.host = host;
  made.port = std::to_string(*port);
  return made;
}

result<listening_socket> listening_socket::open(const listen_address& at, mode_t mode) {
  return at.path.empty() ? open_tcp(at) : open_local(at.path, mode);
}

result<listening_socket> listening_socket::open_tcp(const listen_address& at) {
  const std::string shown = at.host + ":" + at.port;
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  if (const int error = ::getaddrinfo(at.host.c_str(), at.port.c_str(), &hints, &list); error != 0)
    return cannot_listen(shown, ::gai_strerror(error));
  const std::unique_ptr<addrinfo, free_addresses> owner(list);
  listening_socket made;
  made.family_ = list->ai_family;
  made.socket_ = os::unique_fd(::socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int one = 1;
  if (!made.socket_) return cannot_listen(shown, errno);
  ::setsockopt(made.handle(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (::bind(made.handle(), list->ai_addr, list->ai_addrlen) != 0 || ::listen(made.handle(), backlog) != 0)
    return cannot_listen(shown, errno);
  made.learn_place();
  return made;
}

void listening_socket::learn_place() {
  place_ = name_of_socket(handle());
  const std::string_view host = std::string_view(place_).substr(0, place_.rfind(':'));
  loopback_ = is_local() || core::classify_address(host) == core::address_class::loopback;
}

result<listening_socket> listening_socket::adopt(os::unique_fd socket) {
  listening_socket made;
  made.socket_ = std::move(socket);
  int type = 0;
  int listens = 0;
  socklen_t size = sizeof type;
  socklen_t same_size = sizeof listens;
  socklen_t family_size = sizeof made.family_;
  const int flags = ::fcntl(made.handle(), F_GETFL);
  if (::getsockopt(made.handle(), SOL_SOCKET, SO_TYPE, &type, &size) != 0 ||
      ::getsockopt(made.handle(), SOL_SOCKET, SO_ACCEPTCONN, &listens, &same_size) != 0 ||
      ::getsockopt(made.handle(), SOL_SOCKET, SO_DOMAIN, &made.family_, &family_size) != 0 ||
      type != SOCK_STREAM || listens == 0 || flags < 0 ||
      ::fcntl(made.handle(), F_SETFL, flags | O_NONBLOCK) != 0)
    return make_failure(errc::config, "What systemd has opened is no socket that streams are accepted from.");
  made.learn_place();
  return made;
}

result<listening_socket> listening_socket::open_local(const std::string& path, mode_t mode) {
  const std::string shown = "unix:" + path;
  sockaddr_un final_name{};
  sockaddr_un first_name{};
  const std::string fresh = path + "." + new_mark().substr(0, 6);
  if (!fill(final_name, path) || !fill(first_name, fresh))
    return cannot_listen(shown, "the path is too long");
  listening_socket made;
  made.lock_ =
      os::unique_fd(::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!made.lock_) return cannot_listen(shown, errno);
  if (::flock(made.lock_.get(), LOCK_EX | LOCK_NB) != 0)
    return cannot_listen(shown, "another service listens there");
  if (!is_free(final_name))
    return cannot_listen(shown, "what stands there is no socket that nobody listens on; remove it yourself");
  made.family_ = AF_UNIX;
  made.socket_ = os::unique_fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made.socket_ ||
      ::bind(made.handle(), reinterpret_cast<const sockaddr*>(&first_name), sizeof first_name) != 0)
    return cannot_listen(shown, errno);
  if (::chmod(fresh.c_str(), mode) != 0 || ::listen(made.handle(), backlog) != 0 ||
      ::rename(fresh.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(fresh.c_str());
    return cannot_listen(shown, error);
  }
  made.path_ = path;
  made.place_ = shown;
  return made;
}

listening_socket::~listening_socket() {
  if (socket_ && !path_.empty()) ::unlink(path_.c_str());
}

}  // namespace pofetch::service
