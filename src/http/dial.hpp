#pragma once

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <optional>
#include <span>

namespace pofetch::http {

/// How the attempt to reach one of several addresses ended.
struct dialled {
  using tcp = boost::asio::ip::tcp;

  /// Connected; nothing: none of them answered.
  std::optional<tcp::socket> socket{};
  /// The one that answered, else the last that failed.
  tcp::endpoint address{};
  /// Without a socket: why that one failed; none: nobody had answered by the deadline.
  boost::system::error_code error{};
};

/// Connects to the first of the addresses that answers (RFC 8305 5): while one is silent, the next is tried
/// as well a quarter of a second later, and at once when one has refused. What is not needed is closed before
/// this returns. Cancellable.
[[nodiscard]] awaitable<dialled> dial(boost::asio::any_io_executor executor,
                                      std::span<const boost::asio::ip::tcp::endpoint> addresses,
                                      std::chrono::steady_clock::time_point deadline);

}  // namespace pofetch::http
