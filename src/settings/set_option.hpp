#pragma once

#include "settings/setting.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pofetch::settings {

/// What an option is set to: a text as people write it (`7d`, `2G`), or what JSON and TOML have types for.
using option_value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// Sets the option of that name, `max-file-size` or `max_file_size`. Failure `config`, one sentence that
/// names the option: there is none, it takes no list, or the value cannot be read; then `into` is as before.
/// Whether the options go together, `validate` says.
[[nodiscard]] result<void> set_option(std::string_view name, const option_value& value, options& into);

/// The same for texts from one of the layers; `where` is the variable or the place in the file, or empty.
/// Texts of a list that has a separator are split.
[[nodiscard]] result<void> apply_texts(const setting& which, const std::vector<std::string>& values,
                                       std::string_view where, options& into);

/// Pieces of a list's texts, trimmed, empty ones dropped.
[[nodiscard]] std::vector<std::string> pieces_of(const setting& which,
                                                 const std::vector<std::string>& values);

}  // namespace pofetch::settings
