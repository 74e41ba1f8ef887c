#pragma once

#include "support/fake_clock.hpp"

#include <pofetch/awaitable.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace pofetch::test {

namespace detail {

/// Real time that another thread (an offload target, say) may take when nothing else is going on.
inline constexpr std::chrono::seconds patience{2};
/// Turns of the clock after which a test is taken to go round in circles.
inline constexpr std::size_t most_turns = 2'000'000;

/// Does what is ready; when nothing is, moves the clock on to the next sleeper. False: nothing can ever
/// happen again.
inline bool turn(boost::asio::io_context& context, fake_clock& time) {
  if (context.stopped()) context.restart();
  if (context.poll() > 0) return true;
  if (time.advance_to_next()) return true;
  if (context.stopped()) return false;
  return context.run_one_for(patience) > 0;
}

}  // namespace detail

/// Drives `context` on virtual time until `done()` holds. Throws std::logic_error when that can never
/// happen (nothing ready, nobody asleep) or the clock turns without end. A blocking part is best
/// offloaded onto `context` itself: then a test is wholly deterministic.
inline void run_until(boost::asio::io_context& context, fake_clock& time, const std::function<bool()>& done) {
  for (std::size_t turns = 0; !done(); ++turns) {
    if (turns > detail::most_turns) throw std::logic_error("run_until: the clock turns without end");
    if (!detail::turn(context, time) && !done())
      throw std::logic_error("run_until: deadlock, nothing is ready and nobody sleeps");
  }
}

/// Runs everything there is on `context` until nothing is ready and nobody sleeps.
inline void run_until_idle(boost::asio::io_context& context, fake_clock& time) {
  for (std::size_t turns = 0;; ++turns) {
    if (turns > detail::most_turns) throw std::logic_error("run_until_idle: the clock turns without end");
    if (context.stopped()) context.restart();
    if (context.poll() == 0 && !time.advance_to_next()) return;
  }
}

/// Runs one coroutine to its end on virtual time; returns what it returned, rethrows what it threw.
/// Other coroutines of the same context run along. Deadlock: see `run_until`.
template <class T>
T run_coro(boost::asio::io_context& context, fake_clock& time, awaitable<T> work) {
  // Shared with the handler, which outlives this call if the coroutine never ends.
  struct outcome {
    bool done = false;
    std::exception_ptr thrown;
    std::conditional_t<std::is_void_v<T>, bool, std::optional<T>> value{};
  };
  auto end = std::make_shared<outcome>();
  if constexpr (std::is_void_v<T>) {
    boost::asio::co_spawn(context, std::move(work), [end](std::exception_ptr thrown) {
      end->thrown = std::move(thrown);
      end->done = true;
    });
  } else {
    boost::asio::co_spawn(context, std::move(work), [end](std::exception_ptr thrown, T value) {
      end->thrown = std::move(thrown);
      if (!end->thrown) end->value.emplace(std::move(value));
      end->done = true;
    });
  }
  run_until(context, time, [end] { return end->done; });
  if (end->thrown) std::rethrow_exception(end->thrown);
  if constexpr (!std::is_void_v<T>) return std::move(*end->value);
}

/// Runs several coroutines at the same time, all to their end; rethrows the first exception.
inline void run_coros(boost::asio::io_context& context, fake_clock& time, std::vector<awaitable<>> work) {
  struct outcome {
    std::size_t left = 0;
    std::exception_ptr thrown;
  };
  auto end = std::make_shared<outcome>();
  end->left = work.size();
  for (auto& each : work) {
    boost::asio::co_spawn(context, std::move(each), [end](std::exception_ptr thrown) {
      if (thrown && !end->thrown) end->thrown = std::move(thrown);
      --end->left;
    });
  }
  run_until(context, time, [end] { return end->left == 0; });
  if (end->thrown) std::rethrow_exception(end->thrown);
}

}  // namespace pofetch::test
