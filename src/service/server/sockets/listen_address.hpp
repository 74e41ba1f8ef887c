#pragma once

#include "os/unique_fd.hpp"

#include <pofetch/error.hpp>

#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/types.h>

namespace pofetch::service {

/// A value of --listen: `127.0.0.1:8080`, `[::1]:0`, `localhost:8080`, `unix:/run/pofetch/api.sock`.
struct listen_address {
  std::string host{};
  std::string port{};
  /// Of a Unix socket; then the others are empty.
  std::string path{};
};

/// Failure `config`.
[[nodiscard]] result<listen_address> read_listen_address(std::string_view text);

/// A socket that listens.
class listening_socket {
 public:
  /// Failures: config (the address is none, is in use, or is not this machine's), permission, disk. A Unix
  /// socket has its mode before it has its name, and takes the place of one that nobody listens on any more.
  [[nodiscard]] static result<listening_socket> open(const listen_address& at, mode_t mode);

  /// One that was opened for us and listens already. Its name in the file system is not ours to remove.
  [[nodiscard]] static result<listening_socket> adopt(os::unique_fd socket);

  ~listening_socket();
  listening_socket(listening_socket&& other) noexcept = default;
  listening_socket& operator=(listening_socket&&) = delete;

  [[nodiscard]] int handle() const noexcept { return socket_.get(); }
  [[nodiscard]] bool is_local() const noexcept { return family_ == AF_UNIX; }
  /// Can it be reached from this machine only?
  [[nodiscard]] bool is_loopback() const noexcept { return loopback_; }
  [[nodiscard]] int family() const noexcept { return family_; }
  /// `127.0.0.1:8080`, `unix:/run/pofetch/api.sock`.
  [[nodiscard]] const std::string& place() const noexcept { return place_; }

 private:
  listening_socket() = default;
  [[nodiscard]] static result<listening_socket> open_tcp(const listen_address& at);
  [[nodiscard]] static result<listening_socket> open_local(const std::string& path, mode_t mode);
  void learn_place();

  os::unique_fd socket_;
  os::unique_fd lock_;
  /// Of a Unix socket that we have made, and so remove.
  std::string path_;
  std::string place_;
  int family_ = 0;
  bool loopback_ = true;
};

}  // namespace pofetch::service
