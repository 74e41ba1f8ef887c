#pragma once

#include "settings/environment.hpp"
#include "settings/file/toml_text.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::settings {

struct config_file {
  std::filesystem::path path;
  std::vector<toml_entry> entries;
};

/// The file that counts: the one asked for, else `./pofetch.toml`, else
/// `$XDG_CONFIG_HOME/pofetch/config.toml` (`~/.config` without that variable). Nothing if none is there.
/// Failure `config`: the one asked for is not there, or the file cannot be read, is above 1 MiB, or is no
/// TOML; the message names file and line.
[[nodiscard]] result<std::optional<config_file>> load_config_file(const std::optional<std::string>& asked_for,
                                                                  const environment& variables);

}  // namespace pofetch::settings
