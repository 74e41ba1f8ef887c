#pragma once

#include "core/url.hpp"
#include "http/time_limits.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pofetch::http {

/// Finds the addresses of hosts and remembers them for a minute, the one that answered first in line. IPv6
/// and IPv4 addresses alternate, so that a broken family costs a moment. Belongs to one executor.
class address_book {
 public:
  using tcp = boost::asio::ip::tcp;
  using time_point = std::chrono::steady_clock::time_point;

  explicit address_book(boost::asio::any_io_executor executor);

  /// `localhost` and names below it are this machine (RFC 6761 6.3).
  /// Failures: connection (no such host), timeout. Cancellable; a query under way ends by itself then.
  [[nodiscard]] awaitable<result<std::vector<tcp::endpoint>>> find(const core::origin& host,
                                                                   time_point deadline,
                                                                   const time_limits& limits);

  /// This address answered: it comes first the next time.
  void prefer(const core::origin& host, const tcp::endpoint& address);

  /// None of them answered: ask again the next time.
  void forget(const core::origin& host);

 private:
  struct entry {
    std::vector<tcp::endpoint> addresses;
    time_point valid_until{};
  };

  void remember(const std::string& key, const std::vector<tcp::endpoint>& addresses);

  boost::asio::any_io_executor executor_;
  std::map<std::string, entry, std::less<>> known_;
};

/// In the given order, but with the two families in turn.
[[nodiscard]] std::vector<boost::asio::ip::tcp::endpoint> alternate_families(
    const std::vector<boost::asio::ip::tcp::endpoint>& addresses);

}  // namespace pofetch::http
