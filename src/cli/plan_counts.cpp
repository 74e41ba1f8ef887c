#include "cli/plan_counts.hpp"

#include "cli/totals_text.hpp"
#include "cli/units.hpp"

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

std::string plan_counts::table(const intake_counts& intake) const {
  const auto count = [&](po_status status) { return by_status_[static_cast<std::size_t>(status)]; };
  const std::uint64_t invalid = count(po_status::invalid);
  std::string lines;
  if (!invalid_lines_.empty()) {
    lines = fmt::format(" (line {}{})", fmt::join(invalid_lines_, ", "),
                        invalid > invalid_lines_.size() ? ", ..." : "");
  }
  std::uint64_t usable = planned_;
  for (const std::uint64_t each : by_status_) usable += each;
  usable -= invalid;

  std::string text = labelled("Rows", human_count(intake.rows));
  text += labelled("Purchase orders", human_count(usable));
  text += labelled("  repeated", human_count(intake.repeated));
  text += labelled("  invalid", human_count(invalid) + lines);
  text += labelled("With attachments", human_count(planned_ + count(po_status::completed)));
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
  return text;
}

}  // namespace pofetch::cli
