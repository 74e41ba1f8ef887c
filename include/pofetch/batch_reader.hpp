#pragma once

#include <pofetch/error.hpp>
#include <pofetch/purchase_order.hpp>
#include <pofetch/work_queue.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pofetch {

/// What a run is about. No secret stands in it.
struct run_info {
  std::string input;     ///< file name or `-`
  std::string source;    ///< web, api, manifest
  std::string base_url;  ///< masked
  std::vector<std::string> columns;
  std::chrono::system_clock::time_point started_at{};
  /// Of a list that the instance gives: what was asked for; a list goes on only where that is the same.
  std::string listing{};
  /// The list holds what has changed only: the one of the run before goes on, and POs that do not stand in
  /// this one keep their places. `listed_to` stays what it was until it is written anew.
  bool goes_on = false;
};

struct intake_counts {
  std::uint64_t rows = 0;      ///< entries offered
  std::uint64_t repeated = 0;  ///< of these, POs that stood in the list before
  std::uint64_t invalid = 0;   ///< of these, rows without a usable PO
  /// Lines of the first of the repeated ones. Not kept: only `end_intake` tells.
  std::vector<std::int64_t> repeated_lines{};
  static constexpr std::size_t lines_told = 10;
};

/// Totals over the POs of the present list.
struct batch_totals {
  std::array<std::uint64_t, po_status_count> by_status{};  ///< index: po_status
  std::uint64_t purchase_orders = 0;
  std::uint64_t attachments_found = 0;
  std::uint64_t attachments_downloaded = 0;
  /// EXCLUDED ones of COMPLETED POs: by their names, or because they are no files.
  std::uint64_t attachments_left_out = 0;
  std::uint64_t bytes = 0;
  /// Of the POs that are done, by status: those that this run looks at again. Known before the work only.
  std::array<std::uint64_t, po_status_count> again{};
  /// Earliest and latest look, of the POs that were ever looked at.
  std::optional<std::chrono::system_clock::time_point> oldest_look{};
  std::optional<std::chrono::system_clock::time_point> newest_look{};
};

/// The last run, as far as it came.
struct run_record {
  run_info info;
  std::optional<std::chrono::system_clock::time_point> finished_at{};
  bool interrupted = false;  ///< stopped, killed, or still running
  std::uint64_t requests = 0;
  std::uint64_t retries = 0;
  double elapsed_seconds = 0;
  intake_counts intake;
  /// Up to where the instance's list was read: see `ledger::set_listed_to`.
  std::string listed_to{};
};

/// The POs of one circuit-breaker group.
struct po_group {
  std::string name;
  std::uint64_t orders = 0;
};

/// One PO as reports show it.
struct report_row {
  po_outcome outcome;
  std::int64_t line = 0;
  std::vector<std::string> cells;
  std::uint64_t attachments_found = 0;
  std::uint64_t attachments_downloaded = 0;
  std::uint64_t bytes = 0;
};

/// Two completed files of one content.
struct same_content {
  /// Folder and row of the one that the ledger learned of first.
  std::string folder;
  attachment_record first;
  /// The PO of the other one, and the row of that alone.
  po_lease other;
};

/// Tells what is known of a batch. All calls block; one thread at a time. Failures have code `ledger`, but
/// for those of visitors.
class batch_reader {
 public:
  virtual ~batch_reader() = default;

  [[nodiscard]] virtual result<batch_totals> totals() = 0;
  [[nodiscard]] virtual result<run_record> last_run() = 0;
  /// How many POs `work_queue::lease` would hand out at this moment, were they chosen so: by the same
  /// condition.
  [[nodiscard]] virtual result<work_count> count(const work_choice& choice) = 0;
  /// The groups of the present list with its usable POs; those without a group are left out. In no order.
  [[nodiscard]] virtual result<std::vector<po_group>> groups() = 0;
  /// Visits every PO of the present list, in its order, attachments included; memory stays flat. Stops
  /// at the first failure that `visit` returns, and returns it.
  virtual result<void> each(const std::function<result<void>(const report_row&)>& visit) = 0;
  /// Visits every PO, of this list or an earlier one, that has an attachment in that state.
  virtual result<void> each_with(attachment_status status,
                                 const std::function<result<void>(const po_lease&)>& visit) = 0;
  /// Visits every completed attachment whose size (not 0) and SHA-256 are those of an earlier one, with that
  /// one. A visit may amend what it is given. Stops at the first failure that `visit` returns, and returns
  /// it.
  virtual result<void> each_copy(const std::function<result<void>(const same_content&)>& visit) = 0;
};

}  // namespace pofetch
