#include "core/encoding.hpp"

#include <doctest/doctest.h>

using namespace pofetch::core;
using namespace std::string_literals;

TEST_CASE("encoding: hexadecimal, both ways") {
  CHECK(to_hex("\0\x0f\xff"s) == "000fff");
  CHECK(from_hex("000FfF") == "\0\x0f\xff"s);
  CHECK(from_hex("") == "");
  CHECK_FALSE(from_hex("0").has_value());
  CHECK_FALSE(from_hex("0g").has_value());
  CHECK_FALSE(from_hex("0x10").has_value());
}

TEST_CASE("encoding: base64, RFC 4648 section 10") {
  const std::pair<std::string, std::string> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"},
                                                      {"\xff\xfe\xfd", "//79"}};
  for (const auto& row : rows) {
    const auto& plain = row.first;
    const auto& coded = row.second;
    CAPTURE(coded);
    CHECK(base64_encode(plain) == coded);
    CHECK(base64_decode(coded) == plain);
    CHECK(base64_decode(coded.substr(0, coded.find('='))) == plain);
  }
}

TEST_CASE("encoding: base64, broken text gives nothing") {
  for (const auto* text :
       {"Z", "Zg=", "Zg===", "Zm9v=", "=", "====", "Zm 9v", "Zm9-", "Zh==", "Zm9=", "Zg==Zg==", "Z=g="}) {
    CAPTURE(text);
    CHECK_FALSE(base64_decode(text).has_value());
  }
}

TEST_CASE("encoding: base64, every byte comes back") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    CHECK(base64_decode(base64_encode(bytes)) == bytes);
    CHECK(from_hex(to_hex(bytes)) == bytes);
  }
}
