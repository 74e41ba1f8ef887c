#pragma once

#include "pipeline/worker_manager.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/ledger.hpp>
#include <pofetch/po_list.hpp>
#include <pofetch/pool_config.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace pofetch::pipeline {

/// Takes one batch from its list to its end. One object a batch.
///
/// Order of calls: `take_in` or `resume` (blocking), then `run_lane(i)` spawned on the executor of every
/// lane, then, when all of them have ended, `finish` (blocking). `request_stop` at any time.
class processing_controller {
 public:
  /// Everything in `parts` and `lanes` must outlive the controller.
  processing_controller(shared_parts parts, std::vector<lane> lanes, pool_config config);
  ~processing_controller();

  processing_controller(const processing_controller&) = delete;
  processing_controller& operator=(const processing_controller&) = delete;

  /// Discover only: attachments are listed and measured, nothing is fetched. Before `run_lane`.
  void discover_only();

  /// A source that says by itself which POs have changed: called by `take_in` with `config.refresh`, to note
  /// in the ledger what has. True: only those are looked at again; false: the source could not say. Before
  /// `take_in`.
  using refresh_narrowing =
      std::function<result<bool>(const refresh_scope& scope, const refresh_facts& facts)>;
  void narrow_refresh(refresh_narrowing how);

  /// Works on these only. Without it: what every run takes up, and SKIPPED ones with `config.retry_skipped`.
  /// Before `take_in` or `resume`.
  void choose(work_choice what);

  /// Reads the whole list into the ledger. Afterwards, files that the ledger claims are looked at: what
  /// is missing or changed is fetched again, what a killed run had placed is adopted.
  result<intake_counts> take_in(po_list& list, run_info info);

  /// Instead of `take_in`: goes on with the list that the ledger has, see `ledger::resume_run`. Nothing of it
  /// is read again. `names_files`: it was a list as `po_list::is_manifest` says.
  result<intake_counts> resume(bool names_files);

  /// Instead of `take_in`: takes part in a run that another owner of leases has made ready. Files are not
  /// looked at, and nothing is chosen: that is done.
  result<void> join(const run_record& run);

  /// Works on one lane until the feed is dry or somebody says stop. Never throws.
  [[nodiscard]] awaitable<> run_lane(std::size_t index);

  /// Any thread, any number of times; the first reason counts, and the grace that ends first. What is in
  /// flight may finish for `grace`, or `stop_grace` without one, and is cancelled then; with
  /// `session_expired` or `machine` it is cancelled at once.
  void request_stop(stop_reason reason, std::optional<std::chrono::milliseconds> grace = {});

  [[nodiscard]] stop_reason stopped_by() const noexcept;

  /// What stopped the run, if it was a failure.
  [[nodiscard]] std::optional<failure> stop_failure() const;

  /// Ends the run in the ledger and tells progress. Returns what the ledger says. `retries` goes into the
  /// run's record: how often something was tried again in the whole run, also on the way to its attachments.
  result<batch_totals> finish(std::uint64_t retries);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace pofetch::pipeline
