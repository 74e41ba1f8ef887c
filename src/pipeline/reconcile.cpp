#include "pipeline/reconcile.hpp"

#include "core/encoding.hpp"
#include "pipeline/folder_status.hpp"
#include "pipeline/outcome.hpp"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace pofetch::pipeline {

namespace {

/// POs put right in one go; bounds memory when a whole folder has been deleted.
constexpr std::size_t fixes_at_once = 4096;

enum class finding { as_recorded, touched, missing, changed };

/// A file that cannot even be looked at is no reason to fetch it again: the folder or the disk is at fault.
result<finding> look_at(const attachment_record& record, const std::string& folder, store& files,
                        const std::function<bool()>& stopped, std::int64_t& mtime_ns) {
  const auto facts = files.stat(folder, record.name);
  if (!facts && facts.error().code == errc::not_found) return finding::missing;
  if (!facts) return facts.error();
  mtime_ns = facts->mtime_ns;
  if (facts->size != record.bytes) return finding::changed;
  if (facts->mtime_ns == record.mtime_ns && record.status == attachment_status::completed)
    return finding::as_recorded;
  if (record.sha256.empty()) return finding::touched;
  const auto digest = files.sha256(folder, record.name, stopped);
  if (!digest && digest.error().code == errc::cancelled) return digest.error();
  return digest && *digest == record.sha256 ? finding::touched : finding::changed;
}

/// Brings one record in line with the disk. True if it changed.
result<bool> settle_record(attachment_record& record, const std::string& folder, store& files,
                           const std::function<bool()>& stopped, reconciled& counts) {
  std::int64_t mtime_ns = 0;
  const auto found = look_at(record, folder, files, stopped, mtime_ns);
  if (!found) return found.error();
  const bool intended = record.status == attachment_status::committing;
  switch (*found) {
    case finding::as_recorded:
      return false;
    case finding::touched:
      if (intended) ++counts.adopted;
      record.status = attachment_status::completed;
      record.mtime_ns = mtime_ns;
      return true;
    case finding::missing:
      if (!intended) ++counts.missing;
      record.mtime_ns = 0;
      break;
    case finding::changed:
      if (!intended) ++counts.changed;
      // A file of ours stands there and is replaced; an intent whose name somebody else took is not.
      record.mtime_ns = intended && record.mtime_ns == 0 ? 0 : mtime_ns;
      break;
  }
  record.status = attachment_status::pending;
  return true;
}

/// One that an earlier run left out by its name, and that is wanted now. True if it is.
bool take_back(attachment_record& record, const pool_config& config, reconciled& counts) {
  if (record.error || !is_wanted(record.name, config)) return false;
  record.status = attachment_status::pending;
  record.name.clear();
  ++counts.wanted;
  return true;
}

using settle_function = std::function<result<bool>(attachment_record&, const std::string&)>;

/// One pass over the POs with an attachment in that state; false if there may be more to put right.
result<bool> pass(ledger& records, store& files, attachment_status status,
                  const settle_function& settle_one) {
  std::vector<po_lease> fixes;
  bool full = false;
  auto visit = [&](const po_lease& lease) -> result<void> {
    po_lease fix{lease.po, {}};
    for (auto record : lease.known) {
      if (record.status != status) continue;
      const auto changed = settle_one(record, lease.po.folder);
      if (!changed) return changed.error();
      if (*changed) fix.known.push_back(std::move(record));
    }
    if (!fix.known.empty()) fixes.push_back(std::move(fix));
    full = fixes.size() >= fixes_at_once;
    return full ? result<void>(make_failure(errc::cancelled, "enough for one go")) : result<void>();
  };
  auto visited = records.each_with(status, visit);
  if (!visited && !full) return visited.error();
  if (!fixes.empty()) {
    // What a killed run renamed is perhaps not on stable storage yet, and is about to be called COMPLETED.
    if (auto synced = files.sync({}); !synced) return synced.error();
    auto amended = records.amend(fixes);
    if (!amended) return amended.error();
  }
  return !full;
}

}  // namespace

result<reconciled> reconcile(ledger& records, store& files, const pool_config& config,
                             const std::function<bool()>& stopped) {
  reconciled counts;
  // First of all: where the files are.
  if (auto settled = settle_moves(records, files); !settled) return settled.error();
  const settle_function settle_one = [&](attachment_record& record,
                                         const std::string& folder) -> result<bool> {
    if (stopped())
      return make_failure(errc::cancelled, "stopped while the files of earlier runs were looked at");
    if (record.status == attachment_status::excluded) return take_back(record, config, counts);
    return settle_record(record, folder, files, stopped, counts);
  };
  for (const auto status :
       {attachment_status::committing, attachment_status::completed, attachment_status::excluded}) {
    for (bool done = false; !done;) {
      auto passed = pass(records, files, status, settle_one);
      if (!passed) return passed.error();
      done = *passed;
    }
  }
  auto swept = files.sweep();
  if (!swept) return swept.error();
  counts.swept = *swept;
  return counts;
}

result<void> settle_left(po_lease& left, store& files, const std::function<bool()>& stopped) {
  reconciled counts;
  for (attachment_record& record : left.known) {
    const auto settled = settle_record(record, left.po.folder, files, stopped, counts);
    if (!settled) return settled.error();
  }
  return {};
}

}  // namespace pofetch::pipeline
