#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::settings {

/// One `key = value` of a config file.
struct toml_entry {
  std::string section;  ///< the tables that it stands in, joined by dots (`profile.main`), or empty
  std::string key;
  std::vector<std::string> values;  ///< one, or the elements of an array, as text
  bool array = false;
  int line = 0;  ///< from 1
};

/// Reads TOML 1.0 and gives its values in the order of the text. Numbers, dates and times become text as
/// well. Failure `config`; its message begins with `line N: `. Arrays of arrays or tables are refused: no
/// setting has such values.
[[nodiscard]] result<std::vector<toml_entry>> read_toml(std::string_view text);

}  // namespace pofetch::settings
