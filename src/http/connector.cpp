#include "http/connector.hpp"

#include "core/setting_text.hpp"

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
result<void> apply_rules(endpoints& addresses, const core::origin& to, const hop_facts& hop, bool to_link) {
  const auto kind = classify_endpoint(addresses.front());
  if (to.scheme == "http") {
    std::erase_if(addresses, [&](const auto& each) {
      const auto of = classify_endpoint(each);
      return of != core::address_class::loopback &&
             !(to_link && hop.own_origin && of == core::address_class::link_local);
    });
    if (addresses.empty())
      return make_failure(
          hop.own_origin ? errc::config : errc::blocked_redirect,
          fmt::format("plain HTTP is possible to this machine itself only, and {} is another one", to.host));
  }
  std::erase_if(addresses, [&hop](const auto& each) { return !may_connect(classify_endpoint(each), hop); });
  if (!addresses.empty()) return {};
  return make_failure(errc::blocked_redirect,
                      core::sentence("a link or redirect to {} is refused: its address is not one of the "
                                     "open internet but {} (@allow_host {} would allow it)",
                                     to.host, core::to_string(kind), to.host));
}

/// The proxy resolves the name: what can be judged here is the name.
result<void> check_behind_proxy(const core::origin& to, const hop_facts& hop) {
  const auto kind = class_behind_proxy(to.host);
  if (may_connect(kind, hop)) return {};
  return make_failure(errc::blocked_redirect,
                      core::sentence("a link or redirect to {} is refused: by its name it is no host of the "
                                     "open internet but {} (@allow_host {} would allow it)",
                                     to.host, core::to_string(kind), to.host));
}

failure not_reached(const proxy& via, failure why) {
  why.message = fmt::format("{} cannot be reached: {}", via.shown(), why.message);
  return why;
}

}  // namespace

awaitable<result<std::unique_ptr<connection>>> open_connection(client_lane& lane, traffic& seen,
                                                               const core::origin& to, const hop_facts& hop,
                                                               const time_limits& limits) {
  using opened_type = result<std::unique_ptr<connection>>;
  if (to.scheme != "https" && !lane.config.allow_http)
    co_return make_failure(
        errc::blocked_redirect,
        fmt::format("plain HTTP is refused (http://{}); only https:// is fetched", to.host));
  if (hop.own_origin && !lane.config.unix_path.empty()) {
    auto local = std::make_unique<connection>(lane.executor, to, lane.config.max_header_size);
    auto reached = local->open_local(lane.config.unix_path);
    if (!reached) co_return reached.error();
    seen.connections.fetch_add(1, std::memory_order_relaxed);
    co_return opened_type(std::move(local));
  }
  const auto deadline = std::min(std::chrono::steady_clock::now() + limits.connect, limits.request_deadline);
  const bool through = lane.company_proxy && lane.company_proxy->leads_to(to, hop.own_origin);
  const proxy* via = through ? &*lane.company_proxy : nullptr;
  const core::origin& next = through ? via->where() : to;
  if (through) {
    auto allowed = check_behind_proxy(to, hop);
    if (!allowed) co_return allowed.error();
  }
  auto found = co_await lane.addresses.find(next, deadline, limits);
  if (!found) co_return through ? not_reached(*via, found.error()) : found.error();
  if (!through) {
    auto allowed = apply_rules(*found, to, hop, lane.config.plain_to_link);
    if (!allowed) co_return allowed.error();
  }

  auto made = std::make_unique<connection>(lane.executor, to, lane.config.max_header_size);
  seen.connections.fetch_add(1, std::memory_order_relaxed);
  const auto resumed_before = lane.tls->resumed();
  const connection::opening how{*found, deadline, hop.own_origin, via, lane.config.user_agent};
  auto opened = co_await made->open(*lane.tls, how, limits);
  if (!opened) {
    lane.addresses.forget(next);
    co_return opened.error();
  }
  lane.addresses.prefer(next, made->address());
  seen.resumed_handshakes.fetch_add(lane.tls->resumed() - resumed_before, std::memory_order_relaxed);
  co_return opened_type(std::move(made));
}

}  // namespace pofetch::http
