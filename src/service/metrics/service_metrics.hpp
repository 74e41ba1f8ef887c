#pragma once

#include "service/batches/batch_record.hpp"
#include "service/metrics/service_state.hpp"
#include "settings/serve_options.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

class run_meter;

/// What has been counted since the service started, for Prometheus. Labels come from closed sets: routes,
/// states, codes, and the profiles of the configuration; there are never more than `most_series`. Any thread,
/// but for `answered` and `text`, which belong to the service's executor.
class service_metrics {
 public:
  using seconds = std::chrono::duration<double>;
  static constexpr std::size_t most_series = 2000;

  explicit service_metrics(const std::vector<settings::profile>& profiles);
  ~service_metrics();

  service_metrics(const service_metrics&) = delete;
  service_metrics& operator=(const service_metrics&) = delete;

  /// Counts what runs and sessions of a profile tell. Lives as long as this.
  [[nodiscard]] run_meter& meter_for(std::string_view profile);

  void batch_begun(seconds waited);
  /// `took`: since its start; nothing: it never started.
  void batch_ended(batch_state how, std::optional<seconds> took);

  /// An answer of the service.
  struct http_answer {
    std::string_view route;   ///< pattern of the table; empty: none
    std::string_view method;  ///< as sent
    unsigned status = 0;
    /// From the head of the request to that of the answer; nothing: that says nothing of the service.
    std::optional<seconds> took{};
  };
  void answered(const http_answer& what);
  /// `reason`: a slug of `problem_kinds()`.
  void refused(std::string_view reason);
  void stream_reset();
  void stream_cut();
  void webhook_tried(bool delivered);
  void lane_answered(seconds after);

  /// In the text format 0.0.4, with the gauges of now.
  [[nodiscard]] std::string text(const service_state& now) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace pofetch::service
