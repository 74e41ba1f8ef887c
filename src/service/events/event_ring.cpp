#include "service/events/event_ring.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::service {

namespace {

/// What telling one client costs, several times over: so much of a core is left for other work.
constexpr std::chrono::microseconds time_of_one{100};

}  // namespace

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
  tell();
}

void event_ring::ring() {
  due_ = false;
  rung_ = steady::now();
  heard_ = changed.ring();
}

void event_ring::tell() {
  if (due_) return;
  const std::size_t clients = std::max(heard_, changed.waiting());
  const steady::time_point next = rung_ + std::min<steady::duration>(clients * time_of_one, longest_pause);
  if (steady::now() >= next) {
    ring();
    return;
  }
  due_ = true;
  if (!later_) later_.emplace(executor_, [this] { ring(); });
  later_->expire_at(next);
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
