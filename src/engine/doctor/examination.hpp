#pragma once

#include "engine/instance/instance.hpp"
#include "engine/instance/instance_lane.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/doctor.hpp>
#include <pofetch/error.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace pofetch::engine {

/// What `doctor` does, check after check. The network part runs on a context of its own, on the thread of
/// `run`, one bounded question after another. Calls on the file system are made on threads of their own: one
/// that hangs keeps this object alive, and ends the examination.
class examination : public std::enable_shared_from_this<examination> {
 public:
  examination(const doctor_options& options, std::function<void(const finding&)> found);

  doctor_result run();
  /// Any thread.
  void request_stop();

 private:
  void look_at_folder();
  void look_at_instance();
  void load_credentials();
  using loaded_credentials = result<std::unique_ptr<sources::credentials>>;
  void take_credentials(loaded_credentials loaded);
  [[nodiscard]] bool open_lane();
  [[nodiscard]] bool load_session();
  /// True: the instance knows us.
  [[nodiscard]] bool look_at_sign_in();
  void look_at_order();
  [[nodiscard]] std::optional<std::string> number_of_order();
  void measure();
  void save_session();

  void note(finding what);
  void note(std::vector<finding> all);
  [[nodiscard]] bool goes_on() const;
  /// Runs it to its end; after `limit` it is cancelled and a failure says so.
  template <class T>
  [[nodiscard]] result<T> bounded(awaitable<result<T>> work, std::chrono::seconds limit);
  /// What `work` returns, which looks at `where`. Nothing: it hangs, which is told, or the stop came first.
  template <class Work>
  [[nodiscard]] std::optional<std::invoke_result_t<Work&>> on_disk(const std::string& check,
                                                                   const std::string& where, Work work);

  const doctor_options options_;
  /// The same, with the waits of somebody who looks on.
  const instance_options hurried_;
  std::function<void(const finding&)> found_;
  doctor_result done_;
  std::atomic<bool> stopped_{false};
  bool hangs_ = false;
  boost::asio::io_context context_{1};
  progress quiet_;
  boost::asio::cancellation_signal stop_;
  instance instance_;
  result<void> credentials_;
  std::unique_ptr<instance_lane> lane_;
};

}  // namespace pofetch::engine
