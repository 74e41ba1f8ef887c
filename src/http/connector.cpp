#include "http/connector.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace pofetch::http {

namespace {

using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

/// Leaves in `addresses` those that may be connected to.
result<void> apply_rules(endpoints& addresses, const core::origin& to, const hop_facts& hop) {
  const auto kind = classify_endpoint(addresses.front());
  if (to.scheme == "http") {
    std::erase_if(addresses,
                  [](const auto& each) { return classify_endpoint(each) != core::address_class::loopback; });
    if (addresses.empty())
      return make_failure(
          hop.own_origin ? errc::config : errc::blocked_redirect,
          fmt::format("plain HTTP is possible to this machine itself only, and {} is another one", to.host));
  }
  std::erase_if(addresses, [&hop](const auto& each) { return !may_connect(classify_endpoint(each), hop); });
  if (!addresses.empty()) return {};
  return make_failure(errc::blocked_redirect,
                      fmt::format("a link or redirect to {} is refused: its address is not one of the open "
                                  "internet but {} (--allow-host {} would allow it)",
                                  to.host, core::to_string(kind), to.host));
}

}  // namespace

awaitable<result<std::unique_ptr<connection>>> open_connection(client_lane& lane, const core::origin& to,
                                                               const hop_facts& hop,
                                                               const time_limits& limits) {
  using opened_type = result<std::unique_ptr<connection>>;
  if (to.scheme != "https" && !lane.config.allow_http)
    co_return make_failure(
        errc::blocked_redirect,
        fmt::format("plain HTTP is refused (http://{}); only https:// is fetched", to.host));
  const auto deadline = std::min(std::chrono::steady_clock::now() + limits.connect, limits.request_deadline);
  auto found = co_await lane.addresses.find(to, deadline, limits);
  if (!found) co_return found.error();
  auto allowed = apply_rules(*found, to, hop);
  if (!allowed) co_return allowed.error();

  auto made = std::make_unique<connection>(lane.executor, to, lane.config.max_header_size);
  lane.shared.connections.fetch_add(1, std::memory_order_relaxed);
  const auto resumed_before = lane.tls->resumed();
  auto opened = co_await made->open(*lane.tls, *found, deadline, limits);
  if (!opened) {
    lane.addresses.forget(to);
    co_return opened.error();
  }
  lane.addresses.prefer(to, made->address());
  lane.shared.resumed_handshakes.fetch_add(lane.tls->resumed() - resumed_before, std::memory_order_relaxed);
  co_return opened_type(std::move(made));
}

}  // namespace pofetch::http
