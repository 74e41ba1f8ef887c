#pragma once

#include "sources/coupa_api/token/access_token.hpp"

#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>
#include <pofetch/progress.hpp>

#include <functional>
#include <string>

namespace pofetch::engine {

/// How a run signs in to the REST API.
struct api_credentials {
  /// Empty `client_id`: with the API key.
  sources::client_credentials client;
  /// Secret.
  std::string api_key;

  [[nodiscard]] bool by_token() const noexcept { return !client.client_id.empty(); }
};

/// Brings them together from options, file and command; may run the command, so it blocks. Warns through
/// `events` about a file that others may read. Failure config: there are none, or one cannot be used.
[[nodiscard]] result<api_credentials> load_api_credentials(const instance_options& options, progress& events,
                                                           const std::function<bool()>& stopped);

}  // namespace pofetch::engine
