#include "ledger/json_list.hpp"

#include "support/results.hpp"

#include <doctest/doctest.h>

using namespace pofetch;

TEST_CASE("json list: any texts, come back unchanged") {
  const std::vector<std::vector<std::string>> cases = {
      {},
      {""},
      {"a", "b"},
      {"quote \" backslash \\ slash / tab \t newline \n nul \0x", "é 漢 🎉"},
      {std::string("nul\0inside", 10), std::string(10'000, 'x')},
      {"no utf-8: \xff\xfe \xc3"},
      std::vector<std::string>(500, "cell"),
  };
  for (const auto& texts : cases) {
    const std::string json = records::to_json(texts);
    CAPTURE(json.substr(0, 100));
    const auto back = records::from_json(json);
    REQUIRE(back);
    CHECK(*back == texts);
  }
}

TEST_CASE("json list: anything else, is refused as a damaged ledger") {
  for (const char* json :
       {"", "[", "null", "{}", "\"a\"", "[1]", "[\"a\", null]", "[\"a\"] x", "[[\"a\"]]"}) {
    CAPTURE(json);
    const auto back = records::from_json(json);
    REQUIRE_FALSE(back);
    CHECK(back.error().code == errc::ledger);
  }
}
