#include "sources/drivers.hpp"

#include "sources/known_sources.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace pofetch::sources {

TEST_CASE("drivers: every source once, found by its word, and `auto` is none") {
  std::set<std::string_view> words;
  for (const driver* each : drivers()) {
    const std::string_view word = each->facts().kind.word();
    CHECK_MESSAGE(words.insert(word).second, word);
    CHECK(find_driver(word) == each);
  }
  CHECK(words.size() == known_sources.size());
  for (const driver_facts& facts : known_sources) CHECK(words.count(facts.kind.word()) == 1);
  CHECK(find_driver(source_kind().word()) == nullptr);
  CHECK(find_driver("") == nullptr);
}

TEST_CASE("drivers: the list decides where nobody has said") {
  CHECK(driver_for_list(true).facts().kind == source_kind::manifest);
  CHECK(driver_for_list(true).facts().names_files);
  CHECK(driver_for_list(false).facts().kind == source_kind::web);
  CHECK_FALSE(driver_for_list(false).facts().names_files);
}

TEST_CASE("drivers: the page of an order says which source has read it, and lies where that has its pages") {
  const struct {
    const char* page;
    source_kind expected;
  } rows[] = {
      {"", source_kind::manifest},
      {"https://acme.example/order_headers/12", source_kind::web},
      {"https://acme.example/apis/12", source_kind::web},
      {"https://acme.example/api/purchase_orders/12", source_kind::api},
  };
  for (const auto& row : rows) {
    CAPTURE(row.page);
    const driver& found = driver_for_page(row.page);
    CHECK(found.facts().kind == row.expected);
    const auto area = found.pages("https://acme.example");
    REQUIRE(area.has_value());
    CHECK(std::string_view(row.page).starts_with(area->below));
    CHECK((area->except.empty() || !std::string_view(row.page).starts_with(area->except)));
  }
  CHECK_FALSE(find_driver("own")->pages("https://acme.example").has_value());
}

TEST_CASE("drivers: what signs in, what is asked for orders, and how often") {
  for (const driver* each : drivers()) {
    const driver_facts facts = each->facts();
    CAPTURE(facts.kind.word());
    CHECK_FALSE((facts.by_session && facts.by_credentials));
    CHECK((each->listing() != nullptr) == (facts.kind == source_kind::api));
    CHECK((facts.requests_per_second > 0) == (facts.kind == source_kind::api));
    instance_options nothing;
    progress quiet;
    const auto keys = each->load_credentials(nothing, quiet, {});
    CHECK(keys.has_value() == !facts.by_credentials);
    if (keys) CHECK(*keys == nullptr);
  }
}

}  // namespace pofetch::sources
