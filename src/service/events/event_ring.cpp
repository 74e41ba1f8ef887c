#include "service/events/event_ring.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace pofetch::service {

std::string event_ring::text_of(std::string_view name, std::string_view data, std::uint64_t place) const {
  return fmt::format("id: {}-{}\nevent: {}\ndata: {}\n\n", instance_, place == 0 ? 0 : place - 1, name, data);
}

void event_ring::add(std::string name, std::string_view data) {
  if (events_.size() == capacity) {
    events_.pop_front();
    ++first_;
  }
  std::string text = text_of(name, data, end() + 1);
  events_.push_back({std::move(name), std::move(text)});
  changed.ring();
}

void event_ring::lose(std::uint64_t count) {
  if (count == 0) return;
  first_ = end() + count;
  events_.clear();
}

std::optional<std::uint64_t> event_ring::place_after(std::string_view id) const {
  const std::size_t dash = id.rfind('-');
  if (dash == std::string_view::npos || id.substr(0, dash) != instance_) return std::nullopt;
  const auto seen = core::parse_unsigned(id.substr(dash + 1));
  if (!seen || *seen >= end()) return std::nullopt;
  return *seen + 1;
}

}  // namespace pofetch::service
