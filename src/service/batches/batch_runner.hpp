#pragma once

#include "http/host_standing.hpp"

#include <pofetch/batch.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::service {

class service_metrics;

/// Receives what a run does, on any of the engine's threads, and how it ended, once.
class run_listener : public progress {
 public:
  virtual void ended(batch_result done) = 0;
};

/// A batch at work. May go once it has ended.
class running_batch {
 public:
  virtual ~running_batch() = default;
  /// Any thread; `run_listener::ended` says when it has happened. What is under way may go on for `grace`;
  /// nothing: as the engine has it.
  virtual void request_stop(stop_reason reason, std::optional<std::chrono::milliseconds> grace = {}) = 0;
};

/// What may be asked of servers by all batches of a profile.
struct profile_limits {
  double requests_per_second = 0;  ///< 0: as many as the source may by itself
  unsigned max_connections = 0;

  [[nodiscard]] bool operator==(const profile_limits&) const = default;
};

/// A host, and the profiles whose limits it is asked under.
struct asked_host {
  std::vector<std::string> profiles;
  http::host_standing now;
};

/// Runs batches. Those with one profile are guests of one session: its sign-in, limits and connections are
/// theirs together. Every member may be called on any thread.
class batch_runner {
 public:
  virtual ~batch_runner() = default;
  /// Starts the run and comes back at once; `listener` is kept until it has ended.
  [[nodiscard]] virtual std::unique_ptr<running_batch> start(batch_options options, std::string profile,
                                                             std::shared_ptr<run_listener> listener) = 0;
  /// Gives fresh cookies to the session of a profile, if one is open. Blocks.
  [[nodiscard]] virtual result<void> renew(const std::string& profile, std::string_view cookies) = 0;
  /// The next run of that profile signs in anew.
  virtual void forget(const std::string& profile) = 0;

  /// What runs are worked on by.
  [[nodiscard]] virtual std::vector<boost::asio::any_io_executor> lanes() const = 0;
  /// The hosts that open sessions have asked for anything.
  [[nodiscard]] virtual std::vector<asked_host> hosts() = 0;
  /// What may be asked from now on, if a session of the profile is open. Where sessions share an origin, the
  /// lowest rate among them holds.
  virtual void change_limits(const std::string& profile, const profile_limits& now) = 0;
};

/// By the engine, on threads of its own. It must outlive all runs. `metrics` outlives it.
[[nodiscard]] std::unique_ptr<batch_runner> make_engine_runner(service_metrics& metrics);

}  // namespace pofetch::service
