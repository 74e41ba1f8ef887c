#pragma once

#include "engine/batch/listed_time.hpp"
#include "engine/batch/no_store.hpp"
#include "engine/batch/run_counters.hpp"
#include "engine/batch/run_lanes.hpp"
#include "engine/instance/instance.hpp"
#include "engine/node/node.hpp"
#include "engine/node/node_store.hpp"
#include "ledger/postgres/postgres_ledger.hpp"
#include "ledger/sqlite/sqlite_ledger.hpp"
#include "objects/object_store.hpp"
#include "storage/file_store.hpp"

#include <pofetch/batch.hpp>
#include <pofetch/po_list.hpp>
#include <pofetch/progress.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>

namespace pofetch::engine {

/// The system lends no threads or descriptors.
[[nodiscard]] failure cannot_begin(const boost::system::system_error& refused);

/// One batch from the opening of its list to its result. Each step either succeeds or decides the result.
/// What blocks is done on an executor for that, everything else on the first of the place's lanes.
class batch_run {
 public:
  /// `host`: the instance whose guest it is; null: it has one to itself. Both must outlive it.
  batch_run(const batch_options& options, progress& events, instance* host);
  ~batch_run();

  batch_run(const batch_run&) = delete;
  batch_run& operator=(const batch_run&) = delete;

  /// One of both, once; to be awaited on the first lane. Not cancellable: see `request_stop`.
  [[nodiscard]] awaitable<batch_result> fetch(batch_place place);
  [[nodiscard]] awaitable<batch_result> plan(batch_place place, batch::row_visitor visit);

  /// Any thread. Without a grace: `pool_config::stop_grace`.
  void request_stop(stop_reason reason, std::optional<std::chrono::milliseconds> grace = {});

 private:
  /// One thread each.
  struct own_threads {
    own_threads() : ledger(1), disk(1) {}
    ~own_threads() {
      ledger.join();
      disk.join();
    }
    boost::asio::thread_pool ledger;
    boost::asio::thread_pool disk;
  };

  /// Failure: there are no threads to be had.
  result<void> settle(batch_place place);
  template <class Work>
  [[nodiscard]] awaitable<std::invoke_result_t<Work&>> blocking(Work work);
  [[nodiscard]] awaitable<batch_result> to_the_end(awaitable<batch_result> work);
  [[nodiscard]] awaitable<batch_result> fetch_all();
  [[nodiscard]] awaitable<batch_result> plan_all(batch::row_visitor visit);
  [[nodiscard]] awaitable<> leave();

  /// `needs_instance`: without the address of the instance a list of POs is of no use.
  result<void> open_inputs(bool needs_instance);
  result<void> open_list(bool needs_instance);
  result<void> open_last_run();
  result<void> open_output();
  result<void> open_objects();
  result<void> write_report();
  [[nodiscard]] store& files() noexcept { return objects_ ? static_cast<store&>(*objects_) : *files_; }
  result<void> open_lanes();
  [[nodiscard]] awaitable<result<void>> reach_instance();
  [[nodiscard]] awaitable<result<void>> check_sign_in();
  result<void> take_in_orders();
  result<void> take_in_plan();
  result<void> list_instance();
  result<void> check_source();
  result<void> check_refresh();
  result<bool> narrow_to_changes(const refresh_scope& scope, const refresh_facts& facts);
  result<bool> note_changed_orders(const std::string& since, std::uint64_t most_pages);
  [[nodiscard]] bool is_stopped();
  void make_controller(bool discover_only, store& files);
  result<void> take_in(bool discover_only, store& files);
  void tell_hidden_rows();
  batch_result read_only_list(const batch::row_visitor& visit);
  [[nodiscard]] awaitable<> work();
  batch_result conclude();
  static void settle_look(batch_result& done);
  void save_sign_in();
  batch_result conclude_fetch();
  batch_result conclude_plan(const batch::row_visitor& visit);
  batch_result sum_up(const batch_totals& totals);
  [[nodiscard]] batch_result failed(const failure& why) const;

  // As one of many nodes: batch_node.cpp.

  [[nodiscard]] bool is_node() const noexcept { return !options_.nodes.address.empty(); }
  result<void> enter_batch();
  result<void> open_node();
  void close_node();
  result<void> check_settings();
  result<postgres::postgres_ledger::part> await_part(const std::string& list_sha256);
  result<void> begin_part(postgres::postgres_ledger::part part);
  result<void> join_run(bool again);
  void hear(bool lost, node_wish wish);
  [[nodiscard]] awaitable<> work_in_turns();
  [[nodiscard]] result<bool> has_another_turn();
  result<void> begin_turn();
  result<void> wait_while_paused();
  batch_result conclude_as_node();
  result<bool> await_ending();
  [[nodiscard]] run_info describe() const;

  const bool guest_;
  const std::string given_url_;
  batch_options options_;
  retry_counter retries_;
  look_counter looks_;
  progress_fan_out events_;
  /// Where it is nobody's guest.
  std::optional<instance> own_instance_;
  instance& instance_;
  batch_place place_;
  std::optional<own_threads> threads_;
  boost::asio::any_io_executor ledger_;
  boost::asio::any_io_executor disk_;
  std::unique_ptr<po_list> list_;
  /// Of the instance's own list: what is asked for, whether that of an earlier run goes on, how far it
  /// reached.
  std::string listing_;
  bool goes_on_ = false;
  /// So it was with the list of the last run, which is resumed.
  bool names_files_ = false;
  std::string listed_to_;
  listed_time listed_;
  intake_counts intake_;
  /// The output folder, or that of the state.
  std::unique_ptr<storage::file_store> files_;
  /// Where the files go, if not there.
  std::unique_ptr<objects::object_store> objects_;
  std::unique_ptr<ledger> records_;
  /// That one, of a batch on which other nodes work, too; null: there are none.
  postgres::postgres_ledger* shared_ = nullptr;
  std::unique_ptr<node> node_;
  std::optional<node_store> placing_;
  /// Why no further turn could be begun.
  std::optional<failure> node_trouble_;
  no_store nothing_;

  /// Guards the making of lanes and controller against `request_stop`.
  std::mutex mutex_;
  /// Nothing is on the lanes any more.
  bool left_ = false;
  stop_reason asked_ = stop_reason::none;
  /// Why the API does not accept the sign-in, if it does not.
  std::optional<failure> refused_;
  std::unique_ptr<run_lanes> lanes_;
  std::unique_ptr<pipeline::processing_controller> controller_;
};

}  // namespace pofetch::engine
