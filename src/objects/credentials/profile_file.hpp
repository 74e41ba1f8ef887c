#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::objects {

/// What the environment says under a name; nothing also if it is empty.
using variable_reader = std::function<std::optional<std::string>(std::string_view name)>;

using profile_values = std::map<std::string, std::string, std::less<>>;

/// The settings of one profile of `~/.aws/credentials` (`[name]`) or `~/.aws/config` (`[profile name]`, and
/// `[default]`). Nested settings, comments and lines that are none are passed over.
[[nodiscard]] profile_values read_profile(std::string_view text, std::string_view profile);

/// Those of the profile that the environment names, of both files; what the credentials file says goes
/// before.
[[nodiscard]] profile_values load_profile(const variable_reader& variable);

}  // namespace pofetch::objects
