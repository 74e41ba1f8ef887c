#include "service/batches/batch_runner.hpp"

#include "async/io_context_pool.hpp"
#include "core/consequence.hpp"
#include "engine/instance/handles.hpp"
#include "service/metrics/run_meter.hpp"
#include "service/metrics/service_metrics.hpp"

#include <pofetch/session.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace pofetch::service {

namespace {

constexpr std::size_t blocking_threads = 8;

batch_result ended_by(const failure& why) {
  batch_result done;
  done.state = core::consequence_of(why.code).exit;
  done.error = why;
  return done;
}

/// What is thrown out of a run is a bug.
batch_result ended_by(const std::exception_ptr& thrown) {
  std::string what = "unknown";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& problem) {
    what = problem.what();
  } catch (...) {
  }
  return ended_by(make_failure(errc::internal, "the run has failed, please report it: " + what));
}

/// One run, from before its batch is made until after its end.
class guest : public std::enable_shared_from_this<guest> {
 public:
  guest(batch_options options, std::shared_ptr<run_listener> listener)
      : options_(std::move(options)), listener_(std::move(listener)) {}

  /// `where`: null: an instance of its own.
  void begin(const session* where, const batch_place& place) {
    {
      const std::lock_guard lock(guard_);
      if (where != nullptr)
        job_.emplace(options_, *listener_, *where, place);
      else
        job_.emplace(options_, *listener_, place);
      if (stopped_ != stop_reason::none) job_->request_stop(stopped_);
    }
    auto done = [self = shared_from_this()](const std::exception_ptr& thrown, batch_result result) {
      self->listener_->ended(thrown ? ended_by(thrown) : std::move(result));
    };
    boost::asio::co_spawn(place.lanes.front(), job_->async_run(), std::move(done));
  }

  void refuse(const failure& why) { listener_->ended(ended_by(why)); }

  void request_stop(stop_reason reason, std::optional<std::chrono::milliseconds> grace) {
    const std::lock_guard lock(guard_);
    if (stopped_ == stop_reason::none) stopped_ = reason;
    if (job_ && grace)
      job_->request_stop(reason, *grace);
    else if (job_)
      job_->request_stop(reason);
  }

  [[nodiscard]] bool is_stopped() {
    const std::lock_guard lock(guard_);
    return stopped_ != stop_reason::none;
  }

  [[nodiscard]] const batch_options& options() const noexcept { return options_; }

 private:
  batch_options options_;
  std::shared_ptr<run_listener> listener_;
  std::mutex guard_;
  stop_reason stopped_ = stop_reason::none;
  std::optional<batch> job_;
};

class guest_handle final : public running_batch {
 public:
  explicit guest_handle(std::shared_ptr<guest> who) : who_(std::move(who)) {}
  void request_stop(stop_reason reason, std::optional<std::chrono::milliseconds> grace) override {
    who_->request_stop(reason, grace);
  }

 private:
  std::shared_ptr<guest> who_;
};

class engine_runner final : public batch_runner {
 public:
  explicit engine_runner(service_metrics& metrics)
      : metrics_(metrics), lanes_(effective_io_threads({})), threads_([this] { lanes_.run(); }) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) place_.lanes.emplace_back(lanes_[i].get_executor());
    place_.blocking = blocking_.get_executor();
  }

  ~engine_runner() override {
    blocking_.join();
    lanes_.stop();
    threads_.join();
    sessions_.clear();  // their connections stand on the lanes
  }

  std::unique_ptr<running_batch> start(batch_options options, std::string profile,
                                       std::shared_ptr<run_listener> listener) override {
    auto who = std::make_shared<guest>(std::move(options), std::move(listener));
    // Signing in may run a command and read files.
    auto begin = [this, who, profile = std::move(profile)] {
      const result<session> where = session_of(profile, *who);
      if (where)
        who->begin(&*where, place_);
      else
        who->refuse(where.error());
    };
    boost::asio::post(blocking_, std::move(begin));
    return std::make_unique<guest_handle>(std::move(who));
  }

  result<void> renew(const std::string& profile, std::string_view cookies) override {
    auto open = open_session(profile);
    return open ? open->put_cookies(cookies) : result<void>();
  }

  void forget(const std::string& profile) override {
    const std::lock_guard lock(guard_);
    sessions_.erase(profile);
  }

  [[nodiscard]] std::vector<boost::asio::any_io_executor> lanes() const override { return place_.lanes; }

  [[nodiscard]] std::vector<asked_host> hosts() override {
    const auto now = std::chrono::steady_clock::now();
    std::map<http::host_limits*, std::vector<std::string>> all;
    const std::lock_guard lock(guard_);
    for (const auto& [profile, each] : sessions_) all[&limits_of(each)].push_back(profile);
    std::vector<asked_host> made;
    for (const auto& [limits, profiles] : all)
      for (http::host_standing& each : limits->hosts(now)) made.push_back({profiles, std::move(each)});
    return made;
  }

  void change_limits(const std::string& profile, const profile_limits& now) override {
    const std::lock_guard lock(guard_);
    rates_[profile] = now.requests_per_second;
    const auto open = sessions_.find(profile);
    if (open == sessions_.end()) return;
    http::host_limits& shared = limits_of(open->second);
    double lowest = 0;
    for (const auto& [name, each] : sessions_) {
      if (&limits_of(each) != &shared) continue;
      const double wanted = rate_of(name, each);
      if (wanted > 0 && (lowest <= 0 || wanted < lowest)) lowest = wanted;
    }
    shared.change(lowest, now.max_connections);
  }

 private:
  result<session> session_of(const std::string& profile, guest& who) {
    if (const auto open = open_session(profile)) return *open;
    run_meter& meter = metrics_.meter_for(profile);
    auto opened = session::open(who.options(), &meter, [&who] { return who.is_stopped(); });
    if (!opened) return opened;
    // Before anybody is its guest.
    const auto committed = [&meter](auto took) { meter.ledger_committed(took); };
    opened->shared()->where.watch_work(meter, committed);
    // Another run of the profile may have been quicker.
    const std::lock_guard lock(guard_);
    return sessions_.emplace(profile, *opened).first->second;
  }

  std::optional<session> open_session(const std::string& profile) {
    const std::lock_guard lock(guard_);
    const auto found = sessions_.find(profile);
    return found == sessions_.end() ? std::nullopt : std::optional<session>(found->second);
  }

  static http::host_limits& limits_of(const session& open) { return *open.shared()->where.limits; }

  /// Requests a second that one of the profiles at an origin may send; 0: any number.
  [[nodiscard]] double rate_of(const std::string& profile, const session& open) const {
    instance_options how = open.shared()->where.options;
    if (const auto changed = rates_.find(profile); changed != rates_.end())
      how.pool.requests_per_second = changed->second;
    return engine::ceilings_of(how).requests_per_second;
  }

  service_metrics& metrics_;
  std::mutex guard_;
  std::map<std::string, session> sessions_;
  /// Those that were changed.
  std::map<std::string, double> rates_;
  async::io_context_pool lanes_;
  boost::asio::thread_pool blocking_{blocking_threads};
  batch_place place_;
  std::thread threads_;
};

}  // namespace

std::unique_ptr<batch_runner> make_engine_runner(service_metrics& metrics) {
  return std::make_unique<engine_runner>(metrics);
}

}  // namespace pofetch::service
