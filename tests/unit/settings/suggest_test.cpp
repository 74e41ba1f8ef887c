#include "settings/suggest.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace pofetch::settings;

TEST_CASE("suggest: the nearest word, if it is near enough") {
  constexpr std::array<std::string_view, 4> names{"workers", "retries", "out", "max-connections"};
  CHECK(closest("worker", names) == "workers");
  CHECK(closest("wrokers", names) == "workers");
  CHECK(closest("otu", names) == "out");
  CHECK(closest("max", names) == "max-connections");
  CHECK(closest("banana", names) == "");
  CHECK(closest("", names) == "");
  CHECK(closest(std::string(10'000, 'a'), names) == "");
  CHECK(did_you_mean("retires", names, "--") == " (did you mean --retries?)");
}
