#include "async/retry.hpp"

#include "support/run_coro.hpp"

#include <doctest/doctest.h>

using namespace pofetch;
using namespace std::chrono_literals;

namespace {

struct flaky {
  int calls = 0;
  int failures;
  errc code;

  awaitable<result<int>> operator()() {
    ++calls;
    if (calls <= failures) co_return make_failure(code, "not yet");
    co_return calls;
  }
};

awaitable<result<int>> drive(pofetch::clock& time, flaky& subject, core::retry_policy& policy, int& notices) {
  auto attempt = [&subject] { return subject(); };
  auto notify = [&notices](const failure&, std::chrono::milliseconds) { ++notices; };
  co_return co_await async::with_retries(time, policy, attempt, notify);
}

result<int> run(flaky& subject, int& notices, pofetch::clock::duration* elapsed = nullptr) {
  boost::asio::io_context context(1);
  test::fake_clock time(context);
  core::retry_policy policy(core::retry_options{}, 1);
  auto outcome = test::run_coro(context, time, drive(time, subject, policy, notices));
  if (elapsed != nullptr) *elapsed = time.elapsed();
  return outcome;
}

}  // namespace

TEST_CASE("with_retries: what may pass is tried again until it succeeds") {
  flaky subject{0, 3, errc::timeout};
  int notices = 0;
  auto outcome = run(subject, notices);
  REQUIRE(outcome);
  CHECK(*outcome == 4);
  CHECK(notices == 3);
}

TEST_CASE("with_retries: what cannot pass is not tried again") {
  flaky subject{0, 100, errc::tls};
  int notices = 0;
  CHECK_FALSE(run(subject, notices));
  CHECK(subject.calls == 1);
}

TEST_CASE("with_retries: gives up after the tries of the policy, within its backoff") {
  flaky subject{0, 100, errc::connection};
  int notices = 0;
  pofetch::clock::duration elapsed{};
  auto outcome = run(subject, notices, &elapsed);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == errc::connection);
  CHECK(subject.calls == 6);
  CHECK(elapsed <= 500ms + 1s + 2s + 4s + 8s);
}
