#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::service {

enum class delivery_state { pending, delivered, failed };

[[nodiscard]] std::string_view to_string(delivery_state state) noexcept;
[[nodiscard]] std::optional<delivery_state> read_delivery_state(std::string_view word) noexcept;

/// One message to one webhook.
struct delivery {
  using time_point = std::chrono::system_clock::time_point;

  std::string id;  ///< `msg_` and what sorts by time; the field webhook-id
  std::string webhook;
  std::string type;
  std::string batch;
  std::string body;
  delivery_state state = delivery_state::pending;
  std::int64_t tries = 0;
  std::int64_t last_status = 0;  ///< 0: the receiver has not answered
  std::string last_error{};
  time_point created_at{};
  time_point next_try_at{};
  std::optional<time_point> finished_at{};
};

/// How one try went.
struct try_result {
  int status = 0;         ///< 0: no answer came
  std::string error{};    ///< a sentence without a secret; empty: it has been taken
  bool is_final = false;  ///< no further try can go better
};

/// Counts the try, and settles what comes next: after 5 s, and after twice as long each time, up to an hour;
/// 24 hours after it was made it has failed.
void note_try(delivery& what, const try_result& how, delivery::time_point now);

}  // namespace pofetch::service
