#include "settings/file/config_file.hpp"

#include "os/failure_of.hpp"
#include "os/read_write.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <system_error>
#include <utility>

namespace pofetch::settings {

namespace {

namespace fs = std::filesystem;

failure refused(const fs::path& path, std::string_view why) {
  return make_failure(errc::config, fmt::format("configuration file {}: {}", path.string(), why));
}

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::optional<fs::path> find_file(const std::optional<std::string>& asked_for, const environment& variables) {
  if (asked_for) return fs::path(*asked_for);
  if (const fs::path here = "pofetch.toml"; is_there(here)) return here;
  fs::path home;
  if (const auto config = variables.get("XDG_CONFIG_HOME")) {
    home = *config;
  } else if (const auto user = variables.get("HOME")) {
    home = fs::path(*user) / ".config";
  }
  // A relative XDG_CONFIG_HOME is to be ignored (XDG Base Directory Specification).
  if (home.is_relative()) return std::nullopt;
  if (const fs::path there = home / "pofetch" / "config.toml"; is_there(there)) return there;
  return std::nullopt;
}

result<std::string> read_all(const fs::path& path) {
  constexpr std::size_t largest = 1U << 20;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return refused(path, "this is a folder, not a file");
  os::bytes_read file = os::read_file(path, largest + 1);
  if (file.error != 0) return refused(path, os::words_of(file.error));
  if (file.bytes.size() > largest) return refused(path, "larger than 1 MiB");
  return std::move(file.bytes);
}

}  // namespace

result<std::optional<config_file>> load_config_file(const std::optional<std::string>& asked_for,
                                                    const environment& variables) {
  const std::optional<fs::path> path =
      find_file(asked_for ? asked_for : variables.get("POFETCH_CONFIG"), variables);
  if (!path) return std::optional<config_file>{};
  const result<std::string> text = read_all(*path);
  if (!text) return text.error();
  result<std::vector<toml_entry>> entries = read_toml(*text);
  if (!entries) return refused(*path, entries.error().message);
  return std::optional<config_file>{config_file{*path, std::move(*entries)}};
}

}  // namespace pofetch::settings
