#pragma once

#include <pofetch/ledger.hpp>

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pofetch::test {

/// A whole ledger in memory, for tests. Add `tests/support/memory_ledger.cpp` to the SOURCES of the test.
///
/// It keeps every promise of the port, also over several runs of one object: throwing the run away in
/// the middle and calling `begin_run` again is what a killed process looks like. One thread at a time.
class memory_ledger final : public ledger {
 public:
  result<void> begin_run(const run_info& info) override;
  result<void> add(std::span<const po_entry> entries) override;
  result<intake_counts> end_intake() override;
  result<std::optional<std::string>> page_outside(const page_area& area) override;
  result<refresh_facts> begin_refresh(const refresh_scope& scope) override;
  result<void> note_changes(std::span<const order_change> changes) override;
  result<void> end_changes(const refresh_scope& scope, std::chrono::system_clock::time_point at) override;
  result<void> set_listed_to(const std::string& time) override;
  result<run_record> resume_run(std::chrono::system_clock::time_point started_at) override;
  result<std::vector<po_group>> groups() override;
  result<void> erase_addresses() override;
  result<void> choose(const work_choice& choice) override;
  result<work_count> count(const work_choice& choice) override;
  result<std::vector<po_lease>> lease(std::size_t count) override;
  result<bool> awaits_others() override { return others_hold_ > 0 && others_hold_-- > 0; }
  result<void> renew() override;
  result<void> give_back(std::span<const std::int64_t> leased) override;
  result<po_ids> record_and_intend(std::span<const po_outcome> done,
                                   std::span<const po_outcome> next) override;
  result<po_ids> amend(std::span<const po_lease> found) override;
  result<std::vector<folder_move>> misnamed(bool with_status, std::size_t count) override;
  result<bool> has_folder(const std::string& folder, std::int64_t but_for) override;
  result<po_ids> begin_moves(std::span<const folder_move> moves) override;
  result<void> end_moves(std::span<const folder_move> done) override;
  result<void> end_run(const run_record& run) override;
  result<batch_totals> totals() override;
  result<run_record> last_run() override;
  result<void> each(const std::function<result<void>(const report_row&)>& visit) override;
  result<void> each_with(attachment_status status,
                         const std::function<result<void>(const po_lease&)>& visit) override;
  result<void> each_move(
      const std::function<result<void>(const po_lease&, const folder_move&)>& visit) override;
  result<void> each_copy(const std::function<result<void>(const same_content&)>& visit) override;

  // --- for tests only ---

  /// The call after `calls` more successful ones fails with `why` and changes nothing; once.
  void fail_after(std::size_t calls, failure why);

  /// Is that failure still to come?
  [[nodiscard]] bool failure_is_due() const noexcept { return due_.has_value(); }

  /// So often, others hold orders that may come back.
  void let_others_hold(unsigned times) noexcept { others_hold_ = times; }

  /// As if another one had the leases of that PO from now on.
  void lose_lease(std::string_view key);
  /// Is that PO leased?
  [[nodiscard]] bool is_leased(std::string_view key) const;

  /// What is known of a PO by its key (of this list or an earlier one), or nothing.
  [[nodiscard]] std::optional<po_outcome> find(std::string_view key) const;

  /// Calls of `record_and_intend` that recorded something, and the POs in them.
  [[nodiscard]] std::size_t record_calls() const noexcept { return record_calls_; }
  [[nodiscard]] std::size_t recorded() const noexcept { return recorded_; }

 private:
  unsigned others_hold_ = 0;
  struct stored_po {
    po_entry entry;
    po_outcome state;
    bool listed = false;   ///< stands in the present list
    bool changed = false;  ///< the source said so since its last look
    bool leased = false;
    bool elsewhere = false;            ///< leased by another one
    std::optional<po_status> named{};  ///< the status in which the folder's name ends
    std::string plain;                 ///< the folder's name without it
    std::vector<listed_attachment> listed_files;
  };

  /// Counts a call; gives the failure that a test asked for, if its time has come.
  std::optional<failure> call();
  /// A failure if one of these outcomes or leases names a PO that is not there.
  template <class Item>
  [[nodiscard]] std::optional<failure> unknown(std::span<const Item> items) const;
  stored_po& at(std::int64_t id) { return pos_[static_cast<std::size_t>(id - 1)]; }
  void take(const po_entry& entry);
  static void take_listed(stored_po& po, const po_entry& entry);
  static void erase_addresses_of(stored_po& po);
  /// Adds those of which no lease is held to `lost`.
  [[nodiscard]] std::vector<po_outcome> held_of(std::span<const po_outcome> outcomes, po_ids& lost);
  void put_intents(std::span<const po_outcome> outcomes);
  void put_outcomes(std::span<const po_outcome> outcomes);
  [[nodiscard]] static po_lease lease_of(const stored_po& po);
  [[nodiscard]] static bool in_scope(const stored_po& po, const refresh_scope& scope);
  [[nodiscard]] static bool is_chosen(const stored_po& po, const work_choice& choice);
  void begin_work();
  void note_change(stored_po& po, const std::string& updated_at);
  [[nodiscard]] static report_row row_of(const stored_po& po);

  std::vector<stored_po> pos_;  ///< index: id - 1
  std::unordered_map<std::string, std::int64_t> ids_;
  std::vector<std::int64_t> list_;  ///< ids in the order of the present list
  std::size_t cursor_ = 0;          ///< next of `list_` to be looked at by `lease`
  std::size_t move_cursor_ = 0;     ///< and by `misnamed`
  std::vector<folder_move> moves_;  ///< open ones
  std::optional<refresh_scope> again_;
  work_choice choice_;
  bool taken_in_ = false;  ///< the list is whole
  std::optional<run_record> run_;
  std::optional<failure> due_;
  std::size_t calls_left_ = 0;
  std::size_t record_calls_ = 0;
  std::size_t recorded_ = 0;
};

}  // namespace pofetch::test
