#pragma once

#include "coupa-sim/dataset.hpp"
#include "coupa-sim/site_message.hpp"

#include <optional>
#include <string_view>

namespace coupa_sim {

/// POST /_sim/attach, /_sim/replace and /_sim/detach, which change an order while the site is up, and
/// GET /_sim/order, which says what it is like now. Nothing for another control.
[[nodiscard]] std::optional<site_reply> change_order(dataset& site, std::string_view what,
                                                     std::string_view query, const site_request& request);

}  // namespace coupa_sim
