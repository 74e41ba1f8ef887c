#pragma once

#include "coupa-sim/site_message.hpp"

#include <ctime>
#include <string>

namespace coupa_sim {

/// What a client may ask with whether something is still the same. Empty or 0: not given.
struct validators {
  std::string etag{};
  std::time_t modified = 0;
};

/// Writes them into the reply, and makes it a 304 if the request holds the same ones (RFC 9110, section
/// 13.2.2: the entity-tag decides, the date only without one).
void apply_validators(site_reply& reply, const site_request& request, const validators& now);

}  // namespace coupa_sim
