#include "pipeline/placing.hpp"

#include "core/name_allocator.hpp"
#include "pipeline/naming.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace pofetch::pipeline {

namespace {

finished_po as_finished(const purchase_order& po, std::vector<download> done) {
  finished_po made;
  made.outcome.po = po;
  for (download& each : done) {
    made.outcome.attachments.push_back(std::move(each.record));
    made.parts.emplace_back();
    made.parts.back().body = std::move(each.body);
  }
  return made;
}

/// Of all that is still to be placed.
void fail_rest(finished_po& po, const failure& why) {
  for (attachment_record& record : po.outcome.attachments) {
    if (record.status != attachment_status::committing) continue;
    record.status = attachment_status::failed;
    record.error = about_file(po.outcome.po, record, why);
  }
}

result<void> sync_bodies(store& files, const finished_po& po) {
  std::vector<partial_file*> bodies;
  for (const commit_part& part : po.parts)
    if (part.body) bodies.push_back(part.body.get());
  return files.sync(bodies);
}

void place_rest(store& files, finished_po& po) {
  auto& records = po.outcome.attachments;
  for (int turn = 0; turn <= most_renames; ++turn)
    for (std::size_t i = 0; i < records.size(); ++i)
      if (records[i].status == attachment_status::committing)
        place_one(files, po.outcome.po, records[i], po.parts[i], turn == most_renames);
}

}  // namespace

void place_one(store& files, const purchase_order& po, attachment_record& record, commit_part& part,
               bool last_try) {
  const placing wanted = placing_of(po, record, part);
  note_placed(files, po, record, part, files.place(*wanted.body, wanted.folder, wanted.name, wanted.how),
              last_try);
}

placing placing_of(const purchase_order& po, const attachment_record& record, const commit_part& part) {
  const auto how = part.replaces ? placement::replace : placement::fresh;
  return {part.body.get(), po.folder, record.name, how, po.number, record.media_type};
}

void note_placed(store& files, const purchase_order& po, attachment_record& record, commit_part& part,
                 const result<file_facts>& placed, bool last_try) {
  if (placed) {
    record.status = attachment_status::completed;
    record.mtime_ns = placed->mtime_ns;
    part.body.reset();
    return;
  }
  if (placed.error().code == errc::exists && !last_try) {
    auto present = files.list(po.folder);
    if (present) {
      record.name = core::name_allocator(*present, files.longest_name()).allocate(record.name);
      record.mtime_ns = 0;
      part.replaces = false;
      return;
    }
  }
  record.status = attachment_status::failed;
  record.error = about_file(po, record, placed.error());
}

std::vector<attachment_record> save_downloads(store& files, const purchase_order& po,
                                              std::vector<download> done) {
  finished_po all = as_finished(po, std::move(done));
  auto present = files.list(po.folder);
  if (present) choose_names(all, *present, files.longest_name());
  result<void> ready = present ? sync_bodies(files, all) : result<void>(present.error());
  if (!ready) {
    fail_rest(all, ready.error());
    return std::move(all.outcome.attachments);
  }
  place_rest(files, all);
  // The names are not on stable storage before this.
  auto lasting = files.sync({});
  if (lasting) return std::move(all.outcome.attachments);
  for (attachment_record& record : all.outcome.attachments) {
    if (record.status != attachment_status::completed || record.mtime_ns == 0) continue;
    record.status = attachment_status::failed;
    record.error = about_file(po, record, lasting.error());
  }
  return std::move(all.outcome.attachments);
}

}  // namespace pofetch::pipeline
