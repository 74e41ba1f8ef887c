#include "cli/screen/screen.hpp"

#include "cli/screen/terminal.hpp"

#include <unistd.h>
#include <utility>
#include <vector>

namespace pofetch::cli {

namespace {

progress_mode mode_of(const options& values) {
  if (values.progress != progress_mode::automatic) return values.progress;
  if (values.quiet) return progress_mode::none;
  // Log lines on the same terminal would tear the picture.
  return can_draw(STDERR_FILENO) && values.verbose == 0 ? progress_mode::bar : progress_mode::plain;
}

bool logs_to_screen(const options& values) {
  return values.verbose > 0 && !values.quiet && mode_of(values) != progress_mode::bar;
}

std::unique_ptr<printer> make_printer(const options& values, progress_model& model) {
  const bool logged = logs_to_screen(values);  // failures and notices are there already
  const notice_level least = values.quiet || logged ? notice_level::error : notice_level::info;
  switch (mode_of(values)) {
    case progress_mode::bar:
      return make_bar_printer(model);
    case progress_mode::json:
      return make_json_printer(model);
    case progress_mode::none:
      return make_plain_printer(model, {.status = false,
                                        .failures = false,
                                        .least = values.quiet ? notice_level::error : notice_level::warning});
    case progress_mode::automatic:
    case progress_mode::plain:
      break;
  }
  return make_plain_printer(model,
                            {.status = !values.quiet, .failures = !values.quiet && !logged, .least = least});
}

std::vector<progress*> receivers(progress_model& model, printer& shown, event_log* log) {
  std::vector<progress*> all{&model, &shown};
  if (log != nullptr) all.push_back(log);
  return all;
}

}  // namespace

result<std::unique_ptr<screen>> screen::open(const options& values, bool planning) {
  std::unique_ptr<event_log> log;
  const bool shown = logs_to_screen(values);
  if (shown || !values.log_file.empty()) {
    result<std::unique_ptr<event_log>> opened = event_log::open(values.log_file, shown, values.verbose);
    if (!opened) return opened.error();
    log = std::move(*opened);
  }
  return std::make_unique<screen>(values, planning, std::move(log));
}

screen::screen(const options& values, bool planning, std::unique_ptr<event_log> log)
    : model_({.retry_skipped = values.batch.pool.retry_skipped, .planning = planning}),
      log_(std::move(log)),
      printer_(make_printer(values, model_)),
      all_(receivers(model_, *printer_, log_.get())) {}

void screen::finish() { printer_->finish(); }

}  // namespace pofetch::cli
