#pragma once

#include <pofetch/batch.hpp>
#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>

namespace pofetch::sources {

/// Are there credentials for the REST API, as far as can be said without reading or running anything? Failure
/// config names the options that are missing or do not go together.
[[nodiscard]] result<void> check_api_credentials(const instance_options& options);

/// What a batch may ask of the REST API: see `driver::check`.
[[nodiscard]] result<void> check_api_options(const batch_options& options);

}  // namespace pofetch::sources
