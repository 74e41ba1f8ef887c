#pragma once

#include "cli/remote/follower.hpp"

#include <string>

namespace pofetch::cli {

/// How a batch at a service ended, for a person: counts, files, the commonest errors, where the report is,
/// and how to try again what is missing.
[[nodiscard]] std::string remote_summary(const follower& followed, const batch_address& where,
                                         bool with_token);

/// How somebody who has stopped looking on goes on, or ends the batch.
[[nodiscard]] std::string left_running(const batch_address& where, bool with_token);

/// `https://host/ID`, as watch takes it.
[[nodiscard]] std::string shown_address(const batch_address& where);

}  // namespace pofetch::cli
