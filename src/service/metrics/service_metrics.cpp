#include "service/metrics/service_metrics.hpp"

#include "service/metrics/families.hpp"
#include "service/metrics/known_names.hpp"
#include "service/metrics/run_meter.hpp"
#include "service/metrics/state_gauges.hpp"
#include "service/server/problem.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <mutex>
#include <prometheus/text_serializer.h>
#include <tuple>
#include <utility>

namespace pofetch::service {

namespace {

const prometheus::Histogram::BucketBoundaries work_bounds{10,    60,    300,   1800,  3600,
                                                          14400, 43200, 86400, 259200};
const prometheus::Histogram::BucketBoundaries answer_bounds{.0005, .001, .0025, .005, .01, .025,
                                                            .05,   .1,   .25,   1,    5};
const prometheus::Histogram::BucketBoundaries delay_bounds{.001, .0025, .005, .01, .05, .1, .5, 1, 5};

/// So many, so that all families together stay below `most_series`: a histogram has 14 series.
constexpr std::size_t most_answer_counters = 300;
constexpr std::size_t most_answer_histograms = 60;
/// Where a family would be missing until something happens, it begins with these.
constexpr std::array<std::string_view, 4> first_reasons{"unauthorized", "scope-missing", "too-many-requests",
                                                        "too-many-clients"};
constexpr std::array<std::string_view, 4> answer_codes{"2xx", "3xx", "4xx", "5xx"};

constexpr std::array<std::string_view, 7> methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
constexpr std::array<batch_state, 4> endings{batch_state::completed, batch_state::incomplete,
                                             batch_state::failed, batch_state::cancelled};

std::string_view method_label(std::string_view method) {
  const auto known = std::find(methods.begin(), methods.end(), method);
  return known == methods.end() ? known_names::other : *known;
}

/// Where there is no room for a combination of labels.
label_list others(std::string_view code) {
  return {{"route", known_names::other}, {"method", known_names::other}, {"code", code}};
}

std::string_view status_class(unsigned status) {
  constexpr std::array<std::string_view, 5> classes{"1xx", "2xx", "3xx", "4xx", "5xx"};
  return status >= 100 && status < 600 ? classes[status / 100 - 1] : known_names::other;
}

}  // namespace

struct service_metrics::state {
  explicit state(const std::vector<settings::profile>& profiles)
      : runs(registry),
        finished(registry, "pofetch_batches_finished_total", "Batches that have ended, by how."),
        durations(registry, "pofetch_batch_duration_seconds", "From the start of a batch to its end.",
                  work_bounds),
        waits(registry, "pofetch_batch_queue_wait_seconds", "How long batches wait for their turn.",
              work_bounds),
        answers(registry, "pofetch_http_requests_total", "Requests that the service has answered.",
                most_answer_counters),
        answer_times(registry, "pofetch_http_request_duration_seconds",
                     "From the head of a request to the head of its answer; no streams.", answer_bounds,
                     most_answer_histograms),
        refusals(registry, "pofetch_http_refused_total", "Requests that were refused before any work."),
        stream_resets(registry, "pofetch_sse_resets_total",
                      "Streams that began anew, since events were lost."),
        stream_cuts(registry, "pofetch_sse_cut_total", "Streams that were cut, since nobody took them."),
        deliveries(registry, "pofetch_webhook_deliveries_total", "Tries to deliver a webhook message."),
        delays(registry, "pofetch_lane_delay_seconds", "How long a lane takes to answer.", delay_bounds),
        profile_names(profile_labels(profiles)),
        host_names(host_labels(profiles)) {
    for (const settings::profile& each : profiles) static_cast<void>(meter_of(each.name));
    for (const batch_state each : endings) {
      static_cast<void>(finished.find({{"result", to_string(each)}}));
      static_cast<void>(durations.find({{"result", to_string(each)}}));
    }
    for (const std::string_view each : first_reasons) static_cast<void>(refusals.find({{"reason", each}}));
    for (const std::string_view each : answer_codes) static_cast<void>(answer_times.find(others(each)));
    static_cast<void>(answers.find(others("2xx")));
    for (const std::string_view each : {"delivered", "failed"})
      static_cast<void>(deliveries.find({{"result", each}}));
    for (counter_family* each : {&stream_resets, &stream_cuts}) static_cast<void>(each->find({}));
    for (histogram_family* each : {&waits, &delays}) static_cast<void>(each->find({}));
  }

  run_meter& meter_of(std::string_view profile) {
    const std::string_view label = profile_names.label(profile);
    const std::lock_guard lock(guard);
    auto known = meters.find(label);
    if (known == meters.end()) known = meters.try_emplace(std::string(label), runs, label).first;
    return known->second;
  }

  prometheus::Registry registry;
  run_families runs;
  counter_family finished;
  histogram_family durations;
  histogram_family waits;
  counter_family answers;
  histogram_family answer_times;
  counter_family refusals;
  counter_family stream_resets;
  counter_family stream_cuts;
  counter_family deliveries;
  histogram_family delays;
  const known_names profile_names;
  const known_names host_names;

  std::mutex guard;
  std::map<std::string, run_meter, std::less<>> meters;
  /// So that a request costs a look-up, and no set of labels. Of the service's executor.
  struct answer_series {
    prometheus::Counter* count = nullptr;
    prometheus::Histogram* took = nullptr;
  };
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, answer_series> answer_places;
};

service_metrics::service_metrics(const std::vector<settings::profile>& profiles)
    : state_(std::make_unique<state>(profiles)) {}

service_metrics::~service_metrics() = default;

run_meter& service_metrics::meter_for(std::string_view profile) { return state_->meter_of(profile); }

void service_metrics::batch_begun(seconds waited) {
  state_->waits.observe({}, std::max(waited.count(), 0.0));
}

void service_metrics::batch_ended(batch_state how, std::optional<seconds> took) {
  const label_list labels{{"result", to_string(how)}};
  state_->finished.count(labels);
  if (took) state_->durations.observe(labels, std::max(took->count(), 0.0));
}

void service_metrics::answered(const http_answer& what) {
  const std::string_view route = what.route.empty() ? known_names::other : what.route;
  const std::string_view method = method_label(what.method);
  const std::string_view code = status_class(what.status);
  auto& place = state_->answer_places[{route, method, code}];
  const auto labels = [&] { return label_list{{"route", route}, {"method", method}, {"code", code}}; };
  if (place.count == nullptr) place.count = state_->answers.find(labels());
  if (place.count != nullptr) place.count->Increment();
  if (!what.took) return;
  if (place.took == nullptr) place.took = state_->answer_times.find(labels());
  if (place.took == nullptr) place.took = state_->answer_times.find(others(code));
  if (place.took != nullptr) place.took->Observe(what.took->count());
}

void service_metrics::refused(std::string_view reason) {
  state_->refusals.count({{"reason", kind_of_problem(reason).slug}});
}

void service_metrics::stream_reset() { state_->stream_resets.count({}); }
void service_metrics::stream_cut() { state_->stream_cuts.count({}); }

void service_metrics::webhook_tried(bool delivered) {
  state_->deliveries.count({{"result", delivered ? "delivered" : "failed"}});
}

void service_metrics::lane_answered(seconds after) { state_->delays.observe({}, after.count()); }

std::string service_metrics::text(const service_state& now) const {
  const state_gauges gauges(now, state_->profile_names, state_->host_names);
  std::vector<prometheus::MetricFamily> all = process_families();
  for (auto&& part : {gauges.Collect(), state_->registry.Collect()})
    all.insert(all.end(), part.begin(), part.end());
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace pofetch::service
