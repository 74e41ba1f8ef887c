#include "cli/commands/plan_counts.hpp"

#include "cli/text/human_text.hpp"
#include "cli/text/printable.hpp"
#include "cli/text/totals_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pofetch::cli {

void plan_counts::add(const report_row& row) {
  const po_outcome& outcome = row.outcome;
  // PENDING is what a PO stays after planning; one that was never reached has no attachments, or an error.
  const bool planned = outcome.status == po_status::pending && !outcome.error && !outcome.attachments.empty();
  if (planned) {
    ++planned_;
  } else {
    ++by_status_[static_cast<std::size_t>(outcome.status)];
  }
  if (outcome.status == po_status::invalid && invalid_lines_.size() < most_lines)
    invalid_lines_.push_back(row.line);
  if (outcome.status == po_status::invalid && outcome.error && reasons_.size() < most_reasons)
    reasons_.push_back(outcome.error->message);
  if (outcome.status != po_status::invalid && folders_.size() < most_folders)
    folders_.push_back(outcome.po.folder);
  for (const attachment_record& each : outcome.attachments) {
    if (each.status == attachment_status::excluded) {
      ++excluded_;
      continue;
    }
    ++attachments_;
    if (each.error) continue;
    ++measured_;
    bytes_ += each.bytes;
  }
}

std::string plan_counts::list_table(const std::string& input, const list_facts& list) {
  const auto quoted = [](const std::string& name) { return "'" + fitted(printable(name), 60) + "'"; };
  std::string form = list.form;
  if (!list.sheet.empty()) form += ", sheet " + quoted(list.sheet);
  if (!list.separator.empty()) form += ", separator " + list.separator;
  if (!list.encoding.empty()) form += ", " + list.encoding;
  std::string text = labelled("List", fitted(printable(input), 60) + ": " + form);
  if (list.hidden_rows > 0) text += labelled("Hidden rows", hidden_text(list));
  if (list.header_line == 0) return text + labelled("Columns", "none: a PO each line");
  text += labelled("Columns", fmt::format("named in line {}", list.header_line));
  text += labelled("  PO", quoted(list.po_column));
  text += labelled("  supplier", list.supplier_column.empty() ? "none" : quoted(list.supplier_column));
  std::string levels;
  for (const std::string& level : list.folder_columns) levels += (levels.empty() ? "" : ", ") + quoted(level);
  return text + labelled("  folders", levels.empty() ? "none" : levels);
}

std::string plan_counts::row_table(const intake_counts& intake) const {
  const auto lines = [](const std::vector<std::int64_t>& told, std::uint64_t all) {
    if (told.empty()) return std::string();
    return fmt::format(" (line {}{})", fmt::join(told, ", "), all > told.size() ? ", ..." : "");
  };
  std::uint64_t usable = planned_;
  for (const std::uint64_t each : by_status_) usable += each;
  const std::uint64_t invalid = count(po_status::invalid);
  usable -= invalid;
  std::string text = labelled("Rows", human_count(intake.rows));
  text += labelled("Purchase orders", human_count(usable));
  text +=
      labelled("  repeated", human_count(intake.repeated) + lines(intake.repeated_lines, intake.repeated));
  text += labelled("  invalid", human_count(invalid) + lines(invalid_lines_, invalid));
  for (const std::string& reason : reasons_) text += labelled("", printable(reason));
  if (invalid > reasons_.size() && !reasons_.empty()) text += labelled("", "...");
  for (std::size_t i = 0; i < folders_.size(); ++i)
    text += labelled(i == 0 ? "Folders" : "", fitted(printable(folders_[i]), 120));
  return usable > folders_.size() ? text + labelled("", "...") : text;
}

std::string plan_counts::found_table(std::chrono::milliseconds took, std::uint64_t rate) const {
  std::string text = labelled("With attachments", human_count(planned_ + count(po_status::completed)));
  text += labelled("Without", human_count(count(po_status::no_attachments)));
  text += labelled("Not found", human_count(count(po_status::not_found)));
  text += labelled("Not readable", human_count(count(po_status::failed) + count(po_status::partial)));
  if (count(po_status::skipped) > 0) text += labelled("Held back", human_count(count(po_status::skipped)));
  if (count(po_status::pending) > 0)
    text += labelled("Not looked up", human_count(count(po_status::pending)));
  text += labelled("Attachments", human_count(attachments_));
  if (excluded_ > 0) text += labelled("  left out", human_count(excluded_));
  text += labelled("  size known", fmt::format("{}, {}", human_count(measured_), human_bytes(bytes_)));
  text += labelled("  size unknown", human_count(attachments_ - measured_));
  // A run sends about as many requests as the look-up did.
  constexpr std::uint64_t usual_rate = 10U << 20;
  const std::uint64_t pace = rate > 0 ? rate : usual_rate;
  const auto transfer = std::chrono::milliseconds(bytes_ / pace * 1000 + bytes_ % pace * 1000 / pace);
  return text + labelled("Time, about",
                         fmt::format("{} ({} for the requests as now, {} for the bytes at {} a second)",
                                     human_duration(took + transfer), human_duration(took),
                                     human_duration(transfer), human_bytes(pace)));
}

}  // namespace pofetch::cli
