#pragma once

#include "async/asio_clock.hpp"
#include "async/io_context_pool.hpp"
#include "core/retry_policy.hpp"
#include "engine/load_watch.hpp"
#include "engine/session_watch.hpp"
#include "engine/sign_in_state.hpp"
#include "http/client.hpp"
#include "sources/manifest_rows.hpp"
#include "sources/session_probe.hpp"

#include <pofetch/batch.hpp>
#include <pofetch/processing_controller.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/thread_pool.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace pofetch::engine {

/// The threads of a run and what stands on each: for every lane an io_context with its clock, HTTP client
/// and source; one thread for the ledger and one for the disk.
class run_lanes {
 public:
  /// Failure config: an address, a header or the CA file cannot be used. Everything given must outlive
  /// the lanes.
  static result<std::unique_ptr<run_lanes>> make(const batch_options& options, source_kind source,
                                                 http::shared_state& shared, sign_in_state& sign_in,
                                                 sources::manifest_rows& rows, progress& events);

  run_lanes(const run_lanes&) = delete;
  run_lanes& operator=(const run_lanes&) = delete;
  ~run_lanes();

  /// As the controller takes them.
  [[nodiscard]] std::vector<lane> lanes();

  [[nodiscard]] boost::asio::any_io_executor ledger_thread() { return ledger_.get_executor(); }
  [[nodiscard]] boost::asio::any_io_executor storage_thread() { return storage_.get_executor(); }

  /// Opens the first connection to the instance; a run with a single worker, which has one request in flight
  /// at a time, also asks now whether the session holds. Blocks. Failures: nobody there, no trust, stopped.
  result<void> reach(const pool_config& config);
  /// Ends a `reach` under way. Any thread.
  void stop_reaching();

  /// Works until every lane is done; asks meanwhile whether the session holds, and stores renewed cookies now
  /// and then. Blocks.
  void run(processing_controller& controller, sign_in_state& sign_in);

 private:
  struct one_lane {
    async::asio_clock time;
    std::unique_ptr<http::client> http;
    std::unique_ptr<attachment_source> source;
    std::unique_ptr<session_watch> keeper;
    unsigned first_worker = 0;
    unsigned workers = 0;
  };

  explicit run_lanes(const pool_config& config);
  result<void> fill(const batch_options& options, source_kind source, http::shared_state& shared,
                    sign_in_state& sign_in, sources::manifest_rows& rows, progress& events);
  awaitable<result<void>> begin(core::retry_options options, bool one_at_a_time);
  awaitable<> work(processing_controller& controller, sign_in_state& sign_in, std::size_t index);

  std::string base_url_;
  bool ends_when_expired_ = true;
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
