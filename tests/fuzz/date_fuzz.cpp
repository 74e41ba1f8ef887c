// Any bytes as Retry-After, HTTP-date and the date of a cookie: a wait lies between nothing and ten years,
// and a date that is written in the preferred form reads back as the same second.
#include "core/http_date.hpp"
#include "core/retry_after.hpp"
#include "fuzz/fuzz_input.hpp"
#include "http/cookie_date.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <string>

namespace {

using pofetch::fuzz::require;
using std::chrono::system_clock;

std::string imf_fixdate(system_clock::time_point when) {
  const std::time_t seconds = system_clock::to_time_t(when);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), length};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const std::string_view text = fuzz::text_of(data, size);
  const auto now = system_clock::time_point(std::chrono::seconds(1'700'000'000));
  if (const auto wait = core::parse_retry_after(text, now))
    require(wait->count() >= 0 && *wait <= std::chrono::hours(24 * 366 * 10));
  for (const auto& date : {core::parse_http_date(text, now), http::parse_cookie_date(text)}) {
    if (!date) continue;
    const std::string written = imf_fixdate(*date);
    const auto year = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*date)).year();
    if (int(year) < 1700 || int(year) > 2250) continue;  // near the ends of the clock
    require(core::parse_http_date(written, now) == date);
    require(http::parse_cookie_date(written) == date);
  }
  return 0;
}
