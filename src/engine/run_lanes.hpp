#pragma once

#include "async/asio_clock.hpp"
#include "async/io_context_pool.hpp"
#include "core/retry_policy.hpp"
#include "engine/api_credentials.hpp"
#include "engine/load_watch.hpp"
#include "engine/session_watch.hpp"
#include "engine/sign_in_state.hpp"
#include "http/client.hpp"
#include "sources/api_client.hpp"
#include "sources/api_facts.hpp"
#include "sources/manifest_rows.hpp"
#include "sources/session_probe.hpp"
#include "sources/shared_token.hpp"

#include <pofetch/batch.hpp>
#include <pofetch/processing_controller.hpp>

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
    source_kind source;
    http::shared_state& shared;
    sign_in_state& sign_in;
    sources::manifest_rows& rows;
    const api_credentials& api;
    sources::shared_token& token;
    progress& events;
  };

  /// Failure config: an address, a header or the CA file cannot be used.
  static result<std::unique_ptr<run_lanes>> make(const parts& what);

  run_lanes(const run_lanes&) = delete;
  run_lanes& operator=(const run_lanes&) = delete;
  ~run_lanes();

  /// As the controller takes them.
  [[nodiscard]] std::vector<lane> lanes();

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
  void run(processing_controller& controller, sign_in_state& sign_in);

 private:
  struct one_lane {
    async::asio_clock time;
    std::unique_ptr<http::client> http;
    /// Over `http`, where an access token signs in.
    std::unique_ptr<transport> with_token;
    std::unique_ptr<attachment_source> source;
    std::unique_ptr<session_watch> keeper;
    unsigned first_worker = 0;
    unsigned workers = 0;

    [[nodiscard]] transport& wire() { return with_token ? *with_token : *http; }
  };

  explicit run_lanes(const parts& what);
  result<void> fill();
  using session_probe = std::function<awaitable<result<sources::session_state>>()>;
  void add_source(one_lane& into, std::size_t index);
  void add_api(one_lane& into, std::size_t index);
  void add_keeper(one_lane& into, session_probe probe);
  [[nodiscard]] sources::api_client_options api_options(std::size_t index) const;
  awaitable<result<void>> begin(core::retry_options options, bool one_at_a_time);
  template <class T>
  result<T> block_on(awaitable<result<T>> work);
  awaitable<> work(processing_controller& controller, sign_in_state& sign_in, std::size_t index);

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
