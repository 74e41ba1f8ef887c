#pragma once

#include <pofetch/clock.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace pofetch::async {

/// The real time, on an executor's timers. Used on that executor's thread only.
class asio_clock final : public clock {
 public:
  explicit asio_clock(boost::asio::any_io_executor executor);

  [[nodiscard]] time_point now() const override;
  [[nodiscard]] std::chrono::system_clock::time_point wall() const override;
  [[nodiscard]] awaitable<> sleep_until(time_point when) override;

 private:
  boost::asio::any_io_executor executor_;
};

}  // namespace pofetch::async
