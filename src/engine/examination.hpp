#pragma once

#include "engine/sign_in_state.hpp"
#include "http/client.hpp"
#include "http/shared_state.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/doctor.hpp>
#include <pofetch/error.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pofetch::engine {

/// What `doctor` does, check after check. The network part runs on a context of its own, on the thread of
/// `run`, one bounded question after another.
class examination {
 public:
  /// `options` must outlive it.
  examination(const doctor_options& options, std::function<void(const finding&)> found);

  doctor_result run();
  /// Any thread.
  void request_stop();

 private:
  void look_at_folder();
  void look_at_instance();
  [[nodiscard]] bool open_client();
  [[nodiscard]] bool load_session();
  void look_at_order();
  void measure();

  void note(finding what);
  void note(std::vector<finding> all);
  [[nodiscard]] bool goes_on() const;
  /// Runs it to its end; after `limit` it is cancelled and a failure says so.
  template <class T>
  [[nodiscard]] result<T> bounded(awaitable<result<T>> work, std::chrono::seconds limit);

  const doctor_options& options_;
  std::function<void(const finding&)> found_;
  doctor_result done_;
  std::atomic<bool> stopped_{false};
  boost::asio::io_context context_{1};
  boost::asio::cancellation_signal stop_;
  http::shared_state shared_;
  sign_in_state sign_in_;
  std::unique_ptr<http::client> http_;
};

}  // namespace pofetch::engine
