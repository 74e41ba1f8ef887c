#pragma once

#include "settings/options.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::settings {

enum class setting_kind {
  text,     ///< one value, quoted in TOML
  number,   ///< one value, bare in TOML
  boolean,  ///< `--name` alone is true
  counter,  ///< a number on paper, the option repeated on the command line
  list,     ///< may be given several times
  option,   ///< a text that may be left out: `--name` alone is `standing_alone`
};

/// The value of an `option` that is given without one.
inline constexpr std::string_view standing_alone = "all";

/// One thing that can be set by option, environment variable, config file or program. The one table that
/// parsing, help, `--print-config` and messages are made from.
struct setting {
  std::string_view name;    ///< `max-file-size`: option, TOML key, and (as POFETCH_MAX_FILE_SIZE) variable
  std::string_view group;   ///< heading in the help
  std::string_view value;   ///< what the help calls the value; empty for booleans
  std::string_view help;    ///< one sentence
  std::string_view preset;  ///< the default in words where the plain value would say little
  setting_kind kind = setting_kind::text;
  unsigned commands = 0;  ///< set of commands, see `belongs_to`
  char separator = '\0';  ///< lists: also splits one text
  bool secret = false;    ///< values are not shown
  bool address = false;   ///< values are shown as core::mask_url shows them; all others to the letter
  result<void> (*apply)(const std::vector<std::string>& values, options& into) = nullptr;
  std::vector<std::string> (*show)(const options& from) = nullptr;
};

/// All of them, in the order of the help: the table of table.cpp.
[[nodiscard]] std::span<const setting> all_settings();

/// Their names, for suggestions.
[[nodiscard]] std::vector<std::string_view> setting_names();

/// By its name, with dashes or underscores. Null if there is no such setting.
[[nodiscard]] const setting* find_setting(std::string_view name);

[[nodiscard]] bool belongs_to(const setting& which, command what) noexcept;

/// Those that it belongs to: `run, plan`.
[[nodiscard]] std::string commands_with(const setting& which);

/// Is there a `--no-NAME`? That is so for what is on by default.
[[nodiscard]] bool has_negative(const setting& which);

/// `POFETCH_MAX_FILE_SIZE` for `max-file-size`.
[[nodiscard]] std::string variable_name(std::string_view setting_name);

/// The short option, or 0.
[[nodiscard]] char short_name(const setting& which) noexcept;

}  // namespace pofetch::settings
