#include "cli/commands/commands.hpp"
#include "cli/commands/login_options.hpp"
#include "cli/commands/stop_on_signal.hpp"
#include "cli/commands/summary.hpp"
#include "cli/screen/screen.hpp"
#include "core/consequence.hpp"
#include "os/read_write.hpp"

#include <fmt/format.h>

#include <csignal>
#include <memory>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pofetch::cli {

namespace {

/// Has the run come so far that DIR holds a batch?
bool has_worked(exit_state state) { return state != exit_state::usage && state != exit_state::machine; }

/// The reports beside DIR/report.csv.
exit_state write_reports(std::vector<std::filesystem::path> reports, const batch_options& batch,
                         const batch_result& done) {
  exit_state state = done.state;
  // Of many machines one writes them where all find them.
  for (std::size_t i = reports.size(); done.ended_run && i > 0; --i)
    reports.push_back(batch.out / reports[i - 1].filename());
  for (const std::filesystem::path& report : reports) {
    const result<void> written = batch.nodes.address.empty()
                                     ? write_batch_report(home_of(batch), report)
                                     : write_batch_report(batch.nodes, batch.out, report);
    if (written) continue;
    complain(written.error());
    const bool finished = state == exit_state::ok || state == exit_state::incomplete;
    if (finished) state = exit_state::machine;
  }
  return state;
}

exit_state not_settled(const failure& why, int signal) {
  if (why.code == errc::cancelled) return signal == SIGINT ? exit_state::interrupted : exit_state::terminated;
  complain(why);
  return core::consequence_of(why.code).exit;
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
  result<batch_options> wanted = with_sign_in(values, shown);
  if (!wanted) {
    complain(wanted.error());
    return exit_state::usage;
  }
  if (!wanted->nodes.address.empty()) {
    wanted = settle_with_nodes(std::move(*wanted), [&signals] { return signals.stopped_by() != 0; });
    if (!wanted) return not_settled(wanted.error(), signals.stopped_by());
  }
  batch job(*wanted, shown.events());
  const stop_on_signal::watch watching(signals, job, shown);
  batch_result done = job.run();
  shown.finish();
  if (done.error) complain(*done.error);
  if (has_worked(done.state)) done.state = write_reports(values.reports, *wanted, done);
  // Without a started run there is nothing to sum up, and a second run must not blame the first one's POs.
  if (!values.quiet && shown.model().snapshot().started) {
    const progress_snapshot now = shown.model().snapshot();
    options used = values;
    used.batch.out = wanted->out;
    const std::string summary = run_summary(done, line, used, now, shown.model().causes(5));
    static_cast<void>(os::write_all(STDERR_FILENO, summary));
  }
  return done.state;
}

}  // namespace pofetch::cli
