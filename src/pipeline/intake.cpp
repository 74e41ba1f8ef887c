#include "pipeline/intake.hpp"

#include "core/file_name.hpp"
#include "core/listed_row.hpp"
#include "core/po_number.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace pofetch::pipeline {

namespace {

constexpr std::size_t rows_at_once = 4096;

/// What a folder may get behind its name, a status and a number: `_NO_ATTACHMENTS (1000000)`. Names of the
/// usual length are cut when that comes.
constexpr std::size_t room_behind = 25;

std::string folder_of(const po_row& row, std::size_t longest) {
  std::string folder;
  for (const auto& level : row.folders) folder += core::safe_folder_name(level, "Unknown", longest) + "/";
  const std::size_t last = longest < core::max_name_bytes ? longest - room_behind : longest;
  return folder + core::safe_folder_name(row.number, "unnamed", last);
}

}  // namespace

po_entry entry_of(const po_row& row, bool of_manifest, std::size_t longest_name) {
  po_entry entry;
  entry.line = row.line;
  entry.cells = row.cells;
  entry.supplier = row.supplier;
  entry.updated_at = row.updated_at;
  if (row.number.empty()) {
    // A key of its own, which no PO can have: a PO number holds no control character. A list that goes on has
    // each line anew, so that there the cell itself must do.
    entry.key = row.updated_at.empty() || row.cells.empty() ? fmt::format("\x01line {}", row.line)
                                                            : fmt::format("\x01order {}", row.cells.front());
    entry.status = po_status::invalid;
    entry.error = make_failure(errc::input, row.problem);
    return entry;
  }
  // Spreadsheets take leading zeros off; a manifest's PO is any text, though.
  entry.key = of_manifest ? row.number : std::string(core::without_leading_zeros(row.number));
  entry.number = row.number;
  entry.prefix = row.prefix;
  entry.group = row.supplier;
  entry.folder = folder_of(row, longest_name);
  if (of_manifest) entry.listed = core::listed_of(row);
  return entry;
}

result<intake_counts> take_in_list(po_list& list, const run_info& info, ledger& records,
                                   circuit_breaker& breaker, const std::function<bool()>& stopped,
                                   std::size_t longest_name) {
  auto begun = records.begin_run(info);
  if (!begun) return begun.error();
  std::vector<po_entry> entries;
  for (;;) {
    auto row = list.next();
    if (!row) return row.error();
    if (row->has_value()) {
      entries.push_back(entry_of(**row, list.is_manifest(), longest_name));
      if (entries.back().status == po_status::pending) breaker.expect(entries.back().group);
    }
    if (entries.size() >= rows_at_once || !row->has_value()) {
      auto added = records.add(entries);
      if (!added) return added.error();
      entries.clear();
      if (stopped()) return make_failure(errc::cancelled, "stopped while the list was read");
    }
    if (!row->has_value()) return records.end_intake();
  }
}

}  // namespace pofetch::pipeline
