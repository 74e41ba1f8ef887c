#pragma once

#include "cli/options.hpp"
#include "settings/resolve.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::cli {

/// The command line, taken apart; values are still text.
struct arguments {
  /// Nothing: `pofetch` alone, or one of the next four that stands alone.
  std::optional<command> what{};
  bool help = false;
  bool version = false;
  bool manual = false;
  /// Value of --completion.
  std::optional<std::string> completion{};
  bool print_config = false;
  /// INPUT or DIR; empty: not given.
  std::string operand{};
  /// Value of --config.
  std::optional<std::string> config{};
  /// Setting name to values; a boolean has `true` or `false`, a counter how often it was given.
  std::map<std::string, std::vector<std::string>, std::less<>> given{};
};

/// What the settings need of it; a command has been given.
[[nodiscard]] inline settings::command_line command_line_of(const arguments& line) {
  return {line.what.value_or(command::run), line.operand, line.given};
}

/// Takes the words behind the program's name apart. Failure `config`: an unknown command or option (with a
/// suggestion, or a word on the later version that brings it), a missing value, one operand too many.
[[nodiscard]] result<arguments> parse_arguments(const std::vector<std::string>& words);

}  // namespace pofetch::cli
