#pragma once

#include "settings/environment.hpp"
#include "settings/file/config_file.hpp"
#include "settings/options.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::settings {

/// What the command line says.
struct command_line {
  command what = command::run;
  /// INPUT or DIR; empty: not given.
  std::string operand{};
  /// Setting name to texts; a boolean has `true` or `false`, a counter how often it was given.
  std::map<std::string, std::vector<std::string>, std::less<>> given{};
};

/// Where a value in force comes from; later ones beat earlier ones.
enum class origin { preset, file, environment, flag };

struct settled {
  origin from = origin::preset;
  /// The option, `POFETCH_WORKERS`, `pofetch.toml line 3`, or empty for a default.
  std::string where{};
};

/// All settings of one command, decided.
struct resolution {
  command what = command::run;
  options values{};
  /// By setting name; what is not there has its default.
  std::map<std::string, settled, std::less<>> origins{};
};

/// What the machine says about the way out of its network stands below every setting of pofetch itself. As
/// elsewhere the lower-case names come first, and what is no rule in NO_PROXY is passed over.
void apply_system_proxy(const environment& variables, resolution& into);

/// Lays default, file, environment and command line over each other, in this order. Failure `config`: a
/// value that cannot be read, an unknown key or section; the message says where it stands.
[[nodiscard]] result<resolution> resolve(const command_line& line, const environment& variables,
                                         const std::optional<config_file>& file);

}  // namespace pofetch::settings
