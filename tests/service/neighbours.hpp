#pragma once

#include "cli/program.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pofetch::test {

/// Full path of a program of this machine; empty: it is not there.
[[nodiscard]] std::string path_of(std::string_view name);

/// A port of 127.0.0.1 that was free a moment ago.
[[nodiscard]] std::uint16_t free_port();

/// A path as it stands in an address.
[[nodiscard]] std::string in_address(std::string_view path);

/// Runs curl, silent, to its end. What it writes is in `out`.
[[nodiscard]] ended curl(const words& more);

/// A proxy between clients and a service, with the settings that it has when nobody changes them.
class proxy_in_front {
 public:
  /// `nginx` or `haproxy`; `to`: `127.0.0.1:PORT`. Waits until it listens.
  proxy_in_front(std::string_view kind, const std::string& to);

  /// `http://127.0.0.1:PORT`.
  [[nodiscard]] const std::string& where() const noexcept { return where_; }

 private:
  temp_dir folder_;
  std::string where_;
  std::unique_ptr<process> running_;
};

/// What systemd listens on for words from its services.
class notify_socket {
 public:
  notify_socket();
  ~notify_socket();
  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;

  [[nodiscard]] std::string path() const { return (folder_ / "notify").string(); }
  /// Everything that has come so far.
  [[nodiscard]] const std::string& heard();
  /// Waits until the text has come so often.
  bool wait_for(std::string_view text, std::size_t times = 1,
                std::chrono::milliseconds limit = std::chrono::seconds{20});

 private:
  bool hear(std::chrono::milliseconds limit);

  temp_dir folder_;
  int socket_ = -1;
  std::string heard_;
};

}  // namespace pofetch::test
