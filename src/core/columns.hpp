#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pofetch::core {

/// Positions of the columns that mean something to pofetch.
struct known_columns {
  std::optional<std::size_t> po;
  std::optional<std::size_t> supplier;
  std::optional<std::size_t> url;
  std::optional<std::size_t> file_name;
  std::optional<std::size_t> sha256;
  std::optional<std::size_t> size;
};

/// Finds them by name in English, Portuguese and Spanish, compared by `loose_key` (without case, spaces,
/// punctuation and accents). Of several candidates the name that says it best wins, then the first.
[[nodiscard]] known_columns find_columns(std::span<const std::string> header);

/// The column that the user named: exactly, else by `loose_key`.
[[nodiscard]] std::optional<std::size_t> find_column(std::span<const std::string> header,
                                                     std::string_view wanted);

}  // namespace pofetch::core
