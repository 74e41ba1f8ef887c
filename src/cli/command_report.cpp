#include "cli/commands.hpp"
#include "core/consequence.hpp"

namespace pofetch::cli {

exit_state command_report(const options& values) {
  const result<void> written = write_batch_report(home_of(values.batch), values.report_to);
  if (written) return exit_state::ok;
  complain(written.error());
  return core::consequence_of(written.error().code).exit;
}

}  // namespace pofetch::cli
