#include "cli/commands.hpp"
#include "cli/summary.hpp"

namespace pofetch::cli {

exit_state command_report(const options& values) {
  const result<void> written = write_batch_report(values.batch.out, values.report_to);
  if (written) return exit_state::ok;
  complain(written.error());
  return exit_state_of(written.error());
}

}  // namespace pofetch::cli
