#include "cli/commands.hpp"
#include "cli/plan_counts.hpp"
#include "cli/screen.hpp"
#include "cli/sign_in_again.hpp"
#include "cli/stop_on_signal.hpp"

#include <memory>

namespace pofetch::cli {

exit_state command_plan(const arguments&, const options& values) {
  stop_on_signal signals;  // before the first thread
  const result<std::unique_ptr<screen>> opened = screen::open(values, true);
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
  plan_counts counts;
  const batch_result done = job.plan([&](const report_row& row) -> result<void> {
    counts.add(row);
    return {};
  });
  shown.finish();
  if (done.error) complain(*done.error);
  // With --progress json standard output is for programs: the events have the counts.
  if (shown.model().snapshot().started && values.progress != progress_mode::json)
    print(counts.table(done.run.intake));
  return done.state;
}

}  // namespace pofetch::cli
