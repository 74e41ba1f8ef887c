#pragma once

#include "settings/options.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::settings {

// One pair of functions for every type that an option can have: from text, and back to text that reads
// the same. Failures have code `config` and a message without the option's name.

[[nodiscard]] result<void> read_value(std::string_view text, unsigned& into);
/// Bytes.
[[nodiscard]] result<void> read_value(std::string_view text, std::uint64_t& into);
/// Per second.
[[nodiscard]] result<void> read_value(std::string_view text, double& into);
[[nodiscard]] result<void> read_value(std::string_view text, std::chrono::milliseconds& into);
[[nodiscard]] result<void> read_value(std::string_view text, bool& into);
[[nodiscard]] result<void> read_value(std::string_view text, std::string& into);
[[nodiscard]] result<void> read_value(std::string_view text, std::filesystem::path& into);
[[nodiscard]] result<void> read_value(std::string_view text, durability& into);
[[nodiscard]] result<void> read_value(std::string_view text, source_kind& into);
[[nodiscard]] result<void> read_value(std::string_view text, progress_mode& into);
[[nodiscard]] result<void> read_value(std::string_view text, expiry_action& into);

[[nodiscard]] std::string show_value(unsigned value);
[[nodiscard]] std::string show_value(std::uint64_t value);
[[nodiscard]] std::string show_value(double value);
[[nodiscard]] std::string show_value(std::chrono::milliseconds value);
[[nodiscard]] std::string show_value(bool value);
[[nodiscard]] std::string show_value(const std::string& value);
[[nodiscard]] std::string show_value(const std::filesystem::path& value);
[[nodiscard]] std::string show_value(durability value);
[[nodiscard]] std::string show_value(source_kind value);
[[nodiscard]] std::string show_value(progress_mode value);
[[nodiscard]] std::string show_value(expiry_action value);

/// How old a look must be for another one: `7d`, `12h`, `all` (0) or `off` (nothing); `true` and `false` as
/// well.
[[nodiscard]] result<void> read_refresh(std::string_view text,
                                        std::optional<std::chrono::milliseconds>& into);
/// Empty for nothing.
[[nodiscard]] std::string show_refresh(const std::optional<std::chrono::milliseconds>& value);

/// How long something is kept: `30d`, `12h`, or `0`: for ever.
[[nodiscard]] result<void> read_keep(std::string_view text, std::chrono::milliseconds& into);
[[nodiscard]] std::string show_keep(std::chrono::milliseconds value);

/// `sha256` or `none`.
[[nodiscard]] result<void> read_hash(std::string_view text, bool& into);
[[nodiscard]] std::string show_hash(bool value);

}  // namespace pofetch::settings
