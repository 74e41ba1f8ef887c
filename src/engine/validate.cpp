#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/no_proxy.hpp"
#include "core/setting_text.hpp"
#include "core/url.hpp"
#include "engine/refused.hpp"

#include <pofetch/batch.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace pofetch {
namespace {

result<void> check_base_url(const instance_options& options) {
  const std::string& address = options.base_url;
  if (address.empty()) {
    if (options.source != source_kind::web && options.source != source_kind::api) return {};
    return engine::refused(
        core::sentence("@source {} needs @base_url=URL, the instance.", to_string(options.source)));
  }
  const std::string shown = core::mask_url(address);
  const result<core::origin> origin = core::origin_of(address);
  if (!origin)
    return engine::refused(core::sentence(
        "@base_url: expected an address such as https://tenant.coupahost.com, not '{}'.", shown));
  const std::size_t authority = address.find("//") + 2;
  if (address.substr(authority, address.find_first_of("/?#", authority) - authority).find('@') !=
      std::string::npos)
    return engine::refused(core::spelled("@base_url must not hold a user name or password."));
  if (origin->scheme == "http" && !options.pool.allow_http)
    return engine::refused(
        core::sentence("@base_url {} is plain HTTP; only https is used (@allow_http allows plain HTTP to "
                       "loopback addresses).",
                       shown));
  return {};
}

result<void> check_network(const instance_options& options) {
  const network_config& network = options.network;
  if (!network.client_key.empty() && network.client_cert.empty())
    return engine::refused(
        core::spelled("@client_key needs @client_cert=FILE, the certificate that it belongs to."));
  if (!network.client_cert.empty() && options.base_url.empty())
    return engine::refused(
        core::spelled("@client_cert needs @base_url=URL: the certificate is shown to that instance alone."));
  const auto rules = core::no_proxy_rules::parse(network.no_proxy);
  if (!rules) return engine::refused(rules.error().message + ".");
  return {};
}

result<void> check_header(const std::string& line) {
  const std::size_t colon = line.find(':');
  const std::string_view name = std::string_view(line).substr(0, colon);
  constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";  // RFC 9110 5.6.2
  const bool token = !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return core::is_alnum(c) || token_marks.find(c) != std::string_view::npos;
  });
  // The value may be a secret, so it is not repeated.
  if (colon == std::string::npos || !token)
    return engine::refused(core::spelled("@header: expected 'Name: value'."));
  if (std::any_of(line.begin(), line.end(), [](char c) { return core::is_control(c) && c != '\t'; }))
    return engine::refused(core::sentence("@header: the value of {} has control characters.", name));
  return {};
}

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
    return engine::refused(
        core::spelled("@query: expected NAME=VALUE such as status=issued or supplier[name]=Acme"));
  constexpr std::array<std::string_view, 3> own{"limit", "offset", "fields"};
  if (std::find(own.begin(), own.end(), name) != own.end())
    return engine::refused(core::sentence("@query {}: pofetch sets this itself", name));
  return {};
}

result<void> check_expiry(const batch_options& options) {
  if (options.on_expiry == expiry_action::exit) return {};
  const bool waits = options.on_expiry == expiry_action::wait;
  if (options.source == source_kind::api)
    return engine::refused(
        core::sentence("@on_expiry {} is for the session of @source web; with @source api an access token is "
                       "renewed by itself, and if the API refuses the credentials, the run ends with 3 and "
                       "goes on when the same command is run again",
                       waits ? "wait" : "login"));
  if (waits && options.cookie_file.empty())
    return engine::refused(core::spelled(
        "@on_expiry wait needs @cookies=FILE: that is the file in which it waits for a new session."));
  return {};
}

result<void> check_listing(const batch_options& options) {
  if (!options.all) {
    if (options.since.empty() && options.query.empty()) return {};
    return engine::refused(core::spelled("@since and @query choose among the orders of @all; add @all"));
  }
  if (options.source != source_kind::api)
    return engine::refused(core::spelled("@all reads the list from the REST API; add @source api"));
  if (!options.input.empty()) return engine::refused(core::spelled("give a list or @all, not both"));
  if (!options.since.empty() && !is_date(options.since))
    return engine::refused(
        core::spelled("@since: expected a date such as 2026-01-31 or 2026-01-31T12:00:00Z"));
  for (const std::string& query : options.query) {
    auto checked = check_query(query);
    if (!checked) return checked;
  }
  return {};
}

}  // namespace

result<void> validate(const instance_options& options) {
  result<void> good = check_base_url(options);
  if (good) good = check_network(options);
  for (const std::string& header : options.headers) {
    if (good) good = check_header(header);
  }
  return good ? validate(options.pool) : good;
}

result<void> validate(const batch_options& options) {
  result<void> good = validate(static_cast<const instance_options&>(options));
  if (good) good = check_expiry(options);
  return good ? check_listing(options) : good;
}

}  // namespace pofetch
