#include "cli/json_events.hpp"

#include "cli/printable.hpp"
#include "lists/report_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>
#include <optional>

namespace pofetch::cli {

namespace {

namespace json = boost::json;

/// The beginning that every event has.
json::object event(std::string_view name) {
  json::object made;
  made["event"] = name;
  made["time"] = lists::rfc3339(std::chrono::system_clock::now());
  return made;
}

json::object counts(const std::array<std::uint64_t, po_status_count>& by_status) {
  json::object made;
  for (std::size_t i = 0; i < by_status.size(); ++i)
    made[to_string(static_cast<po_status>(i))] = by_status[i];
  return made;
}

json::value error_of(const std::optional<failure>& error) {
  if (!error) return nullptr;
  return json::object{{"code", code_word(*error)}, {"message", printable_masked(error->message)}};
}

double rounded(double value) { return std::round(value * 10) / 10; }

}  // namespace

std::string json_batch_started(const batch_totals& totals, const intake_counts& intake, unsigned workers) {
  json::object line = event("batch_started");
  line["purchase_orders"] = totals.purchase_orders;
  line["by_status"] = counts(totals.by_status);
  line["rows"] = intake.rows;
  line["repeated"] = intake.repeated;
  line["invalid"] = intake.invalid;
  line["workers"] = workers;
  return json::serialize(line);
}

std::string json_po_finished(unsigned worker, const po_outcome& outcome) {
  std::uint64_t bytes = 0;
  for (const attachment_record& each : outcome.attachments) {
    if (each.status == attachment_status::completed || each.status == attachment_status::committing)
      bytes += each.bytes;
  }
  json::object line = event("po_finished");
  line["worker"] = worker;
  line["po_number"] = printable(outcome.po.number);
  line["status"] = to_string(outcome.status);
  line["attachments"] = outcome.attachments.size();
  line["bytes"] = bytes;
  line["error"] = error_of(outcome.error);
  return json::serialize(line);
}

std::string json_attachment_finished(unsigned worker, const attachment_record& record) {
  json::object line = event("attachment_finished");
  line["worker"] = worker;
  line["name"] = printable(record.name);
  // What is verified is complete for whoever looks on; only the ledger tells the two apart.
  const bool whole = record.status == attachment_status::committing;
  line["status"] = to_string(whole ? attachment_status::completed : record.status);
  line["bytes"] = record.bytes;
  line["sha256"] = record.sha256;
  line["url"] = printable(record.url);
  line["error"] = error_of(record.error);
  return json::serialize(line);
}

std::string json_retrying(unsigned worker, const failure& why, std::chrono::milliseconds delay) {
  json::object line = event("retrying");
  line["worker"] = worker;
  line["code"] = code_word(why);
  line["message"] = printable_masked(why.message);
  line["delay_ms"] = delay.count();
  return json::serialize(line);
}

std::string json_notice(notice_level level, std::string_view text) {
  json::object line = event("notice");
  line["level"] = level == notice_level::error     ? "error"
                  : level == notice_level::warning ? "warning"
                                                   : "info";
  line["text"] = printable_masked(text);
  return json::serialize(line);
}

std::string json_sign_in_needed(std::string_view advice) {
  json::object line = event("sign_in_needed");
  line["text"] = printable_masked(advice);
  return json::serialize(line);
}

std::string json_signed_in(std::chrono::milliseconds waited) {
  json::object line = event("signed_in");
  line["waited_seconds"] = static_cast<double>(waited.count()) / 1000;
  return json::serialize(line);
}

std::string json_throttled(const throttling& now) {
  json::object line = event("throttled");
  line["host"] = printable(now.host);
  line["in_flight"] = now.in_flight;
  line["most_in_flight"] = now.most;
  line["requests_per_second"] =
      now.per_second > 0 ? json::value(rounded(now.per_second)) : json::value(nullptr);
  line["pause_seconds"] = static_cast<double>(now.pause.count()) / 1000;
  line["over"] = now.over();
  return json::serialize(line);
}

std::string json_progress(const progress_snapshot& now) {
  json::object line = event("progress");
  line["elapsed_seconds"] = rounded(static_cast<double>(now.elapsed.count()) / 1000);
  line["purchase_orders"] = now.pos_total;
  line["done"] = now.pos_done;
  line["by_status"] = counts(now.by_status);
  line["attachments_found"] = now.files_found;
  line["attachments_downloaded"] = now.files_done;
  line["attachments_failed"] = now.files_failed;
  line["bytes"] = now.bytes;
  line["bytes_per_second"] = rounded(now.bytes_per_second);
  line["pos_per_minute"] = rounded(now.pos_per_minute);
  line["eta_seconds"] = now.left ? json::value(now.left->count() / 1000) : json::value(nullptr);
  line["retries"] = now.retries;
  line["cpu_percent"] = rounded(now.processor_percent);
  line["memory_bytes"] = now.memory;
  line["waiting"] = now.waiting;
  line["idle_seconds"] = now.idle.count() / 1000;
  line["throttled"] = !now.spared.empty();
  return json::serialize(line);
}

std::string json_batch_finished(const batch_totals& totals, const run_record& run) {
  json::object line = event("batch_finished");
  line["purchase_orders"] = totals.purchase_orders;
  line["by_status"] = counts(totals.by_status);
  line["attachments_found"] = totals.attachments_found;
  line["attachments_downloaded"] = totals.attachments_downloaded;
  line["bytes"] = totals.bytes;
  line["requests"] = run.requests;
  line["retries"] = run.retries;
  line["elapsed_seconds"] = run.elapsed_seconds;
  line["interrupted"] = run.interrupted;
  return json::serialize(line);
}

}  // namespace pofetch::cli
