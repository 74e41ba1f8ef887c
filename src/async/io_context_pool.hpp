#pragma once

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace pofetch::async {

/// N io_contexts, each run by exactly one thread, so nothing on them needs a strand.
class io_context_pool {
 public:
  /// `count` is at least 1. Throws boost::system::system_error where the system has no descriptors left.
  explicit io_context_pool(std::size_t count);

  io_context_pool(const io_context_pool&) = delete;
  io_context_pool& operator=(const io_context_pool&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return contexts_.size(); }
  [[nodiscard]] boost::asio::io_context& operator[](std::size_t index) { return *contexts_[index]; }

  /// Runs all of them, each on a thread of its own, until `stop`. Blocks. Rethrows the first exception that
  /// left a handler, after all threads have ended.
  void run();

  /// Any thread.
  void stop();

 private:
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
};

}  // namespace pofetch::async
