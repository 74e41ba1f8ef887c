#pragma once

#include "async/io_context_pool.hpp"
#include "core/retry_policy.hpp"
#include "engine/instance.hpp"
#include "engine/instance_lane.hpp"
#include "engine/load_watch.hpp"
#include "engine/session_watch.hpp"
#include "pipeline/processing_controller.hpp"
#include "sources/api_facts.hpp"
#include "sources/manifest_rows.hpp"

#include <pofetch/batch.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::engine {

/// The threads of a run and what stands on each: for every lane an io_context with its clock, HTTP client
/// and source; one thread for the ledger and one for the disk.
class run_lanes {
 public:
  /// What the lanes stand on. Everything in it must outlive them.
  struct parts {
    const batch_options& options;
    instance& where;
    sources::manifest_rows& rows;
  };

  /// Failure config: an address, a header or the CA file cannot be used.
  static result<std::unique_ptr<run_lanes>> make(const parts& what);

  run_lanes(const run_lanes&) = delete;
  run_lanes& operator=(const run_lanes&) = delete;
  ~run_lanes();

  /// As the controller takes them.
  [[nodiscard]] std::vector<pipeline::lane> lanes();

  [[nodiscard]] boost::asio::any_io_executor ledger_thread() { return ledger_.get_executor(); }
  [[nodiscard]] boost::asio::any_io_executor storage_thread() { return storage_.get_executor(); }

  /// Opens the first connection to the instance; a run with a single worker, which has one request in flight
  /// at a time, also asks now whether the session holds. Blocks. Failures: nobody there, no trust, stopped.
  result<void> reach();
  /// Asks the API whether it accepts the sign-in. Blocks. Failures: see `sources::probe_api`, or stopped.
  result<void> check_api();
  /// One page of the instance's purchase orders (see `sources::read_orders`). Blocks.
  struct order_page {
    std::vector<sources::api_order_facts> orders;
    /// When it was asked for; by the instance's clock, where it tells the time.
    std::chrono::system_clock::time_point at;
  };
  result<order_page> read_orders(const std::string& url, std::uint64_t offset);
  /// Ends one of these under way. Any thread.
  void stop_reaching();

  /// Works until every lane is done; asks meanwhile whether the session holds, and stores renewed cookies now
  /// and then. Blocks.
  void run(pipeline::processing_controller& controller);

 private:
  struct one_lane {
    std::unique_ptr<instance_lane> stand;
    /// Of a list that names its files itself.
    std::unique_ptr<attachment_source> manifest;
    std::unique_ptr<session_watch> keeper;
    unsigned first_worker = 0;
    unsigned workers = 0;

    [[nodiscard]] attachment_source& source() { return manifest ? *manifest : *stand->source(); }
  };

  explicit run_lanes(const parts& what);
  result<void> fill();
  void add_keeper(one_lane& into);
  awaitable<result<void>> begin(core::retry_options options, bool one_at_a_time);
  awaitable<> work(pipeline::processing_controller& controller, std::size_t index);

  parts what_;
  std::optional<load_watch> load_;
  async::io_context_pool contexts_;
  boost::asio::thread_pool ledger_{1};
  boost::asio::thread_pool storage_{1};
  std::vector<std::unique_ptr<one_lane>> lanes_;
  boost::asio::cancellation_signal reach_stop_;
  bool probes_ = false;
  bool expired_ = false;
};

}  // namespace pofetch::engine
