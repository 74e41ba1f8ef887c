#pragma once

#include "cli/remote/list_upload.hpp"
#include "cli/remote/service_client.hpp"
#include "settings/resolve.hpp"

#include <pofetch/awaitable.hpp>

#include <string>

namespace pofetch::cli {

/// What is sent to a service about a batch beside its list: what the user has said, whether by option,
/// variable or file; for the rest the service has its own. `?profile=main&workers=2`; empty: nothing was
/// said.
[[nodiscard]] std::string query_of(const settings::resolution& decided);

/// Sends the list, and again with the same key where the answer is lost or the service is busy, for up to 5
/// minutes. The answer has the batch.
[[nodiscard]] awaitable<result<service_answer>> hand_over(service_client& to, list_upload& list,
                                                          std::string query, std::string key);

/// 32 characters that nobody else has.
[[nodiscard]] std::string new_key();

}  // namespace pofetch::cli
