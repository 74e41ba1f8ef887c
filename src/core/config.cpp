#include "core/setting_text.hpp"

#include <pofetch/pool_config.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

namespace pofetch {
namespace {

/// Collects the first bound that does not hold. What is no setting is called by its member.
class bounds {
 public:
  template <class T>
  void within(std::string_view option, T value, T least, T most, std::string_view unit = "") {
    if (value >= least && value <= most) return;
    add(fmt::format("{} must be between {} and {}{}, but it is {}.", core::spelled(option), least, most, unit,
                    value));
  }

  void millis(std::string_view option, std::chrono::milliseconds value, std::chrono::milliseconds least) {
    // Longer than a day is a slip of the unit.
    within<long long>(option, value.count(), least.count(), 86'400'000, " milliseconds");
  }

  void add(std::string message) {
    if (!first_) first_ = make_failure(errc::config, std::move(message));
  }

  [[nodiscard]] result<void> done() const {
    if (first_) return *first_;
    return {};
  }

 private:
  std::optional<failure> first_;
};

void check_parallelism(bounds& check, const pool_config& c) {
  check.within("@workers", c.workers, 1U, 1024U);
  check.within("@max_concurrent", c.max_concurrent, 1U, 256U);
  check.within("@max_connections", c.max_connections, 1U, 4096U);
  check.within("@io_threads", c.io_threads, 0U, 64U);
}

void check_limits(bounds& check, const pool_config& c) {
  if (c.dedupe && !c.hash)
    check.add(core::spelled("@dedupe finds files of one content by their digest: it needs @hash sha256."));
  if (!std::isfinite(c.requests_per_second) || c.requests_per_second < 0 || c.requests_per_second > 1e6) {
    check.add(core::sentence("@requests_per_second must be between 0 and 1000000, but it is {}.",
                             c.requests_per_second));
  }
  // Less could not even carry the answers' heads in useful time.
  if (c.limit_rate != 0 && c.limit_rate < 1024) {
    check.add(core::sentence("@limit_rate must be 0 or at least 1024 bytes per second, but it is {}.",
                             c.limit_rate));
  }
  check.within<std::uint64_t>("@max_file_size", c.max_file_size, 1, 1ULL << 60, " bytes");
  check.within<std::uint64_t>("max_page_size", c.max_page_size, 1024, 1ULL << 30, " bytes");
  check.within<std::uint32_t>("max_header_size", c.max_header_size, 1024, 16U << 20, " bytes");
}

void check_times(bounds& check, const pool_config& c) {
  using std::chrono::milliseconds;
  check.millis("@connect_timeout", c.connect_timeout, milliseconds(1));
  check.millis("@idle_timeout", c.idle_timeout, milliseconds(1));
  check.millis("@request_timeout", c.request_timeout, milliseconds(0));
  check.millis("stop_grace", c.stop_grace, milliseconds(0));
}

void check_retries(bounds& check, const pool_config& c) {
  using std::chrono::milliseconds;
  check.within("@retries", c.retries, 0U, 100U);
  check.millis("backoff_base", c.backoff_base, milliseconds(0));
  check.millis("backoff_cap", c.backoff_cap, milliseconds(0));
  check.millis("retry_after_cap", c.retry_after_cap, milliseconds(0));
  if (c.backoff_cap < c.backoff_base) {
    check.add(fmt::format("backoff_cap ({} ms) must not be less than backoff_base ({} ms).",
                          c.backoff_cap.count(), c.backoff_base.count()));
  }
}

bool is_blank(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t'; });
}

void check_texts(bounds& check, const pool_config& c) {
  if (std::any_of(c.include.begin(), c.include.end(), is_blank)) {
    check.add(core::spelled("@include must not be empty: it names attachments, for example '*.pdf'."));
  }
  if (std::any_of(c.exclude.begin(), c.exclude.end(), is_blank)) {
    check.add(core::spelled("@exclude must not be empty: it names attachments, for example '*.msg'."));
  }
  for (const auto& host : c.allow_hosts) {
    if (is_blank(host) || host.find_first_of("/ \t@?#") != std::string::npos) {
      check.add(core::spelled("@allow_host must be the name or address of a host, without scheme and path."));
    }
  }
}

}  // namespace

result<void> validate(const pool_config& config) {
  bounds check;
  check_parallelism(check, config);
  check_limits(check, config);
  check_times(check, config);
  check_retries(check, config);
  check_texts(check, config);
  return check.done();
}

unsigned effective_io_threads(const pool_config& config) {
  if (config.io_threads != 0) return config.io_threads;
  // 0 means that the number of cores is not known.
  return std::clamp(std::thread::hardware_concurrency(), 1U, 2U);
}

}  // namespace pofetch
