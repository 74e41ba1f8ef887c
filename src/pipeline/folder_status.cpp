#include "pipeline/folder_status.hpp"

#include "core/folder_name.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pofetch::pipeline {

namespace {

/// Folders renamed in one go: one sync and two transactions.
constexpr std::size_t moves_at_once = 1024;

/// How much of a PO is in that folder: a file as it was recorded counts more than one that is only there.
std::size_t presence(const po_lease& lease, const std::string& folder, store& files) {
  std::size_t points = 0;
  for (const attachment_record& record : lease.known) {
    if (record.status != attachment_status::completed) continue;
    const auto facts = files.stat(folder, record.name);
    if (!facts) continue;
    points += facts->size == record.bytes && facts->mtime_ns == record.mtime_ns ? lease.known.size() + 1 : 1;
  }
  return points;
}

/// Gives each move a name that is free in the ledger, on the disk and among these. Nothing is held meanwhile:
/// who takes one of them first is told when the moves are begun.
result<void> find_free_names(std::vector<folder_move>& moves, folder_journal& records,
                             folder_operations& folders) {
  std::unordered_set<std::string> given;
  for (folder_move& move : moves) {
    const auto is_free = [&](const std::string& folder) -> result<bool> {
      if (given.count(core::folder_key(folder)) != 0) return false;
      auto taken = records.has_folder(folder, move.po_id);
      if (taken && !*taken) taken = folders.is_taken(folder);
      if (!taken) return taken;
      return !*taken;
    };
    auto free = core::first_free_folder(move.to, is_free);
    if (!free) return free.error();
    move.to = std::move(*free);
    given.insert(core::folder_key(move.to));
  }
  return {};
}

}  // namespace

result<named_folders> name_folders(folder_journal& records, store& files, bool with_status,
                                   const std::function<bool()>& stopped) {
  named_folders sum;
  folder_operations* const folders = files.folders();
  if (folders == nullptr) return sum;
  while (!stopped()) {
    auto moves = records.misnamed(with_status, moves_at_once);
    if (!moves) return moves.error();
    if (moves->empty()) break;
    if (auto named = find_free_names(*moves, records, *folders); !named) return named.error();
    const auto refused = records.begin_moves(*moves);
    if (!refused) return refused.error();
    std::vector<folder_move> done;
    for (folder_move& move : *moves) {
      if (std::find(refused->begin(), refused->end(), move.po_id) != refused->end()) continue;
      const auto renamed = folders->rename_folder(move.from, move.to);
      if (renamed) ++sum.renamed;
      if (renamed || renamed.error().code == errc::not_found) {
        done.push_back(std::move(move));
        continue;
      }
      ++sum.hindered;
      if (!sum.first_problem) sum.first_problem = renamed.error();
    }
    if (auto synced = files.sync({}); !synced) return synced.error();
    if (auto ended = records.end_moves(done); !ended) return ended.error();
  }
  return sum;
}

result<void> settle_moves(folder_journal& records, store& files) {
  std::vector<folder_move> done;
  bool any = false;
  auto visit = [&](const po_lease& lease, const folder_move& move) -> result<void> {
    any = true;
    if (presence(lease, move.to, files) > presence(lease, move.from, files)) done.push_back(move);
    return {};
  };
  if (auto visited = records.each_move(visit); !visited) return visited;
  if (!any) return {};
  // The rename may not be on stable storage yet, and the ledger is about to rely on it.
  if (auto synced = files.sync({}); !synced) return synced;
  return records.end_moves(done);
}

}  // namespace pofetch::pipeline
