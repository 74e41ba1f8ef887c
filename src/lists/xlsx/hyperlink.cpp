#include "lists/xlsx/hyperlink.hpp"

#include "core/ascii.hpp"

#include <array>

namespace pofetch::lists {
namespace {

/// The arguments of the link formula, without the bracket before them; nothing if it is none.
std::optional<std::string_view> arguments_of(std::string_view formula) noexcept {
  constexpr std::array<std::string_view, 4> names{"hyperlink(", "hiperlink(", "hipervinculo(",
                                                  "hiperv\u00EDnculo("};
  formula = core::trim(formula);
  if (!formula.starts_with('=')) return std::nullopt;
  formula.remove_prefix(1);
  while (formula.starts_with('+') || formula.starts_with('@') || formula.starts_with(' '))
    formula.remove_prefix(1);
  for (const std::string_view name : names) {
    if (core::istarts_with(formula, name)) return formula.substr(name.size());
  }
  return std::nullopt;
}

/// Takes a text in quotes off; quotes within it are doubled.
std::optional<std::string> take_text(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::nullopt;
  std::string text;
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (rest[at] != '"') {
      text.push_back(rest[at]);
    } else if (at + 1 < rest.size() && rest[at + 1] == '"') {
      text.push_back(rest[at++]);
    } else {
      rest.remove_prefix(at + 1);
      return text;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_link_formula(std::string_view formula) noexcept { return arguments_of(formula).has_value(); }

std::optional<std::string> link_target(std::string_view formula) {
  const auto arguments = arguments_of(formula);
  if (!arguments) return std::nullopt;
  std::string_view rest = *arguments;
  std::string target;
  while (true) {
    rest = core::trim(rest);
    const auto text = take_text(rest);
    if (!text) return std::nullopt;
    target += *text;
    rest = core::trim(rest);
    if (!rest.starts_with('&')) break;
    rest.remove_prefix(1);
  }
  const bool is_whole = rest.starts_with(',') || rest.starts_with(';') || rest.starts_with(')');
  return is_whole ? std::optional<std::string>(std::move(target)) : std::nullopt;
}

}  // namespace pofetch::lists
