#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/no_proxy.hpp"
#include "core/refused.hpp"
#include "core/setting_text.hpp"
#include "core/url.hpp"
#include "objects/object_store.hpp"
#include "sources/drivers.hpp"

#include <pofetch/batch.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>

namespace pofetch {
namespace {

result<void> check_source(const instance_options& options) {
  const bool known =
      options.source == source_kind() || sources::find_driver(options.source.word()) != nullptr;
  return known ? result<void>()
               : core::refused(core::sentence("@source: there is no '{}'.", options.source.word()));
}

result<void> check_base_url(const instance_options& options) {
  const std::string& address = options.base_url;
  if (address.empty()) {
    const sources::driver* const how = sources::find_driver(options.source.word());
    if (how == nullptr || !how->facts().needs_instance) return {};
    return core::refused(
        core::sentence("@source {} needs @base_url=URL, the instance.", to_string(options.source)));
  }
  const std::string shown = core::mask_url(address);
  const result<core::origin> origin = core::origin_of(address);
  if (!origin)
    return core::refused(core::sentence(
        "@base_url: expected an address such as https://tenant.coupahost.com, not '{}'.", shown));
  const std::size_t authority = address.find("//") + 2;
  if (address.substr(authority, address.find_first_of("/?#", authority) - authority).find('@') !=
      std::string::npos)
    return core::refused(core::spelled("@base_url must not hold a user name or password."));
  if (origin->scheme == "http" && !options.pool.allow_http)
    return core::refused(
        core::sentence("@base_url {} is plain HTTP; only https is used (@allow_http allows plain HTTP to "
                       "loopback addresses).",
                       shown));
  return {};
}

result<void> check_network(const instance_options& options) {
  const network_config& network = options.network;
  if (!network.client_key.empty() && network.client_cert.empty())
    return core::refused(
        core::spelled("@client_key needs @client_cert=FILE, the certificate that it belongs to."));
  if (!network.client_cert.empty() && options.base_url.empty())
    return core::refused(
        core::spelled("@client_cert needs @base_url=URL: the certificate is shown to that instance alone."));
  const auto rules = core::no_proxy_rules::parse(network.no_proxy);
  if (!rules) return core::refused(rules.error().message + ".");
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
    return core::refused(core::spelled("@header: expected 'Name: value'."));
  if (std::any_of(line.begin(), line.end(), [](char c) { return core::is_control(c) && c != '\t'; }))
    return core::refused(core::sentence("@header: the value of {} has control characters.", name));
  return {};
}

result<void> check_expiry(const batch_options& options) {
  if (options.on_expiry == expiry_action::exit) return {};
  if (options.on_expiry == expiry_action::wait && options.cookie_file.empty())
    return core::refused(core::spelled(
        "@on_expiry wait needs @cookies=FILE: that is the file in which it waits for a new session."));
  return {};
}

result<void> check_nodes(const batch_options& options) {
  const shared_ledger& nodes = options.nodes;
  if (nodes.address.empty()) return {};
  if (is_object_address(options.out))
    return core::refused(core::spelled(
        "@ledger: an object store is for one machine so far; give a folder that all nodes share."));
  if (nodes.lease < std::chrono::seconds(1) || nodes.lease > std::chrono::hours(1))
    return core::refused(core::spelled("@lease: between 1s and 1h."));
  if (nodes.timeout < std::chrono::seconds(1))
    return core::refused(core::spelled("@ledger_timeout: at least 1s."));
  return {};
}

result<void> check_listing(const batch_options& options) {
  if (!options.all) {
    if (options.since.empty() && options.query.empty()) return {};
    return core::refused(core::spelled("@since and @query choose among the orders of @all; add @all"));
  }
  const sources::driver* const how = sources::find_driver(options.source.word());
  if (how == nullptr || how->listing() == nullptr)
    return core::refused(core::spelled("@all reads the list from the REST API; add @source api"));
  if (!options.input.empty()) return core::refused(core::spelled("give a list or @all, not both"));
  return {};
}

}  // namespace

result<void> validate(const instance_options& options) {
  result<void> good = check_source(options);
  if (good) good = check_base_url(options);
  if (good) good = check_network(options);
  for (const std::string& header : options.headers) {
    if (good) good = check_header(header);
  }
  return good ? validate(options.pool) : good;
}

result<void> validate(const batch_options& options) {
  result<void> good = validate(static_cast<const instance_options&>(options));
  if (const sources::driver* const how = sources::find_driver(options.source.word()); good && how != nullptr)
    good = how->check(options);
  if (good && is_object_address(options.out))
    good = objects::check_output(options.out, options.objects, options.pool);
  if (good) good = check_expiry(options);
  if (good) good = check_nodes(options);
  return good ? check_listing(options) : good;
}

}  // namespace pofetch
