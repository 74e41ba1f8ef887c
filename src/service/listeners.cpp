#include "service/listeners.hpp"

#include "service/systemd/manager.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace pofetch::service {

namespace {

using settings::serve_options;

result<mode_t> read_mode(const std::string& text) {
  unsigned mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  if (error == std::errc{} && end == text.data() + text.size() && mode <= 0777)
    return static_cast<mode_t>(mode);
  return make_failure(errc::config, "--socket-mode: expected an octal number such as 0660.");
}

result<void> check_reach(const listening_socket& socket, const serve_options& options) {
  if (socket.is_loopback()) return {};
  if (options.tokens.empty())
    return make_failure(
        errc::config,
        fmt::format("--listen {}: others than this machine can reach it, so --tokens is needed.",
                    socket.place()));
  if (options.tls_cert.empty() && !options.plain_http)
    return make_failure(
        errc::config,
        fmt::format("--listen {}: what is sent there can be read on the way; give --tls-cert and --tls-key, "
                    "or let a proxy in front do TLS and say --plain-http.",
                    socket.place()));
  return {};
}

bool stands_in(const std::vector<listening_socket>& all, std::string_view place) {
  return std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.place() == place; });
}

/// What does not stand in `made` yet.
result<void> open_wanted(const std::vector<std::string>& wanted, mode_t mode,
                         std::vector<listening_socket>& made) {
  for (const std::string& each : wanted) {
    if (stands_in(made, each)) continue;
    const auto at = read_listen_address(each);
    if (!at) return at.error();
    auto socket = listening_socket::open(*at, mode);
    if (!socket) return socket.error();
    made.push_back(std::move(*socket));
  }
  return {};
}

}  // namespace

result<listeners> open_listeners(const serve_options& options) {
  const auto mode = read_mode(options.socket_mode);
  if (!mode) return mode.error();
  listeners made;
  for (handed_over& each : take_handed_over()) {
    auto socket = listening_socket::adopt(std::move(each.socket));
    if (!socket) return socket.error();
    (each.name == "metrics" ? made.metrics : made.api).push_back(std::move(*socket));
  }
  std::vector<std::string> wanted = options.listen;
  if (wanted.empty() && made.api.empty()) wanted.emplace_back("127.0.0.1:8080");
  auto opened = open_wanted(wanted, *mode, made.api);
  if (opened && !options.metrics_listen.empty())
    opened = open_wanted({options.metrics_listen}, *mode, made.metrics);
  if (!opened) return opened.error();
  for (const auto* each : {&made.api, &made.metrics})
    for (const listening_socket& socket : *each)
      if (auto fine = check_reach(socket, options); !fine) return fine.error();
  return made;
}

std::string url_of(const listening_socket& socket, bool tls) {
  if (socket.is_local()) return socket.place();
  return (tls ? "https://" : "http://") + socket.place();
}

}  // namespace pofetch::service
