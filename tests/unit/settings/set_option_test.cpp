#include "settings/set_option.hpp"

#include "core/setting_text.hpp"
#include "engine/source_facts.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::settings;
using texts = std::vector<std::string>;

TEST_CASE("set option: by either name, from a text or a typed value") {
  struct row {
    const char* name;
    option_value value;
    const char* setting;
    texts shown;
  };
  const std::vector<row> rows = {
      {"max-file-size", "7M", "max-file-size", {"7M"}},
      {"max_file_size", std::int64_t{7168}, "max-file-size", {"7k"}},
      {"workers", std::int64_t{3}, "workers", {"3"}},
      {"workers", "3", "workers", {"3"}},
      {"requests_per_second", 2.5, "requests-per-second", {"2.5"}},
      {"breaker", false, "breaker", {"false"}},
      {"refresh", true, "refresh", {"all"}},
      {"refresh", "7d", "refresh", {"7d"}},
      {"include", texts{"*.pdf", "a,b"}, "include", {"*.pdf", "a,b"}},
      {"include", texts{}, "include", {}},
      {"folder_columns", "year, supplier", "folder-columns", {"year", "supplier"}},
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.name));
    options into;
    into.batch.pool.include = {"before"};
    const auto done = set_option(each.name, each.value, into);
    REQUIRE_MESSAGE(done.has_value(), done.error().message);
    CHECK(find_setting(each.setting)->show(into) == each.shown);
  }
}

TEST_CASE("set option: what cannot be used is refused by its name, and changes nothing") {
  struct row {
    const char* name;
    option_value value;
    const char* message;
  };
  const std::vector<row> rows = {
      {"max_concurent", std::int64_t{2},
       "There is no setting 'max_concurent' (did you mean max_concurrent?)."},
      {"banana", std::int64_t{2}, "There is no setting 'banana'."},
      {"workers", "many", "workers: expected a whole number, not 'many'."},
      {"workers", std::int64_t{-1}, "workers: expected a whole number, not '-1'."},
      {"workers", true, "workers: expected a whole number, not 'true'."},
      {"max_file_size", texts{"7M"}, "max_file_size: expected one value, not a list."},
      {"dedupe", "perhaps", "dedupe: expected true or false, not 'perhaps'."},
      {"durability", "", "durability: expected file, batch or none, not ''."},
  };
  for (const row& each : rows) {
    CAPTURE(std::string(each.name));
    options into;
    const auto done = set_option(each.name, each.value, into);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == errc::config);
    CHECK(done.error().message == each.message);
    for (const setting& every : all_settings()) CHECK(every.show(into) == every.show(options{}));
  }
}

TEST_CASE("set option: the root's way to write names is that of the message") {
  core::spell_settings([](std::string_view name, std::string_view) { return "<" + std::string(name) + ">"; });
  options into;
  const auto done = set_option("max_file_size", "much", into);
  core::spell_settings(nullptr);
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().message.starts_with("<max-file-size>: expected a number of bytes"));
}

TEST_CASE("set option: the words of `source` in the help are the sources that there are") {
  std::string words(source_kind().word());
  options into;
  for (const source_kind each : engine::offered_sources()) {
    words += "|" + std::string(each.word());
    REQUIRE(set_option("source", std::string(each.word()), into));
    CHECK(into.batch.source == each);
  }
  CHECK(find_setting("source")->value == words);
  CHECK_FALSE(set_option("source", "own", into));
}
