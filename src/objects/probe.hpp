#pragma once

#include "objects/store_client.hpp"

namespace pofetch::objects {

/// Writes one small object below `PREFIX/.pofetch/`, several times at once, each time only if it is not
/// there, and removes it. True: one of them won, so the store holds conditions. Failures: config (no such
/// bucket, credentials that are refused), disk (the store cannot be used).
[[nodiscard]] awaitable<result<bool>> probe_conditions(store_client& of);

}  // namespace pofetch::objects
