#include "service/events/event_stream.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pofetch::service {

namespace {

constexpr std::chrono::seconds silence{15};
constexpr std::size_t piece_bytes = 64U << 10;

}  // namespace

event_stream::event_stream(event_source from, std::string_view last_id, std::vector<std::string> names)
    : from_(std::move(from)), names_(std::move(names)) {
  const auto place = last_id.empty() ? std::nullopt : from_.ring->place_after(last_id);
  known_ = place.has_value() && *place >= from_.ring->first();
  reset_ = !last_id.empty();
  place_ = place.value_or(0);
  ++*from_.open;
}

event_stream::~event_stream() { --*from_.open; }

bool event_stream::wants(std::string_view name) const {
  return names_.empty() || name == "end" || std::find(names_.begin(), names_.end(), name) != names_.end();
}

void event_stream::start_anew(std::string& into, bool reset) {
  place_ = from_.ring->end();
  if (reset && from_.on_reset) from_.on_reset();
  if (reset) into += from_.ring->text_of("reset", "{}", place_);
  for (const std::string& each : from_.snapshot()) into += from_.ring->text_of("snapshot", each, place_);
  known_ = true;
}

void event_stream::append(std::string& into) {
  if (!known_ || place_ < from_.ring->first()) start_anew(into, reset_ || known_);
  for (; place_ < from_.ring->end() && into.size() < piece_bytes; ++place_) {
    const event_ring::event& each = from_.ring->at(place_);
    if (wants(each.name)) into += each.text;
    said_end_ = each.name == "end";
  }
}

awaitable<body_stream::state> event_stream::next(std::string& into) {
  if (!std::exchange(begun_, true)) into += "retry: 3000\n\n";
  auto silent_until = std::chrono::steady_clock::now() + silence;
  for (;;) {
    append(into);
    if (!into.empty() && place_ < from_.ring->end()) co_return state::more;
    if (from_.is_over()) {
      if (!said_end_) into += from_.ring->text_of("end", from_.last_word(), from_.ring->end());
      co_return state::end;
    }
    if (from_.is_closing()) {
      into += from_.ring->text_of("shutdown", "{}", place_);
      co_return state::end;
    }
    if (!into.empty()) co_return state::more;
    co_await from_.ring->changed.wait_until(silent_until);
    if (std::chrono::steady_clock::now() >= silent_until) {
      into += ": hb\n\n";
      co_return state::more;
    }
  }
}

}  // namespace pofetch::service
