#include "cli/commands.hpp"
#include "cli/screen.hpp"
#include "cli/sign_in_again.hpp"
#include "cli/stop_on_signal.hpp"
#include "cli/summary.hpp"
#include "os/read_write.hpp"

#include <fmt/format.h>

#include <memory>
#include <unistd.h>

namespace pofetch::cli {

namespace {

/// Has the run come so far that DIR holds a batch?
bool has_worked(exit_state state) { return state != exit_state::usage && state != exit_state::machine; }

/// The reports beside DIR/report.csv.
exit_state write_reports(const options& values, exit_state state) {
  for (const std::filesystem::path& report : values.reports) {
    const result<void> written = write_batch_report(home_of(values.batch), report);
    if (written) continue;
    complain(written.error());
    const bool finished = state == exit_state::ok || state == exit_state::incomplete;
    if (finished) state = exit_state::machine;
  }
  return state;
}

}  // namespace

exit_state command_run(const arguments& line, const options& values) {
  stop_on_signal signals;  // before the first thread
  const result<std::unique_ptr<screen>> opened = screen::open(values, false);
  if (!opened) {
    complain(opened.error().message);
    return exit_state::usage;
  }
  screen& shown = **opened;
  const result<batch_options> wanted = with_sign_in(values, shown);
  if (!wanted) {
    complain(wanted.error());
    return exit_state::usage;
  }
  batch job(*wanted, shown.events());
  const stop_on_signal::watch watching(signals, job, shown);
  batch_result done = job.run();
  shown.finish();
  if (done.error) complain(*done.error);
  if (has_worked(done.state)) done.state = write_reports(values, done.state);
  // Without a started run there is nothing to sum up, and a second run must not blame the first one's POs.
  if (!values.quiet && shown.model().snapshot().started) {
    const progress_snapshot now = shown.model().snapshot();
    const std::string summary = run_summary(done, line, values, now, shown.model().causes(5));
    static_cast<void>(os::write_all(STDERR_FILENO, summary));
  }
  return done.state;
}

}  // namespace pofetch::cli
