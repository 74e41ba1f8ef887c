#include "settings/check_files.hpp"

#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <string>

using namespace pofetch;

TEST_CASE("check files: those for reading are there and no folders") {
  const test::temp_dir here;
  std::ofstream(here / "there") << "x";
  const std::string there = (here / "there").string();
  const std::string gone = (here / "gone").string();
  const struct {
    std::function<void(instance_options&, const std::string&)> name;
    const char* setting;
  } rows[] = {
      {[](auto& o, const auto& file) { o.cookie_file = file; }, "cookies"},
      {[](auto& o, const auto& file) { o.pool.ca_file = file; }, "cacert"},
      {[](auto& o, const auto& file) { o.network.client_cert = file; }, "client_cert"},
      {[](auto& o, const auto& file) { o.network.client_key = file; }, "client_key"},
      {[](auto& o, const auto& file) { o.client_secret_file = file; }, "client_secret_file"},
  };
  CHECK(settings::check_files({}).has_value());
  for (const auto& row : rows) {
    instance_options options;
    row.name(options, there);
    CHECK(settings::check_files(options).has_value());
    row.name(options, gone);
    const auto missing = settings::check_files(options);
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().code == errc::config);
    CHECK(missing.error().message ==
          "the file " + gone + ", given with " + std::string(row.setting) + ", is not there.");
    row.name(options, "/");
    CHECK(settings::check_files(options).error().message.find("is a folder") != std::string::npos);
  }
}
