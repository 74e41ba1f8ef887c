#pragma once

#include "cli/options.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace pofetch::cli {

/// `pofetch --help` (no command) or `pofetch COMMAND --help`: at most 80 columns, options in groups with
/// their defaults.
[[nodiscard]] std::string help_text(std::optional<command> topic);

/// What follows the command on its line: `INPUT --out DIR`.
[[nodiscard]] std::string_view command_operands(command which) noexcept;

/// One sentence on it.
[[nodiscard]] std::string_view command_summary(command which) noexcept;

/// `-v, --verbose`, `--[no-]breaker`, `--workers N`.
[[nodiscard]] std::string option_usage(const setting& which);

/// Exit states and what they mean, in the order of their numbers.
[[nodiscard]] std::span<const std::pair<std::string_view, std::string_view>> exit_states() noexcept;

/// `pofetch --version`: name and version, then compiler and libraries.
[[nodiscard]] std::string version_text();

}  // namespace pofetch::cli
