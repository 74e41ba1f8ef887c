#include "http/address_book.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace pofetch::http {
namespace {

using endpoint = boost::asio::ip::tcp::endpoint;

std::string mixed(const std::vector<std::string>& addresses) {
  std::vector<endpoint> list;
  for (const auto& each : addresses) list.emplace_back(boost::asio::ip::make_address(each), 443);
  std::string text;
  for (const auto& each : alternate_families(list)) text += each.address().to_string() + " ";
  return text;
}

TEST_CASE("address book: the families take turns, beginning with that of the first address") {
  CHECK(mixed({}).empty());
  CHECK(mixed({"192.0.2.1"}) == "192.0.2.1 ");
  CHECK(mixed({"192.0.2.1", "192.0.2.2"}) == "192.0.2.1 192.0.2.2 ");
  CHECK(mixed({"2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2", "192.0.2.3"}) ==
        "2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 192.0.2.3 ");
  CHECK(mixed({"192.0.2.1", "192.0.2.2", "2001:db8::1"}) == "192.0.2.1 2001:db8::1 192.0.2.2 ");
}

TEST_CASE("address book: localhost is this machine, without asking anybody") {
  boost::asio::io_context context;
  address_book book(context.get_executor());
  for (const std::string name : {"localhost", "LocalHost", "coupa.localhost", "localhost."}) {
    CAPTURE(name);
    const core::origin host{"https", name, 8443};
    context.restart();
    auto found = boost::asio::co_spawn(context, book.find(host, std::chrono::steady_clock::now(), {}),
                                       boost::asio::use_future);
    context.run();
    const auto addresses = found.get();
    REQUIRE(addresses);
    REQUIRE(addresses->size() == 2);
    for (const auto& each : *addresses) {
      CHECK(each.address().is_loopback());
      CHECK(each.port() == 8443);
    }
  }
}

}  // namespace
}  // namespace pofetch::http
