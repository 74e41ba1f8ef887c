#pragma once

#include "engine/instance/sign_in_state.hpp"
#include "http/client.hpp"
#include "http/cookie_jar.hpp"
#include "http/host_limits.hpp"
#include "http/trust_store.hpp"
#include "sources/drivers.hpp"

#include <pofetch/error.hpp>
#include <pofetch/instance_options.hpp>
#include <pofetch/progress.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace pofetch::engine {

/// Requests a second that may be started; 0: any number. Without a word of the user, what the source says.
[[nodiscard]] double request_ceiling(const instance_options& options);

/// What may be asked of an instance.
[[nodiscard]] http::ceilings ceilings_of(const instance_options& options);

/// One instance of the system, and who signs in there: what its batches share on all executors. Each batch
/// has an `instance_lane` over it on each of its executors.
class instance {
 public:
  /// `receiver` must outlive it. `own_limits`: not those of the process. Nothing is read yet.
  instance(instance_options how, progress& receiver, std::shared_ptr<http::host_limits> own_limits = {});

  instance(const instance&) = delete;
  instance& operator=(const instance&) = delete;

  /// Brings the credentials of the source together. May run a command; blocks. Failures: see
  /// `sources::driver::load_credentials`.
  result<void> load_credentials(const std::function<bool()>& stopped);

  /// The part of an executor in the connections.
  struct share {
    std::size_t connections = 1;
    /// Those of the executors before it: what a host can bear is dealt out in that order.
    std::size_t before = 0;
  };

  /// A client for a batch, with the connections of those that are on that executor already. Turns are dealt
  /// among them by `weight`. Reads the files of certificates, so it blocks; any thread. Failure config: an
  /// address, a header or one of the files cannot be used.
  result<std::unique_ptr<http::client>> client_on(boost::asio::any_io_executor executor, const share& part,
                                                  unsigned weight);

  /// Where attachments are looked up; while nobody has said, where they are for a list of orders.
  [[nodiscard]] const sources::driver& driver() const noexcept {
    return source == nullptr ? sources::driver_for_list(false) : *source;
  }

  using commit_watch = std::function<void(std::chrono::steady_clock::duration)>;
  /// They hear of every request, and how long every commit of a ledger took, on any thread. To be called
  /// before there are clients and batches; must outlive them.
  void watch_work(http::request_watch& requests, commit_watch commits) {
    watch_ = &requests;
    on_commit_ = std::move(commits);
  }
  [[nodiscard]] const commit_watch& on_commit() const noexcept { return on_commit_; }

  const instance_options options;
  progress& events;
  /// Null until the list has been seen, where that decides.
  const sources::driver* source;
  /// As a rule of the process: whoever goes to that origin shares them.
  const std::shared_ptr<http::host_limits> limits;
  http::cookie_jar cookies;
  http::trust_store trust;
  sign_in_state sign_in;
  /// Beside cookies; null: there are none.
  std::unique_ptr<sources::credentials> keys;

 private:
  struct standing {
    boost::asio::any_io_executor executor;
    std::weak_ptr<http::client_lane> lane;
  };

  http::request_watch* watch_ = nullptr;
  commit_watch on_commit_;
  std::mutex mutex_;
  std::vector<standing> lanes_;
};

}  // namespace pofetch::engine
