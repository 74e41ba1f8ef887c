#pragma once

#include "ledger/postgres/nodes.hpp"
#include "ledger/postgres/session.hpp"

#include <pofetch/ledger.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pofetch::postgres {

struct ledger_options {
  session_options server;
  /// The batch's name; made if it is not there and the ledger is opened to work.
  std::string batch;
  /// How this node is called, for people.
  std::string node;
  /// After so long without a sign of life its orders go to others.
  std::chrono::milliseconds lease{15000};
};

/// The ledger of one batch in PostgreSQL, as one node sees it: an incarnation, which is known from `open`
/// until the object goes. Then what it held is free. Leases are held by the node, not order by order; every
/// write is one pipeline behind a fence that a node which was taken for dead does not pass
/// (src/ledger/README.md).
class postgres_ledger final : public ledger {
 public:
  /// Registers a node. Failures: as session::open; input: only reading, and there is no such batch.
  [[nodiscard]] static result<std::unique_ptr<postgres_ledger>> open(ledger_options options);
  ~postgres_ledger() override;

  /// Of its batch, and of its own incarnation (0: it only reads), in the database.
  [[nodiscard]] std::int64_t batch_id() const noexcept;
  [[nodiscard]] std::int64_t node_id() const noexcept;

  /// Takes part in the run that another node has begun and made ready: no list is read, and what is chosen is
  /// chosen. Failure `ledger`: there is none.
  result<void> join();

  [[nodiscard]] const std::string& batch_name() const noexcept;
  /// Of its batch: see list_nodes. Failures: ledger.
  [[nodiscard]] result<std::vector<node_status>> nodes();
  /// Has nobody taken this node for dead? Waits for a server that is away for a moment only. Failures:
  /// ledger.
  [[nodiscard]] result<bool> is_alive();

  /// Takes part in the run again after a pause: what was given back may come again.
  void resume_part();
  /// What it holds is free for others, until it goes on. Failures: ledger.
  [[nodiscard]] result<void> pause_part();

  /// Its batch as it stands. Failures: ledger.
  [[nodiscard]] result<batch_facts> facts();
  /// The batch's settings become these, unless it has some; gives those that count. Failures: ledger.
  [[nodiscard]] result<std::string> settle_settings(const std::string& text);

  /// What a node that comes has to do.
  enum class part {
    take_in,  ///< the list is taken in by this node
    go_on,    ///< it has none: the run goes on with the list of the last one
    join,     ///< others are at work: see `join`
    wait,  ///< somebody takes the list in or ends a run, or orders of dead nodes are not free yet: ask again
    other_list,  ///< others are at work on another list
    no_list,     ///< nobody has read a list to its end, and this node has none
  };
  /// `list_sha256`: empty where it has no list. Failures: ledger (also: it was taken for dead).
  [[nodiscard]] result<part> enter(const std::string& list_sha256);

  /// What is left to do when a node finds no more orders.
  enum class ending {
    finish,  ///< it ends the run: nobody else holds an order, or gets one
    wait,    ///< somebody ends it, or others still hold orders: ask again
    ended,   ///< that is done
  };
  /// Failures: ledger (also: it was taken for dead).
  [[nodiscard]] result<ending> begin_finish();
  /// This node stops before the work is done. True: no other one is at work. Failures: as begin_finish.
  [[nodiscard]] result<bool> stop_working();
  /// What this node has asked for in the run; `end_run` adds up those of all nodes. Failures: as
  /// begin_finish.
  result<void> count_work(std::uint64_t requests, std::uint64_t retries);

  result<void> begin_run(const run_info& info) override;
  result<void> add(std::span<const po_entry> entries) override;
  result<intake_counts> end_intake() override;
  result<run_record> resume_run(std::chrono::system_clock::time_point started_at) override;
  [[nodiscard]] result<std::vector<po_group>> groups() override;
  result<void> erase_addresses() override;

  result<std::optional<std::string>> page_outside(const page_area& area) override;
  result<refresh_facts> begin_refresh(const refresh_scope& scope) override;
  result<void> note_changes(std::span<const order_change> changes) override;
  result<void> end_changes(const refresh_scope& scope, std::chrono::system_clock::time_point at) override;
  result<void> set_listed_to(const std::string& time) override;

  result<void> choose(const work_choice& choice) override;
  [[nodiscard]] result<work_count> count(const work_choice& choice) override;
  [[nodiscard]] result<std::vector<po_lease>> lease(std::size_t count) override;
  [[nodiscard]] result<bool> awaits_others() override;
  [[nodiscard]] std::optional<std::chrono::milliseconds> lease_time() const override;
  result<void> renew() override;
  result<void> give_back(std::span<const std::int64_t> leased) override;
  [[nodiscard]] result<po_ids> record_and_intend(std::span<const po_outcome> done,
                                                 std::span<const po_outcome> next) override;
  result<po_ids> amend(std::span<const po_lease> found) override;

  result<std::vector<folder_move>> misnamed(bool with_status, std::size_t count) override;
  [[nodiscard]] result<bool> has_folder(const std::string& folder, std::int64_t but_for) override;
  [[nodiscard]] result<po_ids> begin_moves(std::span<const folder_move> moves) override;
  result<void> end_moves(std::span<const folder_move> done) override;
  result<void> each_move(
      const std::function<result<void>(const po_lease&, const folder_move&)>& visit) override;

  result<void> end_run(const run_record& run) override;

  [[nodiscard]] result<batch_totals> totals() override;
  [[nodiscard]] result<run_record> last_run() override;
  result<void> each(const std::function<result<void>(const report_row&)>& visit) override;
  result<void> each_with(attachment_status status,
                         const std::function<result<void>(const po_lease&)>& visit) override;
  result<void> each_copy(const std::function<result<void>(const same_content&)>& visit) override;

 private:
  struct state;
  explicit postgres_ledger(std::unique_ptr<state> opened);
  result<table> ask_alive(const command& one);
  result<void> note_run();
  std::unique_ptr<state> state_;
};

}  // namespace pofetch::postgres
