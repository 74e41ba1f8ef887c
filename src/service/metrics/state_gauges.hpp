#pragma once

#include "service/metrics/known_names.hpp"
#include "service/metrics/service_state.hpp"

#include <prometheus/collectable.h>

namespace pofetch::service {

/// What is not counted but looked at: where the service and its process stand now.
class state_gauges final : public prometheus::Collectable {
 public:
  /// All of them outlive it.
  state_gauges(const service_state& now, const known_names& profiles, const known_names& hosts)
      : now_(now), profiles_(profiles), hosts_(hosts) {}

  [[nodiscard]] std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  void add_batches(std::vector<prometheus::MetricFamily>& to) const;
  void add_profiles(std::vector<prometheus::MetricFamily>& to) const;
  void add_hosts(std::vector<prometheus::MetricFamily>& to) const;
  void add_server(std::vector<prometheus::MetricFamily>& to) const;

  const service_state& now_;
  const known_names& profiles_;
  const known_names& hosts_;
};

/// How this version is called, and what its process uses.
[[nodiscard]] std::vector<prometheus::MetricFamily> process_families();

}  // namespace pofetch::service
