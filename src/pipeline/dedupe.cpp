#include "pipeline/dedupe.hpp"

#include <utility>
#include <vector>

namespace pofetch::pipeline {

namespace {

/// Rows amended in one go: one sync and one transaction.
constexpr std::size_t links_at_once = 1024;

placed_file placed(const std::string& folder, const attachment_record& record) {
  return {folder, record.name, {record.bytes, record.mtime_ns}};
}

result<void> write_down(std::vector<po_lease>& fixes, ledger& records, store& files) {
  if (fixes.empty()) return {};
  if (auto synced = files.sync({}); !synced) return synced;
  auto written = records.amend(std::exchange(fixes, {}));
  return written ? result<void>() : written.error();
}

}  // namespace

result<deduped> dedupe(ledger& records, store& files, const std::function<bool()>& stopped) {
  folder_operations* const folders = files.folders();
  if (folders == nullptr) return make_failure(errc::unsupported, "this store has no hard links");
  deduped done;
  std::vector<po_lease> fixes;
  bool leaving = false;
  auto visit = [&](const same_content& both) -> result<void> {
    leaving = stopped();
    if (leaving) return make_failure(errc::cancelled, "stopped");
    const attachment_record& copy = both.other.known.front();
    auto linked = folders->link_copy(placed(both.folder, both.first), placed(both.other.po.folder, copy));
    if (!linked) return linked.error();
    if (!*linked) return {};
    ++done.files;
    done.bytes += copy.bytes;
    fixes.push_back(both.other);
    fixes.back().known.front().mtime_ns = both.first.mtime_ns;
    return fixes.size() < links_at_once ? result<void>() : write_down(fixes, records, files);
  };
  auto visited = records.each_copy(visit);
  auto written = write_down(fixes, records, files);
  if (!visited && !leaving) return visited.error();
  if (!written) return written.error();
  return done;
}

}  // namespace pofetch::pipeline
