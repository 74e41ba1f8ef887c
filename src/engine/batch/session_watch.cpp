#include "engine/batch/session_watch.hpp"

#include "async/offload.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace pofetch::engine {

namespace {

using sources::session_state;

/// Questions without an answer before that counts as one, and the time between them.
constexpr int most_questions = 3;
constexpr std::chrono::seconds between_probes{2};

constexpr int most_sign_ins = 2;

}  // namespace

session_watch::session_watch(session_watch_parts parts) : parts_(std::move(parts)) {}

awaitable<result<session_news>> session_watch::renew(const failure& why) {
  era_ = parts_.sign_in.era();
  const auto state = co_await ask();
  if (state == session_state::alive) co_return session_news::holds;
  result<void> renewed = why;
  if (parts_.options.on_expiry == expiry_action::wait) renewed = co_await wait_for_file();
  if (parts_.options.on_expiry == expiry_action::login) renewed = co_await sign_in_in_turn();
  if (!renewed) co_return renewed.error();
  co_return session_news::renewed;
}

/// Unknown if there is no answer.
awaitable<session_state> session_watch::ask() {
  for (int i = 0; i < most_questions; ++i) {
    if (i > 0) co_await parts_.time.sleep_for(between_probes);
    auto state = co_await parts_.probe();
    if (state && *state != session_state::unknown) co_return *state;
  }
  co_return session_state::unknown;
}

awaitable<result<void>> session_watch::wait_for_file() {
  const auto start = parts_.time.now();
  const std::string file = parts_.options.cookie_file.string();
  unanswered_ = false;
  bool told = false;
  for (;;) {
    const auto seen = co_await look_at_file();
    if (seen == look::works) break;
    if (!told)
      parts_.events.on(event::sign_in_needed{fmt::format(
          "The session has expired. Sign in to {} with a browser and save its cookies in {}: the run "
          "goes on by itself then. Ctrl-C ends it, and nothing is lost.",
          parts_.options.base_url, file)});
    told = true;
    co_await parts_.time.sleep_for(period);
  }
  if (told) parts_.events.on(event::signed_in{since(start)});
  co_return result<void>();
}

awaitable<session_watch::look> session_watch::look_at_file() {
  auto replaced = [this] { return parts_.sign_in.file_replaced(); };
  const bool fresh = co_await async::offload(parts_.disk, replaced);
  const std::uint64_t before = std::exchange(era_, parts_.sign_in.era());
  const bool renewed = era_ != before;
  if (!fresh && !renewed && !unanswered_) co_return look::unchanged;
  if (fresh) {
    // Whoever writes it may not be through yet.
    co_await parts_.time.sleep_for(period);
    auto reload = [this] { return parts_.sign_in.reload(); };
    auto taken = co_await async::offload(parts_.disk, reload);
    era_ = parts_.sign_in.era();
    if (!taken) {
      parts_.events.on(event::notice{
          notice_level::warning,
          fmt::format("{}; still waiting for cookies that can be used", taken.error().message)});
      co_return look::useless;
    }
  }
  const auto state = co_await ask();
  unanswered_ = state == session_state::unknown;
  if (state == session_state::alive) co_return look::works;
  parts_.events.on(event::notice{
      notice_level::warning,
      fmt::format("the cookies in {} have changed, but {}; still waiting",
                  parts_.options.cookie_file.string(),
                  unanswered_ ? "the instance does not answer" : "the instance still asks to sign in")});
  co_return look::useless;
}

/// A batch that comes second at the same instance finds the session there when it is its turn.
awaitable<result<void>> session_watch::sign_in_in_turn() {
  while (!parts_.sign_in.begin_renewal()) co_await parts_.time.sleep_for(period);
  struct end_of_turn {
    sign_in_state& sign_in;
    ~end_of_turn() { sign_in.end_renewal(); }
  } turn{parts_.sign_in};
  if (parts_.sign_in.era() != era_) {
    const auto state = co_await ask();
    if (state == session_state::alive) co_return result<void>();
  }
  auto renewed = co_await sign_in_again();
  co_return renewed;
}

awaitable<result<void>> session_watch::sign_in_again() {
  const auto start = parts_.time.now();
  parts_.events.on(event::sign_in_needed{"The session has expired; signing in again."});
  std::string trouble = "the instance asks to sign in still";
  for (int i = 0; i < most_sign_ins; ++i) {
    auto cookies = co_await parts_.options.sign_in();
    if (!cookies) {
      trouble = cookies.error().message;
      if (cookies.error().code == errc::config) break;  // it would be the same again
      continue;
    }
    auto take = [this, &cookies] { return parts_.sign_in.take(*cookies, "from signing in"); };
    auto taken = co_await async::offload(parts_.disk, take);
    const auto state = co_await ask();
    if (state == session_state::alive) {
      // It holds, whether or not the cookies could be saved for the next run.
      if (!taken) parts_.events.on(event::notice{notice_level::warning, taken.error().message});
      parts_.events.on(event::signed_in{since(start)});
      co_return result<void>();
    }
    if (!taken) trouble = taken.error().message;
  }
  co_return make_failure(
      errc::session_expired,
      fmt::format("the session has expired, and signing in again did not work: {}", trouble));
}

std::chrono::milliseconds session_watch::since(clock::time_point start) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(parts_.time.now() - start);
}

}  // namespace pofetch::engine
