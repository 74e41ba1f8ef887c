#include "service/webhooks/delivery.hpp"

#include <algorithm>
#include <array>

namespace pofetch::service {

namespace {

constexpr std::chrono::seconds first_pause{5};
constexpr std::chrono::seconds longest_pause{3600};
constexpr std::chrono::hours tried_for{24};
constexpr std::array<std::string_view, 3> delivery_words{"pending", "delivered", "failed"};

/// After that many tries.
std::chrono::seconds pause_after(std::int64_t tries) {
  constexpr std::int64_t most_doublings = 10;
  return std::min(longest_pause, first_pause * (1 << std::clamp<std::int64_t>(tries - 1, 0, most_doublings)));
}

}  // namespace

std::string_view to_string(delivery_state state) noexcept {
  return delivery_words[static_cast<std::size_t>(state)];
}

std::optional<delivery_state> read_delivery_state(std::string_view word) noexcept {
  const auto found = std::find(delivery_words.begin(), delivery_words.end(), word);
  if (found == delivery_words.end()) return std::nullopt;
  return static_cast<delivery_state>(found - delivery_words.begin());
}

void note_try(delivery& what, const try_result& how, delivery::time_point now) {
  ++what.tries;
  what.last_status = how.status;
  what.last_error = how.error;
  if (how.error.empty()) {
    what.state = delivery_state::delivered;
    what.finished_at = now;
    return;
  }
  what.next_try_at = now + pause_after(what.tries);
  if (!how.is_final && what.next_try_at <= what.created_at + tried_for) return;
  what.state = delivery_state::failed;
  what.finished_at = now;
}

}  // namespace pofetch::service
