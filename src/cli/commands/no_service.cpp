// In place of the commands that run a service or ask one, in a build with POFETCH_SERVICE=OFF.
#include "cli/commands/commands.hpp"

#include <fmt/format.h>

namespace pofetch::cli {

namespace {

exit_state left_out(settings::command command) {
  complain(fmt::format(
      "this build leaves out the service, and with it 'pofetch {}'. 'tools/build release' builds all of it.",
      to_string(command)));
  return exit_state::usage;
}

}  // namespace

exit_state command_serve(const arguments&, const options&) { return left_out(settings::command::serve); }
exit_state command_submit(const settings::resolution&) { return left_out(settings::command::submit); }
exit_state command_watch(const options&) { return left_out(settings::command::watch); }

}  // namespace pofetch::cli
