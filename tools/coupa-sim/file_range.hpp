#pragma once

#include "coupa-sim/site.hpp"

#include <cstdint>
#include <string_view>

namespace coupa_sim {

/// Cuts a file's reply down to one byte range (RFC 9110, section 14): 206, or 416 if nothing of the
/// file is asked for. A field that is not one simple range is ignored.
void apply_range(site_reply& reply, std::string_view range, std::uint64_t size);

}  // namespace coupa_sim
