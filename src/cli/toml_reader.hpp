#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::cli {

/// One `key = value` of a config file.
struct toml_entry {
  std::string section;  ///< the `[section]` above it, or empty
  std::string key;
  std::vector<std::string> values;  ///< one, or the elements of an array
  bool array = false;
  int line = 0;  ///< from 1
};

/// Reads the part of TOML 1.0 that settings need: tables of one level, bare and quoted keys, strings
/// (basic with escapes, literal), numbers, booleans, and arrays of these over one or more lines. Anything
/// else is refused rather than guessed. Failure `config`; its message begins with `line N: `.
[[nodiscard]] result<std::vector<toml_entry>> read_toml(std::string_view text);

/// A basic string (TOML 1.0, "String") that reads back as `text` and does nothing to a terminal.
[[nodiscard]] std::string toml_quoted(std::string_view text);

}  // namespace pofetch::cli
