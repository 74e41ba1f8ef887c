#include "storage/safe_path.hpp"

#include "support/results.hpp"

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("levels: paths that stay inside, are split") {
  using list = std::vector<std::string_view>;
  CHECK(must(storage::levels_of("123")) == list{"123"});
  CHECK(must(storage::levels_of("Acme/EU/123")) == list{"Acme", "EU", "123"});
  CHECK(must(storage::levels_of("a/.pofetch")) == list{"a", ".pofetch"});
  CHECK(must(storage::levels_of("...")) == list{"..."});
  CHECK(storage::levels_of(std::string(255, 'x')));
}

TEST_CASE("levels: paths that could lead elsewhere, are refused") {
  const std::string_view nul("a\0b", 3);
  const std::string too_long(256, 'x');
  for (const std::string_view folder :
       {std::string_view(""), std::string_view("/"), std::string_view("/etc"), std::string_view("a/"),
        std::string_view("a//b"), std::string_view("."), std::string_view(".."), std::string_view("../x"),
        std::string_view("a/../../x"), std::string_view("a/./b"), std::string_view(".pofetch"),
        std::string_view(".POFETCH/partial"), nul, std::string_view(too_long)}) {
    CAPTURE(folder);
    const auto levels = storage::levels_of(folder);
    REQUIRE_FALSE(levels);
    CHECK(levels.error().code == errc::permission);
  }
}

TEST_CASE("name: one level and nothing else, is taken") {
  CHECK(storage::check_name("a.pdf"));
  CHECK(storage::check_name(std::string(255, 'x')));
  for (const std::string_view name : {std::string_view(""), std::string_view("."), std::string_view(".."),
                                      std::string_view("a/b"), std::string_view("a\0b", 3)}) {
    CAPTURE(name);
    CHECK_FALSE(storage::check_name(name));
  }
  CHECK_FALSE(storage::check_name(std::string(256, 'x')));
}

TEST_CASE("shown: control characters and length, cannot spoil a message") {
  CHECK(storage::shown("a\x1b[31m\nb") == "'a?[31m?b'");
  CHECK(storage::shown(std::string(1000, 'x')).size() < 320);
}
