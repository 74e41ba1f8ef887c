#pragma once

#include <pofetch/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace pofetch::async {

namespace detail {

/// Runs `work` on `where` and completes the handler, on its own executor, with what it returned.
template <class Result, class Work, class Handler>
void run_elsewhere(Handler handler, const boost::asio::any_io_executor& where, Work work) {
  namespace asio = boost::asio;
  auto home = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
  auto there = [home, handler = std::move(handler), work = std::move(work)]() mutable {
    auto value = std::make_unique<Result>(work());
    auto back = [handler = std::move(handler), value = std::move(value)]() mutable {
      std::move(handler)(std::move(*value));
    };
    asio::post(home, std::move(back));
  };
  asio::post(where, std::move(there));
}

}  // namespace detail

/// Runs a blocking call on another executor (a thread made for it) and comes back to this one with the
/// value it returned. `work` must not throw and must return something. Not cancellable: the caller
/// is resumed when the call has returned, so `work` may refer to the caller's variables.
template <class Work>
[[nodiscard]] auto offload(boost::asio::any_io_executor where, Work work)
    -> awaitable<std::invoke_result_t<Work&>> {
  using value_type = std::invoke_result_t<Work&>;
  auto initiate = [where = std::move(where), work = std::move(work)](auto handler) mutable {
    detail::run_elsewhere<value_type>(std::move(handler), where, std::move(work));
  };
  auto pending = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(value_type)>(
      std::move(initiate), boost::asio::use_awaitable);
  co_return co_await std::move(pending);
}

}  // namespace pofetch::async
