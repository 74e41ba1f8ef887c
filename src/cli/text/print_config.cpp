#include "cli/text/print_config.hpp"

#include "cli/options.hpp"
#include "cli/text/printable.hpp"
#include "core/mask_url.hpp"
#include "core/unicode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

namespace pofetch::cli {

namespace {

/// `Name: ***` for `Name: value`.
std::string masked_header(const std::string& header) {
  const std::size_t colon = header.find(':');
  return colon == std::string::npos ? "***" : header.substr(0, colon) + ": ***";
}

/// libpq takes a password in many forms: of an address only what can be none is shown.
std::string masked_ledger(const std::string& address) {
  const std::size_t query = std::min(address.find('?'), address.size());
  const bool is_address = address.starts_with("postgresql://") || address.starts_with("postgres://");
  if (!is_address || address.find('@', query) != std::string::npos) return "***";
  const std::string_view rest = query < address.size() ? "?***" : "";
  return fmt::format("{}{}", core::mask_url(std::string_view(address).substr(0, query)), rest);
}

std::string shown(const setting& which, const std::string& value) {
  if (which.kind == setting_kind::number || which.kind == setting_kind::boolean ||
      which.kind == setting_kind::counter) {
    return value;
  }
  if (which.secret) return toml_quoted(masked_header(value));
  if (which.name == "ledger") return toml_quoted(masked_ledger(value));
  return toml_quoted(which.address ? core::mask_url(value) : value);
}

std::string toml_value(const setting& which, const std::vector<std::string>& values) {
  if (which.kind != setting_kind::list) return shown(which, values.front());
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "" : ", ") + shown(which, value);
  return "[" + list + "]";
}

std::string_view origin_word(settings::origin from) {
  using settings::origin;
  switch (from) {
    case origin::preset:
      return "default";
    case origin::file:
      return "file";
    case origin::environment:
      return "environment";
    case origin::flag:
      return "flag";
  }
  return "";
}

bool is_empty(const setting& which, const std::vector<std::string>& values) {
  const bool text = which.kind == setting_kind::text || which.kind == setting_kind::option;
  return values.empty() || (text && values.front().empty());
}

}  // namespace

std::string toml_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    std::string_view piece = text;
    const std::uint32_t code_point = core::next_code_point(text);
    piece.remove_suffix(text.size());
    if (piece == "\"" || piece == "\\")
      out.append(1, '\\').append(piece);
    else if (printable(piece) != piece)
      out +=
          code_point > 0xffff ? fmt::format("\\U{:08x}", code_point) : fmt::format("\\u{:04x}", code_point);
    else
      out += piece;
  }
  return out + '"';
}

std::string print_config(const settings::resolution& decided, const settings::environment& variables) {
  std::string text =
      fmt::format("# What 'pofetch {}' uses: flag beats environment beats file beats default.\n",
                  to_string(decided.what));
  const auto out = std::back_inserter(text);
  std::string_view group;
  for (const setting& each : all_settings()) {
    if (!belongs_to(each, decided.what)) continue;
    if (each.group != group) fmt::format_to(out, "\n# {}\n", group = each.group);
    const std::vector<std::string> values = each.show(decided.values);
    const auto found = decided.origins.find(each.name);
    if (found == decided.origins.end() && is_empty(each, values)) {
      fmt::format_to(out, "# {} is not set{}{}\n", each.name, each.preset.empty() ? "" : ": ", each.preset);
      continue;
    }
    const settings::settled source = found == decided.origins.end() ? settings::settled{} : found->second;
    fmt::format_to(out, "{} = {}  # {}{}{}\n", each.name, toml_value(each, values), origin_word(source.from),
                   source.where.empty() ? "" : " ", printable(source.where));
  }
  if (variables.get("POFETCH_COOKIE")) text += "\n# A Cookie header comes from POFETCH_COOKIE: ***\n";
  if (variables.get("POFETCH_CLIENT_KEY_PASSWORD"))
    text += "\n# The passphrase of the private key comes from POFETCH_CLIENT_KEY_PASSWORD: ***\n";
  if (variables.get("POFETCH_CLIENT_SECRET"))
    text += "\n# A client secret comes from POFETCH_CLIENT_SECRET: ***\n";
  if (variables.get("POFETCH_API_KEY")) text += "\n# An API key comes from POFETCH_API_KEY: ***\n";
  return text;
}

}  // namespace pofetch::cli
