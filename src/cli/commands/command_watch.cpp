#include "cli/commands/commands.hpp"
#include "cli/remote/watching.hpp"

namespace pofetch::cli {

exit_state command_watch(const options& values) {
  stoppable_loop loop;  // before the first thread
  const auto where = read_batch_address(values.remote.address);
  if (!where) {
    complain(where.error().message);
    return exit_state::usage;
  }
  const auto client = service_client::make(loop.executor(), where->service, values);
  if (!client) {
    complain(client.error().message);
    return exit_state::usage;
  }
  return watch_batch(loop, **client, *where, values, false);
}

}  // namespace pofetch::cli
