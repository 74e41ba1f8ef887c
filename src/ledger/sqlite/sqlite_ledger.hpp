#pragma once

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <filesystem>
#include <memory>

namespace pofetch::sqlite {

enum class open_mode {
  read_write_create,  ///< for the one process that works on the batch; made if it is not there
  read_only,          ///< must be there; also while another process works on it
};

/// The ledger in one SQLite file (schema.cpp describes it). As for every ledger: calls block, one
/// thread at a time, failures are `ledger` or `disk_full` and leave it as it was. Visitors of `each`
/// and `each_with` may call the ledger.
class sqlite_ledger final : public ledger {
 public:
  /// Opens the ledger at `file`, whose folder must exist. What is no ledger, is damaged, or was
  /// written by a newer pofetch is refused and left untouched. `durable`: what a call has written is on
  /// stable storage when it returns (after `begin_run`: when `end_intake` returns); otherwise it
  /// survives a killed process, but perhaps no power cut. Failures: ledger, disk_full.
  [[nodiscard]] static result<std::unique_ptr<sqlite_ledger>> open(const std::filesystem::path& file,
                                                                   open_mode mode, bool durable = true);

  /// A ledger in a private temporary file that vanishes with the object.
  [[nodiscard]] static result<std::unique_ptr<sqlite_ledger>> open_temporary();

  ~sqlite_ledger() override;

  result<void> begin_run(const run_info& info) override;
  /// One transaction a call: some thousand entries at a time are quickest.
  result<void> add(std::span<const po_entry> entries) override;
  result<intake_counts> end_intake() override;
  result<run_record> resume_run(std::chrono::system_clock::time_point started_at) override;
  result<std::vector<po_group>> groups() override;
  result<void> erase_addresses() override;
  result<std::optional<std::string>> page_outside(const page_area& area) override;
  result<refresh_facts> begin_refresh(const refresh_scope& scope) override;
  result<void> note_changes(std::span<const order_change> changes) override;
  result<void> end_changes(const refresh_scope& scope, std::chrono::system_clock::time_point at) override;
  result<void> set_listed_to(const std::string& time) override;
  result<void> choose(const work_choice& choice) override;
  result<work_count> count(const work_choice& choice) override;
  result<std::vector<po_lease>> lease(std::size_t count) override;
  /// Nobody else can work on the batch: this process holds the lock of the folder. So leases last as long as
  /// the run.
  result<void> renew() override;
  result<void> give_back(std::span<const std::int64_t> leased) override;
  result<po_ids> record_and_intend(std::span<const po_outcome> done,
                                   std::span<const po_outcome> next) override;
  result<po_ids> amend(std::span<const po_lease> found) override;
  result<std::vector<folder_move>> misnamed(bool with_status, std::size_t count) override;
  result<bool> has_folder(const std::string& folder, std::int64_t but_for) override;
  result<po_ids> begin_moves(std::span<const folder_move> moves) override;
  result<void> end_moves(std::span<const folder_move> done) override;
  /// `info` and `intake` of the record are not looked at: what was begun stands.
  result<void> end_run(const run_record& run) override;
  result<batch_totals> totals() override;
  result<run_record> last_run() override;
  result<void> each(const std::function<result<void>(const report_row&)>& visit) override;
  result<void> each_with(attachment_status status,
                         const std::function<result<void>(const po_lease&)>& visit) override;
  result<void> each_move(
      const std::function<result<void>(const po_lease&, const folder_move&)>& visit) override;
  result<void> each_copy(const std::function<result<void>(const same_content&)>& visit) override;

 private:
  struct state;
  explicit sqlite_ledger(std::unique_ptr<state> opened);

  std::unique_ptr<state> state_;
};

}  // namespace pofetch::sqlite
