#pragma once

#include "coupa-sim/dataset.hpp"
#include "coupa-sim/markup.hpp"

#include <string>
#include <string_view>

namespace coupa_sim {

/// The markup that lists one file, in the file's shape. `neighbour`: a name that glued texts also hold.
[[nodiscard]] std::string file_item(markup_writer& html, const file_facts& file, std::string_view neighbour);

/// A second link to the same address, as icons are.
[[nodiscard]] std::string icon_link(markup_writer& html, const file_facts& file);

}  // namespace coupa_sim
