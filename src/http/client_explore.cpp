// The way to an origin, step by step, for somebody who wants to know where it ends.
#include "http/client.hpp"
#include "http/client_lane.hpp"
#include "http/connector.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::http {

namespace {

using steady = std::chrono::steady_clock;

std::chrono::milliseconds since(steady::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - start);
}

}  // namespace

awaitable<result<void>> client::explore(std::string url, way_facts& found) {
  client_lane& lane = *lane_;
  auto to = core::origin_of(url);
  if (!to) co_return to.error();
  time_limits limits;
  limits.connect = lane.config.connect_timeout;
  limits.idle = lane.config.idle_timeout;
  hop_facts hop;
  hop.own_origin = lane.is_own(*to);
  const bool through = lane.company_proxy && lane.company_proxy->leads_to(*to, hop.own_origin);
  if (through) found.proxy = lane.company_proxy->shown();
  const core::origin& next = through ? lane.company_proxy->where() : *to;
  auto start = steady::now();
  auto addresses = co_await lane.addresses.find(next, start + limits.connect, limits);
  found.resolving = since(start);
  if (!addresses) co_return addresses.error();
  for (const auto& each : *addresses) found.addresses.push_back(each.address().to_string());
  start = steady::now();
  auto opened = co_await open_connection(lane, guest_->seen, *to, hop, limits);
  found.connecting = since(start);
  if (!opened) co_return opened.error();
  found.certificate = (*opened)->certificate();
  co_return result<void>{};
}

}  // namespace pofetch::http
