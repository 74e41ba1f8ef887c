#include <pofetch/progress.hpp>

namespace pofetch {

void progress_fan_out::batch_started(const batch_totals& totals, const intake_counts& intake,
                                     unsigned workers) {
  for (progress* receiver : receivers_) receiver->batch_started(totals, intake, workers);
}

void progress_fan_out::po_started(unsigned worker, const purchase_order& po) {
  for (progress* receiver : receivers_) receiver->po_started(worker, po);
}

void progress_fan_out::po_discovered(unsigned worker, std::size_t attachments) {
  for (progress* receiver : receivers_) receiver->po_discovered(worker, attachments);
}

void progress_fan_out::bytes_received(unsigned worker, std::uint64_t count) {
  for (progress* receiver : receivers_) receiver->bytes_received(worker, count);
}

void progress_fan_out::attachment_finished(unsigned worker, const attachment_record& record) {
  for (progress* receiver : receivers_) receiver->attachment_finished(worker, record);
}

void progress_fan_out::retrying(unsigned worker, const failure& why, std::chrono::milliseconds delay) {
  for (progress* receiver : receivers_) receiver->retrying(worker, why, delay);
}

void progress_fan_out::po_finished(unsigned worker, const po_outcome& outcome) {
  for (progress* receiver : receivers_) receiver->po_finished(worker, outcome);
}

void progress_fan_out::notice(notice_level level, std::string_view text) {
  for (progress* receiver : receivers_) receiver->notice(level, text);
}

void progress_fan_out::sign_in_needed(std::string_view advice) {
  for (progress* receiver : receivers_) receiver->sign_in_needed(advice);
}

void progress_fan_out::signed_in(std::chrono::milliseconds waited) {
  for (progress* receiver : receivers_) receiver->signed_in(waited);
}

void progress_fan_out::throttled(const throttling& now) {
  for (progress* receiver : receivers_) receiver->throttled(now);
}

void progress_fan_out::batch_finished(const batch_totals& totals, const run_record& run) {
  for (progress* receiver : receivers_) receiver->batch_finished(totals, run);
}

}  // namespace pofetch
