#include "core/retry_after.hpp"

#include "core/ascii.hpp"
#include "core/http_date.hpp"

#include <algorithm>

namespace pofetch::core {

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::chrono::system_clock::time_point now) {
  using namespace std::chrono;
  constexpr milliseconds most = hours(24 * 3650);
  const std::string_view text = trim(value);
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_digit)) {
    // Too many digits for 64 bits are a long time as well.
    const std::uint64_t limit = static_cast<std::uint64_t>(duration_cast<seconds>(most).count());
    return seconds(std::min(parse_unsigned(text).value_or(limit), limit));
  }
  const auto when = parse_http_date(text, now);
  if (!when) return std::nullopt;
  if (*when <= now) return milliseconds(0);
  if (*when > now + most) return most;
  // Rounded up: waking just before the date would be too early.
  return ceil<milliseconds>(*when - now);
}

}  // namespace pofetch::core
