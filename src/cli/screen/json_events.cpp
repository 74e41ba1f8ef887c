#include "cli/screen/json_events.hpp"

#include "cli/text/printable.hpp"
#include "core/timestamp.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>
#include <optional>
#include <variant>

namespace pofetch::cli {

namespace {

namespace json = boost::json;

/// The beginning that every event has.
json::object begin_line(std::string_view name) {
  json::object made;
  made["event"] = name;
  made["time"] = core::rfc3339(std::chrono::system_clock::now());
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

json::object object_of(const event::batch_started& one) {
  const batch_totals& totals = *one.totals;
  json::object line = begin_line("batch_started");
  line["purchase_orders"] = totals.purchase_orders;
  line["by_status"] = counts(totals.by_status);
  line["rows"] = one.intake->rows;
  line["repeated"] = one.intake->repeated;
  line["invalid"] = one.intake->invalid;
  line["workers"] = one.workers;
  return line;
}

json::object object_of(const event::po_finished& one) {
  const po_outcome& outcome = *one.outcome;
  std::uint64_t bytes = 0;
  for (const attachment_record& each : outcome.attachments) {
    if (each.status == attachment_status::completed || each.status == attachment_status::committing)
      bytes += each.bytes;
  }
  json::object line = begin_line("po_finished");
  line["worker"] = one.worker;
  line["po_number"] = printable(outcome.po.number);
  line["status"] = to_string(outcome.status);
  line["attachments"] = outcome.attachments.size();
  line["bytes"] = bytes;
  line["error"] = error_of(outcome.error);
  return line;
}

json::object object_of(const event::attachment_finished& one) {
  const attachment_record& record = *one.record;
  json::object line = begin_line("attachment_finished");
  line["worker"] = one.worker;
  line["name"] = printable(record.name);
  // A verified file is complete for the reader; only the ledger tells the two apart.
  const bool whole = record.status == attachment_status::committing;
  line["status"] = to_string(whole ? attachment_status::completed : record.status);
  line["bytes"] = record.bytes;
  line["sha256"] = record.sha256;
  line["url"] = printable(record.url);
  line["error"] = error_of(record.error);
  return line;
}

json::object object_of(const event::retrying& one) {
  json::object line = begin_line("retrying");
  line["worker"] = one.worker;
  line["code"] = code_word(one.why);
  line["message"] = printable_masked(one.why.message);
  line["delay_ms"] = one.delay.count();
  return line;
}

json::object object_of(const event::notice& one) {
  json::object line = begin_line("notice");
  line["level"] = one.level == notice_level::error     ? "error"
                  : one.level == notice_level::warning ? "warning"
                                                       : "info";
  line["text"] = printable_masked(one.text);
  return line;
}

json::object object_of(const event::sign_in_needed& one) {
  json::object line = begin_line("sign_in_needed");
  line["text"] = printable_masked(one.advice);
  return line;
}

json::object object_of(const event::signed_in& one) {
  json::object line = begin_line("signed_in");
  line["waited_seconds"] = static_cast<double>(one.waited.count()) / 1000;
  return line;
}

json::object object_of(const event::throttled& now) {
  json::object line = begin_line("throttled");
  line["host"] = printable(now.host);
  line["in_flight"] = now.in_flight;
  line["most_in_flight"] = now.most;
  line["requests_per_second"] =
      now.per_second > 0 ? json::value(rounded(now.per_second)) : json::value(nullptr);
  line["pause_seconds"] = static_cast<double>(now.pause.count()) / 1000;
  line["over"] = now.over();
  return line;
}

json::object object_of(const event::batch_finished& one) {
  const batch_totals& totals = *one.totals;
  const run_record& run = *one.run;
  json::object line = begin_line("batch_finished");
  line["purchase_orders"] = totals.purchase_orders;
  line["by_status"] = counts(totals.by_status);
  line["attachments_found"] = totals.attachments_found;
  line["attachments_downloaded"] = totals.attachments_downloaded;
  line["bytes"] = totals.bytes;
  line["requests"] = run.requests;
  line["retries"] = run.retries;
  line["elapsed_seconds"] = run.elapsed_seconds;
  line["interrupted"] = run.interrupted;
  return line;
}

}  // namespace

std::string json_line(const progress_event& event) {
  return std::visit(overloaded{
                        [](const event::po_started&) { return std::string(); },
                        [](const event::po_discovered&) { return std::string(); },
                        [](const event::bytes_received&) { return std::string(); },
                        [](const auto& one) { return json::serialize(object_of(one)); },
                    },
                    event);
}

std::string json_progress(const progress_snapshot& now) {
  json::object line = begin_line("progress");
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

}  // namespace pofetch::cli
