#include "core/address.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::core;
using kind = address_class;

TEST_CASE("address: text, class by the IANA registries") {
  struct row {
    std::string text;
    kind expected;
  };
  const row rows[] = {
      {"8.8.8.8", kind::global},
      {"1.0.0.1", kind::global},
      {"223.255.255.254", kind::global},
      {"0.0.0.0", kind::unspecified},
      {"0.255.0.1", kind::unspecified},
      {"9.255.255.255", kind::global},
      {"10.0.0.0", kind::private_},
      {"10.255.255.255", kind::private_},
      {"11.0.0.0", kind::global},
      {"100.63.255.255", kind::global},
      {"100.64.0.1", kind::private_},
      {"100.127.255.255", kind::private_},
      {"100.128.0.0", kind::global},
      {"127.0.0.1", kind::loopback},
      {"127.255.255.254", kind::loopback},
      {"169.254.169.254", kind::link_local},
      {"169.253.0.1", kind::global},
      {"172.15.255.255", kind::global},
      {"172.16.0.1", kind::private_},
      {"172.31.255.255", kind::private_},
      {"172.32.0.0", kind::global},
      {"192.0.0.1", kind::reserved},
      {"192.0.2.1", kind::reserved},
      {"192.168.1.1", kind::private_},
      {"192.169.0.1", kind::global},
      {"198.17.255.255", kind::global},
      {"198.18.0.1", kind::reserved},
      {"198.19.255.255", kind::reserved},
      {"198.51.100.7", kind::reserved},
      {"203.0.113.7", kind::reserved},
      {"224.0.0.1", kind::multicast},
      {"239.255.255.255", kind::multicast},
      {"240.0.0.1", kind::reserved},
      {"255.255.255.255", kind::reserved},
      {"::", kind::unspecified},
      {"::1", kind::loopback},
      {"::2", kind::reserved},
      {"::127.0.0.1", kind::reserved},  // IPv4-compatible, long given up
      {"2606:4700:4700::1111", kind::global},
      {"2000::", kind::global},
      {"3ffe::1", kind::global},
      {"4000::1", kind::reserved},
      {"fc00::1", kind::unique_local},
      {"fdff:ffff::1", kind::unique_local},
      {"fe00::1", kind::reserved},
      {"fe80::1", kind::link_local},
      {"febf::1", kind::link_local},
      {"fec0::1", kind::unique_local},
      {"ff02::1", kind::multicast},
      {"2001:db8::1", kind::reserved},
      {"2001::1", kind::reserved},
      {"2001:0:808:808::1", kind::reserved},  // Teredo
      {"100::1", kind::reserved},             // discard
      {"5f00::1", kind::reserved},
      {"feff::1", kind::unique_local},
      {"192.88.99.1", kind::reserved},
      {"64:ff9b:1:a00::1", kind::private_},
      {"64:ff9b:2::1", kind::reserved},
      {"2001:1ff::1", kind::reserved},
      {"2001:200::1", kind::global},
      {"3fff:fff::1", kind::reserved},
      {"3fff:1000::1", kind::global},
      {"64:ff9b:1::1", kind::private_},
      {"[::1]", kind::loopback},
      {"fe80::1%eth0", kind::link_local},
      {"[fe80::1%25eth0]", kind::link_local},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    const auto got = classify_address(std::string_view(r.text));
    REQUIRE(got.has_value());
    CHECK(to_string(*got) == to_string(r.expected));
  }
}

TEST_CASE("address: IPv6 with an IPv4 address in it, judged by that one") {
  struct row {
    std::string text;
    kind expected;
  };
  const row rows[] = {
      {"::ffff:127.0.0.1", kind::loopback},    {"::ffff:10.1.2.3", kind::private_},
      {"::ffff:8.8.8.8", kind::global},        {"::ffff:169.254.169.254", kind::link_local},
      {"64:ff9b::7f00:1", kind::loopback},     {"64:ff9b::192.168.0.1", kind::private_},
      {"64:ff9b::808:808", kind::global},      {"2002:7f00:1::", kind::loopback},
      {"2002:a9fe:a9fe::1", kind::link_local}, {"2002:808:808::1", kind::global},
      {"::ffff:0.0.0.0", kind::unspecified},
  };
  for (const auto& r : rows) {
    CAPTURE(r.text);
    const auto got = classify_address(std::string_view(r.text));
    REQUIRE(got.has_value());
    CHECK(to_string(*got) == to_string(r.expected));
  }
}

TEST_CASE("address: no address, nothing") {
  for (const std::string text : {"", "localhost", "127.1", "0x7f.0.0.1", "256.1.1.1", "1.2.3.4.5",
                                 ":::", "[::1", "::1]", "12345::", "1.2.3.4%1", "2130706433"}) {
    CAPTURE(text);
    CHECK_FALSE(classify_address(std::string_view(text)).has_value());
  }
}

TEST_CASE("address: bytes, same classes as text") {
  CHECK(classify_address(ipv4_bytes{127, 0, 0, 1}) == kind::loopback);
  CHECK(classify_address(ipv4_bytes{93, 184, 216, 34}) == kind::global);
  CHECK(classify_address(ipv6_bytes{0xfe, 0x80}) == kind::link_local);
  CHECK(classify_address(ipv6_bytes{}) == kind::unspecified);
}

TEST_CASE("address: IPv6 has one form to compare by") {
  const struct {
    const char* text;
    const char* form;
  } rows[] = {
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"0001:0DB8:0:0:1:0:0:0", "1:db8:0:0:1::"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},  // the first of two that are as long
      {"2001:db8:0:1:1:1:1:1", "2001:db8::1:1:1:1:1"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"::ffff:1.2.3.4", "::ffff:1.2.3.4"},
      {"::FFFF:102:304", "::ffff:1.2.3.4"},
      {"::1.2.3.4", "::102:304"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto bytes = parse_ipv6(row.text);
    REQUIRE(bytes);
    CHECK(to_string(*bytes) == row.form);
  }
}

TEST_CASE("address: what is no address in text") {
  for (const std::string_view text :
       {std::string_view(""), std::string_view("01.2.3.4"), std::string_view("1.2.3"),
        std::string_view("1.2.3.4 "), std::string_view("1.2.3.256"), std::string_view("1.2.3.4\0", 8),
        std::string_view("::1\0x", 5), std::string_view("[::1]"), std::string_view("fe80::1%eth0"),
        std::string_view("00001::"), std::string_view("1:2:3:4:5:6:7:8:9")}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(parse_ipv4(text));
    CHECK_FALSE(parse_ipv6(text));
  }
}
