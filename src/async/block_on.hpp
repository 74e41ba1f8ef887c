#pragma once

#include "async/cancellation.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <utility>

namespace pofetch::async {

/// Runs a coroutine to its end on a context that no other thread runs, and returns what it returned. Blocks.
/// `stop` cancels it, from the context's thread; the result is `when_stopped` then. An exception that leaves
/// it is the failure `internal`. The context is ready to run again afterwards.
template <class T>
[[nodiscard]] result<T> block_on(boost::asio::io_context& context, awaitable<result<T>> work,
                                 boost::asio::cancellation_slot stop, failure when_stopped) {
  result<T> got = std::move(when_stopped);
  auto ended = [&](std::exception_ptr thrown, result<T> outcome) {
    // Timers of connections that are kept must not hold the thread.
    context.stop();
    if (!thrown)
      got = std::move(outcome);
    else if (!is_cancellation(thrown))
      got = make_failure(errc::internal, "a request ended unexpectedly; please report this");
  };
  context.restart();
  boost::asio::co_spawn(context, std::move(work),
                        boost::asio::bind_cancellation_slot(stop, std::move(ended)));
  context.run();
  context.restart();
  return got;
}

}  // namespace pofetch::async
