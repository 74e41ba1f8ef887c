#pragma once

#include "engine/instance.hpp"
#include "engine/listed_time.hpp"
#include "engine/no_store.hpp"
#include "engine/run_lanes.hpp"
#include "ledger/sqlite_ledger.hpp"
#include "sources/manifest_rows.hpp"
#include "storage/file_store.hpp"

#include <pofetch/batch.hpp>
#include <pofetch/po_list.hpp>
#include <pofetch/progress.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace pofetch::engine {

/// Counts, for the run's record.
class retry_counter final : public progress {
 public:
  void retrying(unsigned, const failure&, std::chrono::milliseconds) override { ++count; }
  std::atomic<std::uint64_t> count{0};
};

/// What another look at finished POs brought, for the person.
class look_counter final : public progress {
 public:
  void attachment_finished(unsigned worker, const attachment_record& record) override;
  void po_finished(unsigned worker, const po_outcome& outcome) override;

  [[nodiscard]] std::string text() const;

 private:
  std::atomic<std::uint64_t> orders_{0};
  std::atomic<std::uint64_t> files_{0};
  std::atomic<std::uint64_t> versions_{0};
  std::atomic<std::uint64_t> gone_{0};
};

/// One batch from the opening of its list to its result. Each step either succeeds or decides the result.
class batch_run {
 public:
  batch_run(const batch_options& options, progress& events);
  ~batch_run();

  batch_run(const batch_run&) = delete;
  batch_run& operator=(const batch_run&) = delete;

  batch_result fetch();
  batch_result plan(const std::function<result<void>(const report_row&)>& visit);

  /// Any thread.
  void request_stop(stop_reason reason);

 private:
  /// `needs_instance`: without the address of the instance a list of POs is of no use.
  result<void> open_inputs(bool needs_instance);
  result<void> open_output();
  result<void> open_lanes();
  result<void> reach_instance();
  result<void> check_api();
  result<void> list_instance();
  result<void> check_own_source();
  result<void> check_refresh();
  result<bool> narrow_to_changes(const refresh_scope& scope, const refresh_facts& facts);
  result<bool> note_changed_orders(const std::string& since, std::uint64_t most_pages);
  [[nodiscard]] bool is_stopped();
  result<void> take_in(bool discover_only, store& files);
  void tell_hidden_rows();
  batch_result read_only_list(const std::function<result<void>(const report_row&)>& visit);
  void work();
  batch_result conclude();
  [[nodiscard]] batch_result failed(const failure& why) const;
  [[nodiscard]] run_info describe() const;

  batch_options options_;
  retry_counter retries_;
  look_counter looks_;
  progress_fan_out events_;
  instance instance_;
  sources::manifest_rows rows_;
  std::unique_ptr<po_list> list_;
  /// Of the instance's own list: what is asked for, whether that of an earlier run goes on, how far it
  /// reached.
  std::string listing_;
  bool goes_on_ = false;
  std::string listed_to_;
  listed_time listed_;
  intake_counts intake_;
  std::unique_ptr<storage::file_store> files_;
  std::unique_ptr<sqlite::sqlite_ledger> records_;
  no_store nothing_;

  /// Guards the making of lanes and controller against `request_stop`.
  std::mutex mutex_;
  stop_reason asked_ = stop_reason::none;
  /// Why the API does not accept the sign-in, if it does not.
  std::optional<failure> refused_;
  std::unique_ptr<run_lanes> lanes_;
  std::unique_ptr<pipeline::processing_controller> controller_;
};

}  // namespace pofetch::engine
