#include "cli/commands/commands.hpp"
#include "cli/text/printable.hpp"
#include "core/consequence.hpp"

#include <fmt/format.h>

#include <array>

namespace pofetch::cli {

exit_state command_tell(const options& values, node_wish wish) {
  const result<std::string> told = tell_nodes(values.batch.nodes, wish);
  if (!told) {
    complain(told.error());
    return core::consequence_of(told.error().code).exit;
  }
  constexpr std::array<std::string_view, 3> does{"go on", "pause", "stop"};
  const auto what = does[static_cast<std::size_t>(wish)];
  return print(fmt::format("All nodes of the batch '{}' {}.\n", printable(*told), what))
             ? exit_state::ok
             : exit_state::machine;
}

}  // namespace pofetch::cli
