#pragma once

#include "cli/remote/event_reader.hpp"
#include "cli/remote/remote_batch.hpp"
#include "cli/remote/service_client.hpp"
#include "cli/screen/screen.hpp"

#include <pofetch/awaitable.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace pofetch::cli {

/// Follows a batch of a service to its end, and shows it. Lost connections and restarts of the service are
/// gone over: with the id of the last event nothing is missed that the service still has.
class follower {
 public:
  /// `known`: the batch has just been made, so that a service out of reach is worth waiting for from the
  /// beginning. All must outlive it.
  follower(service_client& from, std::string id, screen& shown, bool known);

  /// Until the batch has ended. Failures: those of the service's answers; that of the connection if there has
  /// never been one, or none for 10 minutes.
  [[nodiscard]] awaitable<result<void>> follow();

  [[nodiscard]] const remote_batch& batch() const noexcept { return batch_; }
  /// The service was there, and then was not for too long.
  [[nodiscard]] bool has_lost_it() const noexcept { return gave_up_; }
  /// Items of the service's list of errors, once it has ended.
  [[nodiscard]] const std::vector<boost::json::object>& errors() const noexcept { return errors_; }

 private:
  using clock = std::chrono::steady_clock;

  [[nodiscard]] awaitable<result<void>> listen();
  [[nodiscard]] awaitable<result<void>> take_last_look();
  [[nodiscard]] awaitable<result<void>> wait_after(failure why);
  [[nodiscard]] result<void> take_bytes(std::string_view bytes);
  void note_contact();
  void take(const server_event& one);
  void show_po(const boost::json::object& data);
  void show_notice(const boost::json::object& data);
  void show_throttling(const boost::json::object& data);
  void show_state();
  void show_sign_in(const std::string& advice);
  void show_start();
  void show_end();
  void say(notice_level level, std::string text);

  service_client& from_;
  const std::string id_;
  const std::string route_;
  screen& shown_;
  event_reader reader_;
  remote_batch batch_;
  std::vector<boost::json::object> errors_;

  bool heard_;          ///< the service has been there
  bool lost_ = false;   ///< the user knows that it is not
  bool ended_ = false;  ///< the batch
  bool gave_up_ = false;
  clock::time_point last_contact_ = clock::now();
  std::chrono::milliseconds pause_{0};

  // What the screen shows already.
  std::optional<service::batch_state> told_state_;
  bool told_start_ = false;
  std::optional<clock::time_point> asked_to_sign_in_;
};

}  // namespace pofetch::cli
