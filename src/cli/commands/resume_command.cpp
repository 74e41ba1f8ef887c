#include "cli/commands/resume_command.hpp"

#include "cli/options.hpp"
#include "cli/text/printable.hpp"
#include "core/ascii.hpp"
#include "core/mask_url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::cli {

namespace {

std::string one_option(const setting& which, const std::string& value) {
  if (which.kind == setting_kind::boolean) {
    const bool on = value == "true";
    if (has_negative(which)) return fmt::format(" --{}{}", on ? "" : "no-", which.name);
    return on ? fmt::format(" --{}", which.name) : fmt::format(" --{}=false", which.name);
  }
  if (which.kind == setting_kind::option && value == settings::standing_alone)
    return fmt::format(" --{}", which.name);
  if (which.secret) return fmt::format(" --{} '{}: ...'", which.name, value.substr(0, value.find(':')));
  return fmt::format(" --{} {}", which.name, shell_quoted(which.address ? core::mask_url(value) : value));
}

std::string options_of(const setting& which, const std::vector<std::string>& values) {
  if (which.kind == setting_kind::counter)
    return values.back() == "0" ? "" : " -" + std::string(values.back() == "1" ? "v" : "vv");
  if (which.kind != setting_kind::list) return one_option(which, values.back());
  std::string text;
  for (const std::string& value : values) text += one_option(which, value);
  return text;
}

/// `$'...'`, so that the command still names the same file and the screen does nothing on reading it.
std::string octal_quoted(std::string_view word) {
  std::string quoted = "$'";
  for (const char c : word) {
    if (c == '\'' || c == '\\' || c < ' ' || c > '~')
      quoted += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    else
      quoted += c;
  }
  return quoted + "'";
}

}  // namespace

std::string shell_quoted(std::string_view word) {
  if (printable(word) != word) return octal_quoted(word);
  constexpr std::string_view plain = "-_./:@%+=,";
  const bool safe = !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
    return core::is_alnum(c) || plain.find(c) != std::string_view::npos;
  });
  if (safe) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string resume_command(const arguments& line, std::string_view extra) {
  std::string text = fmt::format("pofetch {}", to_string(line.what.value_or(command::run)));
  if (!line.operand.empty()) text += " " + shell_quoted(line.operand);
  if (line.config) text += fmt::format(" --config {}", shell_quoted(*line.config));
  for (const setting& each : all_settings()) {
    const auto found = line.given.find(each.name);
    if (found != line.given.end()) text += options_of(each, found->second);
  }
  const std::string addition = fmt::format(" {}", extra);
  return extra.empty() || text.find(addition) != std::string::npos ? text : text + addition;
}

}  // namespace pofetch::cli
