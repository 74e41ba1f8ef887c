#pragma once

#include <pofetch/batch.hpp>
#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>

namespace pofetch::engine {

/// Are there credentials for the REST API, as far as can be said without reading or running anything? Failure
/// config names the options that are missing or do not go together.
[[nodiscard]] result<void> check_api_credentials(const instance_options& options);

/// Can be done what the batch does when its session ends? Failure config.
[[nodiscard]] result<void> check_expiry(const batch_options& options);

/// Do `all`, `since`, `query`, `input` and `source` go together, is the date one, and is no condition one
/// that paging needs for itself? Failure config names the option.
[[nodiscard]] result<void> check_listing(const batch_options& options);

/// Requests a second that the run may start; 0: any number. Without a word for the source `api`, it is just
/// under what Coupa allows.
[[nodiscard]] double request_ceiling(const instance_options& options);

}  // namespace pofetch::engine
