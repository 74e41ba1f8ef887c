#pragma once

#include "cli/arguments.hpp"
#include "cli/config_file.hpp"
#include "cli/environment.hpp"
#include "cli/options.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::cli {

/// Where a value in force comes from; later ones beat earlier ones.
enum class origin { preset, file, environment, flag };

struct settled {
  origin from = origin::preset;
  /// `--workers`, `POFETCH_WORKERS`, `pofetch.toml line 3`, or empty for a default.
  std::string where{};
};

/// All settings of one command, decided.
struct resolution {
  command what = command::run;
  options values{};
  /// By setting name; what is not there has its default.
  std::map<std::string, settled, std::less<>> origins{};
};

/// Lays default, file, environment and command line over each other, in this order. Failure `config`: a
/// value that cannot be read, an unknown key or section; the message says where it stands.
[[nodiscard]] result<resolution> resolve(const arguments& line, const environment& variables,
                                         const std::optional<config_file>& file);

}  // namespace pofetch::cli
