#include "core/retry_policy.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace pofetch;
using namespace pofetch::core;
using std::chrono::milliseconds;

TEST_CASE("retry_policy: what is tried again") {
  for (int i = 0; i <= static_cast<int>(errc::internal); ++i) {
    const auto code = static_cast<errc>(i);
    if (code == errc::http_status) continue;
    CAPTURE(to_string(code));
    const bool expected = code == errc::timeout || code == errc::connection || code == errc::truncated ||
                          code == errc::digest_mismatch || code == errc::rate_limited;
    CHECK(is_transient(make_failure(code, "")) == expected);
  }
  const std::set<int> again{408, 425, 429, 500, 502, 503, 504};
  for (int status = 100; status < 600; ++status) {
    CAPTURE(status);
    CHECK(is_transient({errc::http_status, status, "", {}}) == (again.count(status) == 1));
  }
}

TEST_CASE("retry_policy: full jitter below a ceiling that doubles up to the cap") {
  retry_options options;
  options.retries = 100;
  options.backoff_base = milliseconds(100);
  options.backoff_cap = milliseconds(1000);
  const failure late = make_failure(errc::timeout, "");
  const milliseconds ceilings[] = {milliseconds(100), milliseconds(200),  milliseconds(400),
                                   milliseconds(800), milliseconds(1000), milliseconds(1000)};
  retry_policy policy(options, 1);
  for (unsigned tries = 1; tries <= 6; ++tries) {
    CAPTURE(tries);
    const milliseconds ceiling = ceilings[tries - 1];
    milliseconds least = milliseconds::max();
    milliseconds most{0};
    for (int i = 0; i < 2000; ++i) {
      const auto wait = policy.next(tries, late);
      REQUIRE(wait.has_value());
      least = std::min(least, *wait);
      most = std::max(most, *wait);
    }
    CHECK(most <= ceiling);
    CHECK(most >= ceiling * 9 / 10);
    CHECK(least <= ceiling / 10);
  }
  CHECK(policy.next(100, late) <= milliseconds(1000));
}

TEST_CASE("retry_policy: tries run out") {
  retry_options options;
  options.retries = 2;
  retry_policy policy(options, 1);
  const failure late = make_failure(errc::timeout, "");
  CHECK(policy.next(1, late).has_value());
  CHECK(policy.next(2, late).has_value());
  CHECK_FALSE(policy.next(3, late).has_value());
  options.retries = 0;
  CHECK_FALSE(retry_policy(options, 1).next(1, late).has_value());
}

TEST_CASE("retry_policy: what will not pass, given up at once") {
  retry_policy policy({}, 1);
  CHECK_FALSE(policy.next(1, make_failure(errc::tls, "")).has_value());
  CHECK_FALSE(policy.next(1, {errc::http_status, 404, "", {}}).has_value());
  CHECK_FALSE(policy.next(1, {errc::http_status, 403, "", milliseconds(5)}).has_value());
}

TEST_CASE("retry_policy: Retry-After is obeyed up to its cap, spread a little") {
  retry_options options;
  options.backoff_base = milliseconds(500);
  retry_policy policy(options, 7);
  struct row {
    milliseconds asked;
    milliseconds least;
    milliseconds most;
  };
  const row rows[] = {
      {milliseconds(0), milliseconds(0), milliseconds(500)},
      {milliseconds(1000), milliseconds(1000), milliseconds(1500)},
      {milliseconds(60'000), milliseconds(60'000), milliseconds(66'000)},
      {milliseconds(300'000), milliseconds(300'000), milliseconds(330'000)},
      {milliseconds(900'000), milliseconds(300'000), milliseconds(330'000)},
      {milliseconds(-5), milliseconds(0), milliseconds(500)},
  };
  for (const auto& r : rows) {
    CAPTURE(r.asked.count());
    std::set<long long> waits;
    for (int i = 0; i < 200; ++i) {
      const auto wait = policy.next(1, {errc::rate_limited, 429, "", r.asked});
      REQUIRE(wait.has_value());
      CHECK(*wait >= r.least);
      CHECK(*wait <= r.most);
      waits.insert(wait->count());
    }
    CHECK(waits.size() > 50);
  }
}

TEST_CASE("retry_policy: odd settings, no overflow") {
  retry_options options;
  options.retries = 100;
  options.backoff_base = milliseconds(0);
  retry_policy none(options, 1);
  CHECK(none.next(50, make_failure(errc::timeout, "")) == milliseconds(0));
  options.backoff_base = milliseconds(86'400'000);
  options.backoff_cap = milliseconds(86'400'000);
  CHECK(retry_policy(options, 1).next(100, make_failure(errc::timeout, "")) <= milliseconds(86'400'000));
}

TEST_CASE("retry_policy: taken from the configuration; one seed, one sequence") {
  pool_config config;
  config.retries = 9;
  config.backoff_base = milliseconds(1);
  config.backoff_cap = milliseconds(2);
  config.retry_after_cap = milliseconds(3);
  const retry_options options = retry_options_of(config);
  CHECK(options.retries == 9);
  CHECK(options.backoff_base == milliseconds(1));
  CHECK(options.backoff_cap == milliseconds(2));
  CHECK(options.retry_after_cap == milliseconds(3));
  retry_policy a({}, 42);
  retry_policy b({}, 42);
  for (unsigned i = 1; i <= 5; ++i) {
    CHECK(a.next(i, make_failure(errc::timeout, "")) == b.next(i, make_failure(errc::timeout, "")));
  }
}
