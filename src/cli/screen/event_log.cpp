#include "cli/screen/event_log.hpp"

#include "cli/screen/event_text.hpp"
#include "cli/text/human_text.hpp"
#include "cli/text/printable.hpp"
#include "core/po_rules.hpp"
#include "os/unique_fd.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <fcntl.h>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

namespace pofetch::cli {

namespace {

/// The one door to the log.
void write(spdlog::logger& out, spdlog::level::level_enum level, std::string_view text) {
  if (!out.should_log(level)) return;
  out.log(level, spdlog::string_view_t(printable_masked(text)));
}

std::string why(const std::optional<failure>& error) {
  return error ? fmt::format(", {}: {}", code_word(*error), error->message) : std::string{};
}

void write_event(spdlog::logger& out, const event::batch_started& one) {
  write(out, spdlog::level::info,
        fmt::format("started: {} purchase orders, {} rows, {} repeated, {} invalid, {} workers",
                    one.totals->purchase_orders, one.intake->rows, one.intake->repeated, one.intake->invalid,
                    one.workers));
}

void write_event(spdlog::logger& out, const event::po_started& one) {
  write(out, spdlog::level::debug, fmt::format("worker {}: PO {} begun", one.worker, one.po->number));
}

void write_event(spdlog::logger& out, const event::po_discovered& one) {
  write(out, spdlog::level::debug,
        fmt::format("worker {}: {} attachments found", one.worker, one.attachments));
}

void write_event(spdlog::logger&, const event::bytes_received&) {}

void write_event(spdlog::logger& out, const event::attachment_finished& one) {
  const attachment_record& record = *one.record;
  const bool failed = record.status == attachment_status::failed;
  const bool whole = record.status == attachment_status::committing;
  write(out, failed ? spdlog::level::warn : spdlog::level::debug,
        fmt::format("worker {}: {} {} {}, {} bytes{}", one.worker,
                    to_string(whole ? attachment_status::completed : record.status), record.name, record.url,
                    record.bytes, why(record.error)));
}

void write_event(spdlog::logger& out, const event::retrying& one) {
  write(out, spdlog::level::info,
        fmt::format("worker {}: again in {}, {}: {}", one.worker, human_duration(one.delay),
                    code_word(one.why), one.why.message));
}

void write_event(spdlog::logger& out, const event::po_finished& one) {
  const po_outcome& outcome = *one.outcome;
  write(out, core::is_bad(outcome.status) ? spdlog::level::warn : spdlog::level::info,
        fmt::format("worker {}: PO {} {}, {} attachments{}", one.worker, outcome.po.number,
                    to_string(outcome.status), outcome.attachments.size(), why(outcome.error)));
}

void write_event(spdlog::logger& out, const event::notice& one) {
  write(out,
        one.level == notice_level::error     ? spdlog::level::err
        : one.level == notice_level::warning ? spdlog::level::warn
                                             : spdlog::level::info,
        one.text);
}

void write_event(spdlog::logger& out, const event::sign_in_needed& one) {
  write(out, spdlog::level::warn, fmt::format("waiting for a new session: {}", one.advice));
}

void write_event(spdlog::logger& out, const event::signed_in& one) {
  write(out, spdlog::level::info, fmt::format("signed in again after {}", human_duration(one.waited)));
}

void write_event(spdlog::logger& out, const event::throttled& one) {
  write(out, spdlog::level::info, throttling_text(one));
}

void write_event(spdlog::logger& out, const event::batch_finished& one) {
  const run_record& run = *one.run;
  write(out, spdlog::level::info,
        fmt::format("finished{}: {} files, {} bytes, {} requests, {} retries, {:.1f} s",
                    run.interrupted ? " before its end" : "", one.totals->attachments_downloaded,
                    one.totals->bytes, run.requests, run.retries, run.elapsed_seconds));
}

/// Would opening it never come back?
bool waits_for_reader(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_fifo(file, ignored)) return false;
  return !os::unique_fd(::open(file.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
}

}  // namespace

result<std::unique_ptr<event_log>> event_log::open(const std::filesystem::path& file, bool to_standard_error,
                                                   unsigned verbose) {
  const std::filesystem::path folder =
      file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  std::error_code ignored;
  // spdlog would make the folder; a misspelt one should be reported instead.
  if (!file.empty() && !std::filesystem::is_directory(folder, ignored)) {
    return make_failure(errc::config,
                        fmt::format("--log-file {}: there is no folder {}.", file.string(), folder.string()));
  }
  if (waits_for_reader(file)) {
    return make_failure(errc::config,
                        fmt::format("--log-file: {} is a pipe that nobody reads from.", file.string()));
  }
  std::vector<spdlog::sink_ptr> sinks;
  try {
    if (!file.empty()) sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string()));
  } catch (const spdlog::spdlog_ex&) {
    return make_failure(errc::config,
                        fmt::format("--log-file: the file {} cannot be written.", file.string()));
  }
  if (to_standard_error) sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto out = std::make_shared<spdlog::logger>("pofetch", sinks.begin(), sinks.end());
  out->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  out->set_level(verbose >= 2 ? spdlog::level::debug : spdlog::level::info);
  out->flush_on(spdlog::level::info);
  // A full disk under the log must not stop the run; spdlog would print its own complaint at most once a
  // second.
  out->set_error_handler([](const std::string&) {});
  return std::make_unique<event_log>(std::move(out));
}

event_log::event_log(std::shared_ptr<spdlog::logger> out) : out_(std::move(out)) {}

event_log::~event_log() { out_->flush(); }

void event_log::on(const progress_event& event) {
  std::visit([this](const auto& one) { write_event(*out_, one); }, event);
}

}  // namespace pofetch::cli
