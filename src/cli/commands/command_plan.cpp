#include "cli/commands/commands.hpp"
#include "cli/commands/login_options.hpp"
#include "cli/commands/plan_counts.hpp"
#include "cli/commands/stop_on_signal.hpp"
#include "cli/screen/screen.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace pofetch::cli {

namespace {

std::string plan_text(const batch_result& done, const plan_counts& counts, const options& values,
                      std::chrono::milliseconds took) {
  const std::string text =
      plan_counts::list_table(values.batch.input, *done.list) + counts.row_table(done.run.intake);
  if (!done.offline) return text + counts.found_table(took, values.batch.pool.limit_rate);
  return text + "Nothing was looked up; with --base-url URL the attachments and bytes to come are counted.\n";
}

}  // namespace

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
  const progress_snapshot now = shown.model().snapshot();
  if (done.list && values.progress != progress_mode::json)
    print(plan_text(done, counts, values, now.elapsed));
  return done.state;
}

}  // namespace pofetch::cli
