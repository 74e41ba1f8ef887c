#pragma once

#include "cli/screen/progress_model.hpp"

#include <pofetch/progress.hpp>

#include <string>

namespace pofetch::cli {

// The lines of `--progress json`: one JSON object a line, no line break in it, UTF-8. Members may be added in
// later versions; none is renamed or removed. Every event has "event" and "time" (RFC 3339, UTC).
//
//   batch_started        purchase_orders, by_status {STATUS: n}, rows, repeated, invalid, workers
//   po_finished          worker, po_number, status, attachments, bytes, error null | {code, message}
//   attachment_finished  worker, name, status, bytes, sha256, url, error
//   retrying             worker, code, message, delay_ms
//   notice               level (info, warning, error), text
//   sign_in_needed       text: the run waits for a new session
//   signed_in            waited_seconds: it goes on
//   throttled            host, in_flight, most_in_flight, requests_per_second (null: any number),
//                        pause_seconds: a host shows that it cannot do more and gets less; over: true once it
//                        gets everything again
//   progress             once a second: elapsed_seconds, purchase_orders, done, by_status, attachments_found,
//                        attachments_downloaded, attachments_failed, bytes, bytes_per_second, pos_per_minute,
//                        eta_seconds (null at first), retries, cpu_percent, memory_bytes,
//                        waiting (for a new session), throttled (a host gets less)
//   batch_finished       purchase_orders, by_status, attachments_found, attachments_downloaded, bytes,
//                        requests, retries, elapsed_seconds, interrupted

/// Empty for events that are not written: po_started, po_discovered, bytes_received.
[[nodiscard]] std::string json_line(const progress_event& event);
[[nodiscard]] std::string json_progress(const progress_snapshot& now);

}  // namespace pofetch::cli
