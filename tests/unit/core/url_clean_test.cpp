#include "core/url_clean.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::core;

TEST_CASE("url_clean: dot segments (RFC 3986 5.2.4)") {
  struct row {
    std::string path;
    std::string expected;
  };
  const row rows[] = {
      {"/a/b/c/./../../g", "/a/g"},
      {"", ""},
      {"/", "/"},
      {"/.", "/"},
      {"/..", "/"},
      {"/../../a", "/a"},
      {"/a/..", "/"},
      {"/a/.", "/a/"},
      {"/a/../b", "/b"},
      {"/a//../b", "/a/b"},
      {"//a", "//a"},
      {"/...", "/..."},
      {"/.a/..b", "/.a/..b"},
      {"/a/b/..", "/a/"},
      {"/a%2F../b", "/a%2F../b"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.path);
    CHECK(remove_dot_segments(r.path) == r.expected);
  }
}

TEST_CASE("url_clean: what is clean is not copied") {
  std::string room;
  const std::string_view clean = "https://h/a?b=c";
  CHECK(clean_url(clean, room).data() == clean.data());
  CHECK(room.empty());
}

TEST_CASE("url_clean: only characters that may stand in a URL, escapes as they are") {
  const auto clean = [](std::string_view url) {
    std::string room;
    return std::string(clean_url(url, room));
  };
  CHECK(clean(" /a b%20c%2f#d ") == "/a%20b%20c%2f");
  CHECK(clean("a\n\tb\r") == "ab");
  CHECK(clean("x:\\\\h\\p?\\") == "x://h/p?%5C");
  CHECK(clean("//[::1]/[x]") == "//[::1]/%5Bx%5D");
  CHECK(clean("1:2/3") == "./1:2/3");
  CHECK(clean("") == "");
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  for (const char c : clean(every)) CHECK((c > 0x20 && c < 0x7f));
}
