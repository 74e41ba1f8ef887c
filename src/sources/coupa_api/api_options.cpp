#include "sources/coupa_api/api_options.hpp"

#include "core/ascii.hpp"
#include "core/refused.hpp"
#include "core/setting_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::sources {

namespace {

/// `2026-01-31`, optionally with `T12:00:00` and `Z` or an offset.
bool is_date(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd";
  constexpr std::size_t date_only = 10;
  const std::size_t length = std::min(text.size(), shape.size());
  if (length != date_only && length != shape.size()) return false;
  for (std::size_t i = 0; i < length; ++i)
    if (shape[i] == 'd' ? !core::is_digit(text[i]) : text[i] != shape[i]) return false;
  const auto number = [text](std::size_t at, std::size_t digits) {
    return static_cast<unsigned>(core::parse_unsigned(text.substr(at, digits)).value_or(0));
  };
  using namespace std::chrono;
  if (!(year(static_cast<int>(number(0, 4))) / month(number(5, 2)) / day(number(8, 2))).ok()) return false;
  if (length > date_only && (number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59)) return false;
  const std::string_view zone = text.substr(length);
  if (zone.empty() || zone == "Z") return true;
  constexpr std::string_view offset = "sdd:dd";
  if (zone.size() != offset.size()) return false;
  for (std::size_t i = 1; i < zone.size(); ++i)
    if (offset[i] == 'd' ? !core::is_digit(zone[i]) : zone[i] != offset[i]) return false;
  return zone.front() == '+' || zone.front() == '-';
}

result<void> check_query(const std::string& query) {
  const std::size_t equals = query.find('=');
  const std::string_view name = std::string_view(query).substr(0, equals);
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return core::is_alnum(c) || std::string_view("-_.[]").find(c) != std::string_view::npos;
  });
  if (equals == std::string::npos || !plain)
    return core::refused(
        core::spelled("@query: expected NAME=VALUE such as status=issued or supplier[name]=Acme"));
  constexpr std::array<std::string_view, 3> own{"limit", "offset", "fields"};
  if (std::find(own.begin(), own.end(), name) != own.end())
    return core::refused(core::sentence("@query {}: pofetch sets this itself", name));
  return {};
}

}  // namespace

result<void> check_api_credentials(const instance_options& options) {
  const bool has_secret = !options.client_secret.empty() || !options.client_secret_file.empty() ||
                          !options.secret_command.empty();
  if (!options.client_secret_file.empty() && !options.secret_command.empty())
    return core::refused(core::spelled("give @client_secret_file or @secret_command, not both"));
  if (options.client_id.empty() && has_secret && options.api_key.empty())
    return core::refused(core::spelled("there is a client secret, but @client_id is missing"));
  if (options.client_id.empty() && options.api_key.empty())
    return core::refused(core::spelled(
        "the source api needs credentials; give @client_id and its secret (POFETCH_CLIENT_SECRET, "
        "@client_secret_file or @secret_command), or an API key in POFETCH_API_KEY"));
  if (!options.client_id.empty() && !has_secret)
    return core::refused(
        core::spelled("@client_id needs its secret, from POFETCH_CLIENT_SECRET, from a file "
                      "(@client_secret_file), or from a command (@secret_command)"));
  if (!options.client_id.empty() && core::trim(options.scope).empty())
    return core::refused(core::spelled("@scope is empty: name at least core.purchase_order.read"));
  return {};
}

result<void> check_api_options(const batch_options& options) {
  if (options.on_expiry != expiry_action::exit)
    return core::refused(
        core::sentence("@on_expiry {} is for the session of @source web; with @source api an access token is "
                       "renewed by itself, and if the API refuses the credentials, the run ends with 3 and "
                       "goes on when the same command is run again",
                       options.on_expiry == expiry_action::wait ? "wait" : "login"));
  if (!options.all || !options.input.empty()) return {};
  if (!options.since.empty() && !is_date(options.since))
    return core::refused(core::spelled("@since: expected a date such as 2026-01-31 or 2026-01-31T12:00:00Z"));
  for (const std::string& query : options.query) {
    auto checked = check_query(query);
    if (!checked) return checked;
  }
  return {};
}

}  // namespace pofetch::sources
