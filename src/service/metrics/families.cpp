#include "service/metrics/families.hpp"

namespace pofetch::service {

namespace {

template <class T>
prometheus::Family<T>& register_family(prometheus::detail::Builder<T> builder, prometheus::Registry& registry,
                                       std::string_view name, std::string_view help) {
  return builder.Name(std::string(name)).Help(std::string(help)).Register(registry);
}

prometheus::Labels as_labels(const label_list& labels) {
  prometheus::Labels made;
  for (const auto& [name, value] : labels) made.emplace(name, value);
  return made;
}

/// Room for it, or known before.
bool admit_series(std::set<prometheus::Labels>& known, const prometheus::Labels& labels, std::size_t most) {
  if (known.contains(labels)) return true;
  if (known.size() >= most) return false;
  known.insert(labels);
  return true;
}

}  // namespace

counter_family::counter_family(prometheus::Registry& registry, std::string_view name, std::string_view help,
                               std::size_t most)
    : family_(register_family(prometheus::BuildCounter(), registry, name, help)), most_(most) {}

prometheus::Counter* counter_family::find(const label_list& labels) {
  const prometheus::Labels wanted = as_labels(labels);
  const std::lock_guard lock(guard_);
  return admit_series(known_, wanted, most_) ? &family_.Add(wanted) : nullptr;
}

void counter_family::count(const label_list& labels, double more) {
  if (prometheus::Counter* const found = find(labels)) found->Increment(more);
}

histogram_family::histogram_family(prometheus::Registry& registry, std::string_view name,
                                   std::string_view help, prometheus::Histogram::BucketBoundaries bounds,
                                   std::size_t most)
    : family_(register_family(prometheus::BuildHistogram(), registry, name, help)),
      bounds_(std::move(bounds)),
      most_(most) {}

prometheus::Histogram* histogram_family::find(const label_list& labels) {
  const prometheus::Labels wanted = as_labels(labels);
  const std::lock_guard lock(guard_);
  return admit_series(known_, wanted, most_) ? &family_.Add(wanted, bounds_) : nullptr;
}

void histogram_family::observe(const label_list& labels, double seconds) {
  if (prometheus::Histogram* const found = find(labels)) found->Observe(seconds);
}

}  // namespace pofetch::service
