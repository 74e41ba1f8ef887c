#pragma once

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace pofetch::async {

/// Runs `work` on `where` and comes back to this executor with what it returned or threw. Cancelled
/// meanwhile, it calls `stop`, which asks `work` to come to an end of its own, and goes on waiting for that.
template <class T>
[[nodiscard]] awaitable<T> run_gracefully(boost::asio::any_io_executor where, awaitable<T> work,
                                          std::function<void()> stop) {
  namespace asio = boost::asio;
  auto initiate = [where, work = std::move(work), stop = std::move(stop)](auto handler) mutable {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) slot.assign([stop = std::move(stop)](asio::cancellation_type) { stop(); });
    auto home =
        asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
    auto ended = [home, handler = std::move(handler)](std::exception_ptr thrown, T value) mutable {
      auto outcome = std::make_unique<T>(std::move(value));
      auto back = [handler = std::move(handler), thrown, outcome = std::move(outcome)]() mutable {
        std::move(handler)(thrown, std::move(*outcome));
      };
      asio::post(home, std::move(back));
    };
    asio::co_spawn(where, std::move(work), std::move(ended));
  };
  auto pending = asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, T)>(
      std::move(initiate), asio::use_awaitable);
  co_return co_await std::move(pending);
}

}  // namespace pofetch::async
