#include "http/address_rule.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace pofetch::http {
namespace {

using kind = core::address_class;

const std::vector<kind> inner{kind::private_,  kind::loopback,    kind::link_local, kind::unique_local,
                              kind::multicast, kind::unspecified, kind::reserved};

TEST_CASE("address rule: the open internet is always allowed") { CHECK(may_connect(kind::global, {})); }

TEST_CASE("address rule: any other address is refused for a hop that nobody vouches for") {
  for (const kind each : inner) {
    CAPTURE(to_string(each));
    CHECK_FALSE(may_connect(each, {}));
  }
}

TEST_CASE("address rule: own origin, user's own URL and --allow-host may go anywhere") {
  for (const kind each : inner) {
    CAPTURE(to_string(each));
    hop_facts own;
    own.own_origin = true;
    CHECK(may_connect(each, own));
    hop_facts named;
    named.user_named = true;
    CHECK(may_connect(each, named));
    hop_facts allowed;
    allowed.host_allowed = true;
    CHECK(may_connect(each, allowed));
  }
}

TEST_CASE(
    "address rule: where the exchange or the instance is at home, only the same kind of network is allowed") {
  for (const kind home : inner) {
    for (const kind target : inner) {
      CAPTURE(to_string(home));
      CAPTURE(to_string(target));
      hop_facts by_first_hop;
      by_first_hop.first_hop = home;
      CHECK(may_connect(target, by_first_hop) == (home == target));
      hop_facts by_instance;
      by_instance.instance = home;
      CHECK(may_connect(target, by_instance) == (home == target));
    }
  }
  hop_facts at_large;
  at_large.first_hop = kind::global;
  at_large.instance = kind::global;
  CHECK_FALSE(may_connect(kind::link_local, at_large));
}

}  // namespace
}  // namespace pofetch::http
