#include "cli/commands/commands.hpp"
#include "core/consequence.hpp"

namespace pofetch::cli {

exit_state command_report(const options& values) {
  const batch_options& batch = values.batch;
  const result<void> written = batch.nodes.address.empty()
                                   ? write_batch_report(home_of(batch), values.report_to)
                                   : write_batch_report(batch.nodes, batch.out, values.report_to);
  if (written) return exit_state::ok;
  complain(written.error());
  return core::consequence_of(written.error().code).exit;
}

}  // namespace pofetch::cli
