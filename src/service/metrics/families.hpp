#pragma once

#include <cstddef>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::service {

using label_list = std::vector<std::pair<std::string_view, std::string_view>>;

/// A family of counters that never has more than so many of them. Any thread.
class counter_family {
 public:
  counter_family(prometheus::Registry& registry, std::string_view name, std::string_view help,
                 std::size_t most = 64);

  /// Null: there are as many as may be, and this is none of them.
  [[nodiscard]] prometheus::Counter* find(const label_list& labels);
  void count(const label_list& labels, double more = 1);

 private:
  prometheus::Family<prometheus::Counter>& family_;
  const std::size_t most_;
  std::mutex guard_;
  std::set<prometheus::Labels> known_;
};

/// The same of histograms.
class histogram_family {
 public:
  histogram_family(prometheus::Registry& registry, std::string_view name, std::string_view help,
                   prometheus::Histogram::BucketBoundaries bounds, std::size_t most = 4);

  [[nodiscard]] prometheus::Histogram* find(const label_list& labels);
  void observe(const label_list& labels, double seconds);

 private:
  prometheus::Family<prometheus::Histogram>& family_;
  const prometheus::Histogram::BucketBoundaries bounds_;
  const std::size_t most_;
  std::mutex guard_;
  std::set<prometheus::Labels> known_;
};

}  // namespace pofetch::service
