#include "cli/remote/stoppable_loop.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <utility>

namespace pofetch::cli {

namespace asio = boost::asio;

stoppable_loop::stoppable_loop()
    : signals_([this](int signal) {
        signal_ = signal;
        asio::post(context_, [this] { ending_.emit(asio::cancellation_type::terminal); });
      }) {}

void stoppable_loop::run(awaitable<> work) {
  if (signal_ != 0) return;
  std::exception_ptr failed;
  context_.restart();
  asio::co_spawn(
      context_, std::move(work),
      asio::bind_cancellation_slot(ending_.slot(), [&failed](std::exception_ptr why) { failed = why; }));
  context_.run();
  if (!failed) return;
  try {
    std::rethrow_exception(failed);
  } catch (const boost::system::system_error& problem) {
    if (signal_ == 0 || problem.code() != asio::error::operation_aborted) throw;
  }
}

}  // namespace pofetch::cli
