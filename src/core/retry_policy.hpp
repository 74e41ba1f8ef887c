#pragma once

#include <pofetch/error.hpp>
#include <pofetch/pool_config.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

namespace pofetch::core {

struct retry_options {
  /// Further tries after the first.
  unsigned retries = 5;
  std::chrono::milliseconds backoff_base{500};
  std::chrono::milliseconds backoff_cap{30'000};
  std::chrono::milliseconds retry_after_cap{300'000};
};

[[nodiscard]] retry_options retry_options_of(const pool_config& config);

/// May another try succeed? As `consequence::again` says; by status: yes for HTTP 408, 425, 429, 500, 502,
/// 503, 504, and for a connection but where a proxy refused it with a 4xx.
[[nodiscard]] bool is_transient(const failure& f) noexcept;

/// How long to wait before the next try. One object a request or a worker; not thread-safe.
class retry_policy {
 public:
  explicit retry_policy(retry_options options, std::uint64_t seed);

  /// `tries_made` counts the tries so far, at least 1. Nothing: give up. Otherwise full jitter, uniform in
  /// [0, min(cap, base * 2^(tries_made - 1))]; with a Retry-After: that, at most its cap, plus up to a tenth
  /// of it (at least up to `backoff_base`), so that waiting requests do not all wake at once.
  [[nodiscard]] std::optional<std::chrono::milliseconds> next(unsigned tries_made, const failure& f);

 private:
  [[nodiscard]] std::chrono::milliseconds uniform(std::chrono::milliseconds most);

  retry_options options_;
  std::minstd_rand random_;  // one a download: a better one takes 2.5 KB
};

}  // namespace pofetch::core
