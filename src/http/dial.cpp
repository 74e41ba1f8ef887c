#include "http/dial.hpp"

#include "async/task_group.hpp"
#include "http/io_result.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pofetch::http {

namespace asio = boost::asio;

namespace {

using dial_clock = std::chrono::steady_clock;

/// RFC 8305 8, Connection Attempt Delay.
constexpr std::chrono::milliseconds until_next{250};

/// What the attempts share. They run on one executor.
struct race {
  explicit race(const asio::any_io_executor& where) : executor(where), turn(where), attempts(where) {}

  asio::any_io_executor executor;
  asio::steady_timer turn;  ///< until the next attempt; cancelled when one has ended
  std::size_t open = 0;     ///< attempts under way
  std::size_t failed = 0;
  dialled outcome;
  async::task_group attempts;
};

awaitable<> attempt(race& all, asio::ip::tcp::endpoint address) {
  asio::ip::tcp::socket socket(all.executor);
  auto [error] = co_await socket.async_connect(address, as_result);
  --all.open;
  if (all.outcome.socket || error == asio::error::operation_aborted) co_return;
  all.outcome.address = address;
  all.outcome.error = error;
  if (error)
    ++all.failed;
  else
    all.outcome.socket = std::move(socket);
  all.turn.cancel();
}

/// Starts one attempt after another until one has won, all have failed, or the time is up.
awaitable<> start_attempts(race& all, std::span<const asio::ip::tcp::endpoint> addresses,
                           dial_clock::time_point deadline) {
  std::size_t next = 0;
  std::size_t failed = 0;
  dial_clock::time_point wake = dial_clock::now();
  while (!all.outcome.socket) {
    const auto now = dial_clock::now();
    if (now >= deadline) {
      all.outcome.error = {};
      break;
    }
    const bool due = now >= wake || all.failed > failed;
    failed = all.failed;
    if (next < addresses.size() && due) {
      ++all.open;
      all.attempts.spawn(attempt(all, addresses[next++]));
      wake = now + until_next;
    }
    if (next == addresses.size()) wake = deadline;
    if (all.open == 0) break;
    all.turn.expires_at(std::min(wake, deadline));
    boost::system::error_code woken;
    co_await all.turn.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    // Cancelled and woken by an attempt look alike; after the former none may begin.
    auto cancellation = co_await asio::this_coro::cancellation_state;
    if (cancellation.cancelled() != asio::cancellation_type::none) co_return;
  }
  all.attempts.cancel();
}

}  // namespace

awaitable<dialled> dial(asio::any_io_executor executor, std::span<const asio::ip::tcp::endpoint> addresses,
                        dial_clock::time_point deadline) {
  race all(executor);
  all.attempts.spawn(start_attempts(all, addresses, deadline));
  const bool whole = co_await all.attempts.join();
  if (!whole) throw_cancelled();
  co_return std::move(all.outcome);
}

}  // namespace pofetch::http
