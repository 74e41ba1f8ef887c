#include "engine/instance/api_options.hpp"

#include "core/ascii.hpp"
#include "core/setting_text.hpp"
#include "engine/refused.hpp"

#include <fmt/format.h>

namespace pofetch::engine {

namespace {

/// Just under the 25 a second that Coupa allows, so that clocks which differ never lead into a refusal.
constexpr double api_rate = 24.9;

}  // namespace

double request_ceiling(const instance_options& options) {
  const double wanted = options.pool.requests_per_second;
  return options.source == source_kind::api && wanted <= 0 ? api_rate : wanted;
}

result<void> check_api_credentials(const instance_options& options) {
  const bool has_secret = !options.client_secret.empty() || !options.client_secret_file.empty() ||
                          !options.secret_command.empty();
  if (!options.client_secret_file.empty() && !options.secret_command.empty())
    return refused(core::spelled("give @client_secret_file or @secret_command, not both"));
  if (options.client_id.empty() && has_secret && options.api_key.empty())
    return refused(core::spelled("there is a client secret, but @client_id is missing"));
  if (options.client_id.empty() && options.api_key.empty())
    return refused(core::spelled(
        "the source api needs credentials; give @client_id and its secret (POFETCH_CLIENT_SECRET, "
        "@client_secret_file or @secret_command), or an API key in POFETCH_API_KEY"));
  if (!options.client_id.empty() && !has_secret)
    return refused(
        core::spelled("@client_id needs its secret, from POFETCH_CLIENT_SECRET, from a file "
                      "(@client_secret_file), or from a command (@secret_command)"));
  if (!options.client_id.empty() && core::trim(options.scope).empty())
    return refused(core::spelled("@scope is empty: name at least core.purchase_order.read"));
  return {};
}

}  // namespace pofetch::engine
