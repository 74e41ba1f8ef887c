#include "core/ascii.hpp"

#include <doctest/doctest.h>

using namespace pofetch::core;

TEST_CASE("ascii: letters, digits and controls, nothing beyond 7F counts") {
  CHECK(is_alpha('z'));
  CHECK(is_alpha('A'));
  CHECK_FALSE(is_alpha('\xE9'));
  CHECK(is_digit('0'));
  CHECK_FALSE(is_digit('/'));
  CHECK(is_space('\v'));
  CHECK_FALSE(is_space('\0'));
  CHECK(is_control('\x7f'));
  CHECK_FALSE(is_control('\x80'));
  CHECK(hex_value('f') == 15);
  CHECK(hex_value('F') == 15);
  CHECK(hex_value('g') == -1);
  CHECK(to_lower("\xC9Pdf") == "\xC9pdf");
}

TEST_CASE("ascii: compare without case") {
  CHECK(iequals("Content-Type", "content-TYPE"));
  CHECK_FALSE(iequals("a", "ab"));
  CHECK(istarts_with("HTTPS://x", "https"));
  CHECK_FALSE(istarts_with("http", "https"));
  CHECK(ifind("see HTTP://x", "http://") == 4);
  CHECK(ifind("aXaX", "ax", 1) == 2);
  CHECK(ifind("abc", "d") == std::string_view::npos);
  CHECK(ifind("abc", "a", 9) == std::string_view::npos);
  CHECK(ifind("abc", "c", 3) == std::string_view::npos);
}

TEST_CASE("ascii: trim and split") {
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim("  ").empty());
  CHECK(split("a,,b", ',').list() == std::vector<std::string_view>{"a", "", "b"});
  CHECK(split("", ',').list() == std::vector<std::string_view>{""});
  CHECK(split("a,", ',').list() == std::vector<std::string_view>{"a", ""});
}

TEST_CASE("ascii: unsigned numbers, digits alone and within 64 bits") {
  CHECK(parse_unsigned("0") == 0U);
  CHECK(parse_unsigned("18446744073709551615") == 18446744073709551615ULL);
  for (const auto* text : {"", "18446744073709551616", "+1", "-1", " 1", "1 ", "0x1", "1.0"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_unsigned(text).has_value());
  }
}
