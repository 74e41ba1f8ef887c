#pragma once

#include "settings/environment.hpp"
#include "settings/file/config_file.hpp"
#include "settings/serve_options.hpp"

#include <pofetch/error.hpp>

#include <string_view>
#include <vector>

namespace pofetch::settings {

/// Is it the section of a profile, `profile.NAME`?
[[nodiscard]] bool is_profile(std::string_view section);

/// The profiles of `pofetch serve`: sections `[profile.NAME]`, whose keys are options of `run` about the
/// instance, and `manifest-hosts`. Failure `config` names file and line.
[[nodiscard]] result<std::vector<profile>> read_profiles(const config_file& file,
                                                         const environment& variables);

}  // namespace pofetch::settings
