#include "service/metrics/run_meter.hpp"

#include <chrono>
#include <variant>

namespace pofetch::service {

namespace {

const prometheus::Histogram::BucketBoundaries response_bounds{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30};
const prometheus::Histogram::BucketBoundaries commit_bounds{.001, .0025, .005, .01, .05, .1, .5, 1, 5};
/// Profiles by kind by code: more than there are, if servers behave.
constexpr std::size_t most_request_series = 300;

constexpr std::array<std::string_view, 2> request_kinds{"page", "file"};

double in_seconds(std::chrono::steady_clock::duration span) {
  return std::chrono::duration<double>(span).count();
}

std::string_view class_label(int status) {
  constexpr std::array<std::string_view, 5> classes{"1xx", "2xx", "3xx", "4xx", "5xx"};
  return status >= 100 && status < 600 ? classes[static_cast<std::size_t>(status / 100 - 1)] : "other";
}

}  // namespace

std::string_view code_label(const failure& why) {
  if (why.code != errc::http_status) return to_string(why.code);
  if (why.http_status >= 500) return "http_5xx";
  return why.http_status >= 400 ? "http_4xx" : to_string(why.code);
}

run_families::run_families(prometheus::Registry& registry)
    : orders(registry, "pofetch_purchase_orders_total",
             "Purchase orders that runs have finished, by status."),
      attachments(registry, "pofetch_attachments_total",
                  "Attachments that were fetched and verified, or could not be."),
      errors(registry, "pofetch_attachment_errors_total", "Attachments that could not be fetched, by cause."),
      retries(registry, "pofetch_source_retries_total", "Requests that are tried again, by cause."),
      bytes(registry, "pofetch_downloaded_bytes_total", "Bytes of attachments that have been received."),
      requests(registry, "pofetch_source_requests_total",
               "Requests to instances and file servers, by class of the answer or why there was none.",
               most_request_series),
      responses(registry, "pofetch_source_response_seconds",
                "From a request to the head of its answer, of instances and file servers.", response_bounds),
      commits(registry, "pofetch_ledger_commit_seconds", "How long a commit of a batch's ledger takes.",
              commit_bounds) {
  for (int i = 1; i < po_status_count; ++i)
    static_cast<void>(orders.find({{"status", to_string(static_cast<po_status>(i))}}));
  static_cast<void>(attachments.find({{"result", "failed"}}));
  for (const std::string_view code : {"timeout", "connection", "http_4xx", "http_5xx"}) {
    static_cast<void>(errors.find({{"code", code}}));
    static_cast<void>(retries.find({{"code", code}}));
  }
}

run_meter::run_meter(run_families& all, std::string_view profile)
    : all_(all),
      profile_(profile),
      bytes_(all.bytes.find({})),
      downloaded_(all.attachments.find({{"result", "downloaded"}})),
      responses_{all.responses.find({{"kind", request_kinds[0]}}),
                 all.responses.find({{"kind", request_kinds[1]}})},
      commits_(all.commits.find({})) {
  for (const std::string_view kind : request_kinds)
    static_cast<void>(all_.requests.find({{"profile", profile_}, {"kind", kind}, {"code", "2xx"}}));
}

void run_meter::on(const progress_event& what) {
  std::visit(overloaded{[this](const event::bytes_received& one) {
                          bytes_->Increment(static_cast<double>(one.count));
                        },
                        [this](const event::attachment_finished& one) { take(one); },
                        [this](const event::po_finished& one) { take(one); },
                        [this](const event::retrying& one) {
                          all_.retries.count({{"code", code_label(one.why)}});
                        },
                        [](const auto&) {}},
             what);
}

void run_meter::take(const event::attachment_finished& one) {
  const attachment_record& record = *one.record;
  if (record.status == attachment_status::committing || record.status == attachment_status::completed)
    downloaded_->Increment();
  if (record.status != attachment_status::failed) return;
  all_.attachments.count({{"result", "failed"}});
  if (record.error) all_.errors.count({{"code", code_label(*record.error)}});
}

void run_meter::take(const event::po_finished& one) {
  const po_status status = one.outcome->status;
  if (status != po_status::pending) all_.orders.count({{"status", to_string(status)}});
}

void run_meter::request_ended(const facts& what) {
  const std::size_t kind = what.file ? 1 : 0;
  const std::string_view code = what.status > 0 ? class_label(what.status) : to_string(what.why);
  all_.requests.count({{"profile", profile_}, {"kind", request_kinds[kind]}, {"code", code}});
  if (what.status > 0) responses_[kind]->Observe(in_seconds(what.waited));
}

void run_meter::ledger_committed(std::chrono::steady_clock::duration took) {
  commits_->Observe(in_seconds(took));
}

}  // namespace pofetch::service
