#pragma once

#include "core/retry_policy.hpp"
#include "engine/batch/load_watch.hpp"
#include "engine/batch/session_watch.hpp"
#include "engine/instance/instance.hpp"
#include "engine/instance/instance_lane.hpp"
#include "pipeline/processing_controller.hpp"
#include "sources/order_listing.hpp"

#include <pofetch/batch.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::engine {

/// What a batch has on the executors where it works: on each a clock, an HTTP client, a source and its
/// workers. The executors may have other guests. Its own coroutines are awaited on the first of them, `home`.
class run_lanes {
 public:
  /// Everything that is referred to must outlive the lanes.
  struct parts {
    const batch_options& options;
    instance& where;
    progress& events;
    /// At least one.
    std::vector<boost::asio::any_io_executor> executors;
    /// One call at a time each, for what blocks: the ledger, and the disk.
    boost::asio::any_io_executor ledger;
    boost::asio::any_io_executor disk;
  };

  /// Blocks for a moment: reads files of certificates. Failure config: an address, a header or the CA file
  /// cannot be used.
  static result<std::unique_ptr<run_lanes>> make(const parts& what);

  run_lanes(const run_lanes&) = delete;
  run_lanes& operator=(const run_lanes&) = delete;

  /// As the controller takes them.
  [[nodiscard]] std::vector<pipeline::lane> lanes();

  /// Opens the first connection to the instance; a run with a single worker, which has one request in flight
  /// at a time, also asks now whether the session holds. Failures: nobody there, no trust, stopped.
  [[nodiscard]] awaitable<result<void>> reach();
  /// Asks whether the sign-in is accepted. Failures: see `sources::driver::probe`, or stopped.
  [[nodiscard]] awaitable<result<void>> check_sign_in();
  /// One page of the instance's purchase orders, of a source that lists them. Blocks, while `home` works: to
  /// be called on another thread.
  result<sources::order_page> read_orders(const std::string& url, std::uint64_t offset);
  /// Ends one of these under way. Any thread, until `close`.
  void stop_reaching();

  /// Works until every lane is done; asks meanwhile whether the session holds, and stores renewed cookies now
  /// and then. Not cancellable: the controller is told to stop.
  [[nodiscard]] awaitable<> run(pipeline::processing_controller& controller);

  /// Ends behind all that was posted to the lanes before.
  [[nodiscard]] awaitable<> drain();

  /// Takes everything off the executors, each on its own thread, behind what was posted there before. To be
  /// awaited before the lanes are destroyed, with nobody at work.
  [[nodiscard]] awaitable<> close();

 private:
  struct one_lane {
    std::unique_ptr<instance_lane> stand;
    std::unique_ptr<session_watch> keeper;
    unsigned first_worker = 0;
    unsigned workers = 0;
  };

  explicit run_lanes(const parts& what);
  result<void> fill();
  void add_keeper(one_lane& into);
  template <class T>
  [[nodiscard]] awaitable<result<T>> stoppable(awaitable<result<T>> work);
  [[nodiscard]] awaitable<result<void>> begin(core::retry_options options, bool one_at_a_time);
  [[nodiscard]] awaitable<> work(pipeline::processing_controller& controller, std::size_t index);
  [[nodiscard]] awaitable<> close_one(std::size_t index);
  template <class Work>
  [[nodiscard]] awaitable<> on_every_lane(Work work);

  parts what_;
  std::optional<load_watch> load_;
  std::vector<std::unique_ptr<one_lane>> lanes_;
  boost::asio::cancellation_signal reach_stop_;
  bool probes_ = false;
  bool expired_ = false;
};

}  // namespace pofetch::engine
