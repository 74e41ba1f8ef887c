#include "settings/file/config_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::settings;
namespace fs = std::filesystem;

TEST_CASE("config file: the one asked for, else the folder's, else the user's") {
  const fs::path root = fs::temp_directory_path() / ("pofetch-config-test-" + std::to_string(::getpid()));
  fs::create_directories(root / "home/.config/pofetch");
  fs::create_directories(root / "xdg/pofetch");
  fs::create_directories(root / "empty");
  std::ofstream(root / "home/.config/pofetch/config.toml") << "workers = 1";
  std::ofstream(root / "xdg/pofetch/config.toml") << "workers = 2";
  std::ofstream(root / "asked.toml") << "workers = 3";
  std::ofstream(root / "bad.toml") << "\nworkers = ";
  const fs::path before = fs::current_path();
  fs::current_path(root / "empty");
  const environment home(std::map<std::string, std::string, std::less<>>{{"HOME", (root / "home").string()}});
  const environment xdg({{"HOME", (root / "home").string()}, {"XDG_CONFIG_HOME", (root / "xdg").string()}});
  const environment relative(std::map<std::string, std::string, std::less<>>{{"XDG_CONFIG_HOME", "xdg"}});
  const environment asked(
      std::map<std::string, std::string, std::less<>>{{"POFETCH_CONFIG", (root / "asked.toml").string()}});

  const auto value = [](const result<std::optional<config_file>>& file) {
    REQUIRE(file.has_value());
    return file->has_value() ? (*file)->entries.front().values.front() : "none";
  };
  CHECK(value(load_config_file(std::nullopt, environment{})) == "none");
  CHECK(value(load_config_file(std::nullopt, home)) == "1");
  CHECK(value(load_config_file(std::nullopt, xdg)) == "2");
  CHECK(value(load_config_file(std::nullopt, asked)) == "3");
  CHECK(value(load_config_file((root / "asked.toml").string(), xdg)) == "3");
  CHECK(value(load_config_file(std::nullopt, relative)) == "none");
  std::ofstream("pofetch.toml") << "workers = 4";
  CHECK(value(load_config_file(std::nullopt, xdg)) == "4");

  for (const fs::path& bad : {root / "missing.toml", root / "empty", root / "bad.toml"}) {
    CAPTURE(bad);
    const auto file = load_config_file(bad.string(), xdg);
    REQUIRE_FALSE(file.has_value());
    CHECK(file.error().code == errc::config);
    CHECK(file.error().message.find(bad.string()) != std::string::npos);
  }
  CHECK(load_config_file((root / "bad.toml").string(), xdg).error().message.find("line 2") !=
        std::string::npos);
  fs::current_path(before);
  fs::remove_all(root);
}
