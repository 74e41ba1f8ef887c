#include "http/address_book.hpp"

#include "core/setting_text.hpp"
#include "http/proxy.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

namespace pofetch::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds lifetime{60};
constexpr std::size_t max_names = 256;
/// More addresses of one host than this are left out.
constexpr std::size_t max_addresses = 16;

/// Shared with the query, which cannot be interrupted and may end after everybody has gone.
struct lookup {
  asio::ip::tcp::resolver resolver;
  asio::steady_timer done;
  error_code error;
  std::vector<asio::ip::tcp::endpoint> addresses;
  bool finished = false;

  lookup(const asio::any_io_executor& executor, asio::steady_timer::time_point deadline)
      : resolver(executor), done(executor, deadline) {}
};

void start(const std::shared_ptr<lookup>& query, const core::origin& host) {
  query->resolver.async_resolve(
      host.host, std::to_string(host.port), asio::ip::resolver_base::numeric_service,
      [query](const error_code& error, const asio::ip::tcp::resolver::results_type& found) {
        query->error = error;
        query->finished = true;
        for (const auto& each : found) query->addresses.push_back(each.endpoint());
        query->done.cancel();
      });
}

std::vector<asio::ip::tcp::endpoint> loopback(std::uint16_t port) {
  return {{asio::ip::address_v4::loopback(), port}, {asio::ip::address_v6::loopback(), port}};
}

}  // namespace

std::vector<asio::ip::tcp::endpoint> alternate_families(
    const std::vector<asio::ip::tcp::endpoint>& addresses) {
  if (addresses.empty()) return {};
  const bool first_is_v6 = addresses.front().address().is_v6();
  std::vector<asio::ip::tcp::endpoint> leading;
  std::vector<asio::ip::tcp::endpoint> other;
  for (const auto& each : addresses)
    (each.address().is_v6() == first_is_v6 ? leading : other).push_back(each);
  std::vector<asio::ip::tcp::endpoint> mixed;
  for (std::size_t i = 0; i < std::max(leading.size(), other.size()); ++i) {
    if (i < leading.size()) mixed.push_back(leading[i]);
    if (i < other.size()) mixed.push_back(other[i]);
  }
  return mixed;
}

address_book::address_book(asio::any_io_executor executor) : executor_(std::move(executor)) {}

awaitable<result<std::vector<asio::ip::tcp::endpoint>>> address_book::find(const core::origin& host,
                                                                           time_point deadline,
                                                                           const time_limits& limits) {
  using found_type = result<std::vector<tcp::endpoint>>;
  error_code no_literal;
  const auto literal = asio::ip::make_address(host.host, no_literal);
  if (!no_literal) co_return found_type(std::vector<tcp::endpoint>(1, tcp::endpoint(literal, host.port)));
  const std::string key = core::to_string(host);
  const auto hit = known_.find(key);
  if (hit != known_.end() && std::chrono::steady_clock::now() < hit->second.valid_until)
    co_return found_type(hit->second.addresses);

  if (is_loopback_name(host.host)) {
    // Never asked for: a machine may have no hosts file, and a name server of somebody else has no say in it.
    auto here = loopback(host.port);
    remember(key, here);
    co_return found_type(std::move(here));
  }
  auto query = std::make_shared<lookup>(executor_, deadline);
  start(query, host);
  error_code woken;
  co_await query->done.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (!query->finished) {
    query->resolver.cancel();
    if (woken) throw boost::system::system_error(asio::error::operation_aborted);
    co_return make_failure(
        errc::timeout, core::sentence("the name {} was not resolved within {} (@connect_timeout)", host.host,
                                      in_seconds(limits.connect)));
  }
  auto addresses = alternate_families(query->addresses);
  if (query->error || addresses.empty())
    co_return make_failure(errc::connection,
                           fmt::format("the name {} cannot be resolved: {}", host.host,
                                       query->error ? query->error.message() : "it has no address"));
  if (addresses.size() > max_addresses) addresses.resize(max_addresses);
  remember(key, addresses);
  co_return found_type(std::move(addresses));
}

void address_book::remember(const std::string& key, const std::vector<tcp::endpoint>& addresses) {
  if (known_.size() >= max_names) known_.clear();
  known_[key] = entry{addresses, std::chrono::steady_clock::now() + lifetime};
}

void address_book::prefer(const core::origin& host, const tcp::endpoint& address) {
  const auto hit = known_.find(core::to_string(host));
  if (hit == known_.end()) return;
  auto& addresses = hit->second.addresses;
  const auto place = std::find(addresses.begin(), addresses.end(), address);
  if (place != addresses.end()) std::rotate(addresses.begin(), place, place + 1);
}

void address_book::forget(const core::origin& host) {
  const auto hit = known_.find(core::to_string(host));
  if (hit != known_.end()) known_.erase(hit);
}

}  // namespace pofetch::http
