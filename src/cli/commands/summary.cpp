#include "cli/commands/summary.hpp"

#include "cli/commands/resume_command.hpp"
#include "cli/text/human_text.hpp"
#include "cli/text/printable.hpp"
#include "cli/text/totals_text.hpp"
#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/po_rules.hpp"
#include "engine/source_facts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::cli {

namespace {

std::uint64_t count_of(const batch_totals& totals, po_status status) {
  return totals.by_status[static_cast<std::size_t>(status)];
}

std::string headline(const batch_result& done, const progress_snapshot& now) {
  std::string_view how = "Finished after";
  if (done.state == exit_state::interrupted || done.state == exit_state::terminated) how = "Stopped after";
  const bool early = done.state == exit_state::sign_in || done.state == exit_state::machine ||
                     done.state == exit_state::usage;
  if (early) how = "Ended early, after";
  const double minutes = static_cast<double>(now.elapsed.count()) / 60'000;
  const auto speed = static_cast<std::uint64_t>(minutes > 0 ? static_cast<double>(now.pos_now) / minutes : 0);
  return fmt::format("{} {}: {} in the list, {} done in this run ({} POs per minute).\n", how,
                     human_duration(now.elapsed), human_count(done.totals.purchase_orders, "purchase order"),
                     human_count(now.pos_now), human_count(speed));
}

std::string file_line(const batch_result& done, const progress_snapshot& now) {
  std::string text = files_text(done.totals);
  if (now.bytes > 0) text += fmt::format("; received in this run: {}", human_bytes(now.bytes));
  return labelled("Files", text);
}

std::string cause_lines(const std::vector<error_cause>& causes) {
  if (causes.empty()) return {};
  std::string text = "Commonest errors of this run:\n";
  for (const error_cause& cause : causes) {
    text += fmt::format("  {} {:>12}  {}\n", padded(cause.code, 20), human_count(cause.count),
                        fitted(core::mask_secrets_in_text(cause.example), 200));
  }
  return text;
}

std::string who_is_pending(const batch_result& done) {
  const std::uint64_t count = count_of(done.totals, po_status::pending);
  return human_count(count, "purchase order") + (count == 1 ? " is" : " are");
}

std::string sign_in_advice(const batch_result& done, const options& values) {
  if (engine::facts_of(values.batch.source).by_credentials)
    return fmt::format(
        "Signing in is needed: the API's access token or key was not accepted. {} still PENDING; none was "
        "marked as failed for it.\nCheck {}, and run the command below.\n",
        who_is_pending(done),
        values.batch.client_id.empty() ? "POFETCH_API_KEY" : "--client-id, its secret and --scope");
  const std::string file =
      values.batch.cookie_file.empty() ? "cookies.txt" : printable(values.batch.cookie_file.string());
  const bool has_header = values.batch.cookie_file.empty() && !values.batch.cookie_header.empty();
  return fmt::format(
      "Signing in is needed: the session has expired or was not accepted. {} still PENDING; none was marked "
      "as failed "
      "for it.\nSign in with a browser, {}, and run the command below.\n",
      who_is_pending(done),
      has_header ? "put the new Cookie header into POFETCH_COOKIE"
                 : fmt::format("save its cookies in {} (cookies.txt or JSON){}", file,
                               values.batch.cookie_file.empty() ? " and add --cookies " + file : ""));
}

std::string next_step(const batch_result& done, const arguments& line) {
  switch (done.state) {
    case exit_state::ok:
      return {};
    case exit_state::incomplete: {
      if (core::count_taken_up(done.totals.by_status, true) == 0) return {};
      const std::uint64_t skipped = count_of(done.totals, po_status::skipped);
      return fmt::format("To try again what is missing:\n  {}\n",
                         resume_command(line, skipped > 0 ? "--retry-skipped" : ""));
    }
    case exit_state::usage:
    case exit_state::sign_in:
    case exit_state::machine:
    case exit_state::interrupted:
    case exit_state::terminated:
      return fmt::format("To go on:\n  {}\n", resume_command(line));
  }
  return {};
}

}  // namespace

std::string run_summary(const batch_result& done, const arguments& line, const options& values,
                        const progress_snapshot& now, const std::vector<error_cause>& causes) {
  std::string text = headline(done, now) + status_table(done.totals);
  if (done.list && done.list->hidden_rows > 0) text += labelled("Hidden rows", hidden_text(*done.list));
  text += file_line(done, now);
  if (done.run.requests > 0) {
    text += labelled("Requests", fmt::format("{}, {} retried", human_count(done.run.requests),
                                             human_count(done.run.retries)));
  }
  text += cause_lines(causes);
  if (done.state != exit_state::machine) {
    text += labelled("Report", printable((values.batch.out / "report.csv").string()));
    for (const std::filesystem::path& report : values.reports)
      text += labelled("", printable(report.string()));
    const bool has_workbook =
        std::any_of(values.reports.begin(), values.reports.end(), [](const std::filesystem::path& report) {
          return core::iequals(report.extension().string(), ".xlsx");
        });
    // Excel takes a CSV file for one of its own code page and separator.
    if (!has_workbook)
      text += labelled("  for Excel", "pofetch report " + shell_quoted(home_of(values.batch).string()) +
                                          " --to report.xlsx");
  }
  if (done.state == exit_state::sign_in) text += sign_in_advice(done, values);
  return text + next_step(done, line);
}

}  // namespace pofetch::cli
