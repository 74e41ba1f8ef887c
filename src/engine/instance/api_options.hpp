#pragma once

#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>

namespace pofetch::engine {

/// Are there credentials for the REST API, as far as can be said without reading or running anything? Failure
/// config names the options that are missing or do not go together.
[[nodiscard]] result<void> check_api_credentials(const instance_options& options);

/// Requests a second that the run may start; 0: any number. Without a word for the source `api`, it is just
/// under what Coupa allows.
[[nodiscard]] double request_ceiling(const instance_options& options);

}  // namespace pofetch::engine
