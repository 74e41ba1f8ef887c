#pragma once

#include "core/url.hpp"
#include "http/address_rule.hpp"
#include "http/client_lane.hpp"
#include "http/connection.hpp"
#include "http/time_limits.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>

#include <memory>

namespace pofetch::http {

/// Opens a connection for a hop: finds the addresses, leaves out those that the address rule forbids, and
/// connects to one of the rest, so that what was checked is what is connected to. Where the way leads through
/// a proxy, that one finds the address, and the rule can only be held by the name. Plain HTTP goes to
/// loopback addresses alone. Failures: those of `connection::open`, blocked_redirect, and config for an own
/// origin that is no loopback address over plain HTTP.
/// What is opened is counted in `seen`.
[[nodiscard]] awaitable<result<std::unique_ptr<connection>>> open_connection(client_lane& lane, traffic& seen,
                                                                             const core::origin& to,
                                                                             const hop_facts& hop,
                                                                             const time_limits& limits);

}  // namespace pofetch::http
