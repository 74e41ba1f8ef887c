#include "async/io_context_pool.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <exception>
#include <thread>

namespace pofetch::async {

io_context_pool::io_context_pool(std::size_t count) {
  count = std::max<std::size_t>(count, 1);
  contexts_.reserve(count);
  // Hint 1: one thread, so Asio leaves out the wake-ups of other threads.
  for (std::size_t i = 0; i < count; ++i) {
    contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
    // Asio takes its descriptors with the first timer: here, where the caller expects to be refused.
    const boost::asio::steady_timer first(*contexts_.back());
  }
}

void io_context_pool::stop() {
  for (auto& context : contexts_) context->stop();
}

void io_context_pool::run() {
  std::vector<std::exception_ptr> thrown(contexts_.size());
  auto work = [this, &thrown](std::size_t index) {
    const auto busy = boost::asio::make_work_guard(*contexts_[index]);
    try {
      contexts_[index]->run();
    } catch (...) {
      thrown[index] = std::current_exception();
      stop();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < contexts_.size(); ++i) threads.emplace_back(work, i);
  work(0);
  for (auto& thread : threads) thread.join();
  for (const auto& exception : thrown)
    if (exception) std::rethrow_exception(exception);
}

}  // namespace pofetch::async
