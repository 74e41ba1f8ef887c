#include "http/address_book.hpp"

#include <boost/asio/ip/address.hpp>
#include <doctest/doctest.h>

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

}  // namespace
}  // namespace pofetch::http
