#pragma once

#include <string>
#include <string_view>

namespace pofetch::cli {

/// The way of this program to write a setting's name, for `core::spell_settings`: `--max-file-size`, `--out
/// DIR`.
[[nodiscard]] std::string flag_text(std::string_view name, std::string_view value);

}  // namespace pofetch::cli
