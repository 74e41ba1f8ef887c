#include "pipeline/look.hpp"

#include "core/mask_url.hpp"
#include "core/validator.hpp"
#include "core/version_key.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pofetch::pipeline {

namespace {

/// What earlier runs know of one attachment, a record a version.
struct known_versions {
  std::vector<const attachment_record*> kept;  ///< on the disk, in the order of their numbers
  const attachment_record* open = nullptr;     ///< the last one that is not
  unsigned highest = 0;

  /// The one that the source had when it was asked last, if it is kept.
  [[nodiscard]] const attachment_record* present() const {
    const auto found = std::find_if(kept.rbegin(), kept.rend(),
                                    [](const attachment_record* one) { return !one->superseded; });
    return found == kept.rend() ? nullptr : *found;
  }
};

using versions_by_key = std::unordered_map<std::string_view, known_versions>;

std::string_view key_of(const attachment_record& record) { return core::split_version(record.key).key; }
unsigned number_of(const attachment_record& record) { return core::split_version(record.key).number; }

/// An older version, or one that is not listed any more, that was on the disk and is not: nobody has it.
bool is_lost(const attachment_record& record) {
  return record.status != attachment_status::completed && record.superseded;
}

versions_by_key versions_of(const std::vector<attachment_record>& known) {
  versions_by_key all;
  for (const auto& record : known) {
    known_versions& here = all[key_of(record)];
    here.highest = std::max(here.highest, number_of(record));
    if (record.status == attachment_status::completed)
      here.kept.push_back(&record);
    else if (!record.superseded && (here.open == nullptr || number_of(record) > number_of(*here.open)))
      here.open = &record;
  }
  for (auto& each : all)
    std::sort(each.second.kept.begin(), each.second.kept.end(),
              [](const auto* a, const auto* b) { return number_of(*a) < number_of(*b); });
  return all;
}

/// What a list alone says of a file that is held.
core::sameness compare_listed(const attachment& listed, const attachment_record& held) {
  if (listed.size && *listed.size != held.bytes) return core::sameness::other;
  if (!listed.sha256.empty() && !held.sha256.empty())
    return listed.sha256 == held.sha256 ? core::sameness::same : core::sameness::other;
  const bool same = !listed.changed_at.empty() && listed.changed_at == held.listed_at;
  return same ? core::sameness::same : core::sameness::unknown;
}

held_file held_of(const attachment& listed, const known_versions& versions) {
  held_file held;
  const attachment_record* const present = versions.present();
  for (const auto* each : versions.kept)
    if (each != present && !each->sha256.empty()) held.digests.push_back(each->sha256);
  if (present == nullptr) return held;
  held.digests.push_back(present->sha256);
  held.bytes = present->bytes;
  // What is listed as another one is asked for without condition.
  if (compare_listed(listed, *present) != core::sameness::other) held.validator = present->validator;
  return held;
}

/// What was left out, or only looked at, has no name on the disk.
void drop_free_name(attachment_record& record) {
  if (record.status == attachment_status::excluded || record.attempts == 0) record.name.clear();
}

/// Makes one plan.
class planner {
 public:
  planner(const discovery& found, const std::vector<attachment_record>& known, const pool_config& config,
          std::chrono::system_clock::time_point looked_at)
      : found_(found), known_(known), config_(config), looked_at_(looked_at), versions_(versions_of(known)) {}

  look_plan make() {
    for (std::size_t i = 0; i < found_.attachments.size(); ++i)
      add_listed(found_.attachments[i], static_cast<std::int64_t>(i));
    add_unlisted();
    for (const auto& record : known_)
      if (is_lost(record) || (record.gone && record.status != attachment_status::completed))
        plan_.lost.push_back(record.key);
    plan_.taken.resize(plan_.missing.size());
    return std::move(plan_);
  }

 private:
  attachment_record& add(attachment_record record, std::int64_t ordinal) {
    record.ordinal = ordinal;
    plan_.records.push_back(std::move(record));
    plan_.parts.emplace_back();
    plan_.parts.back().held_name = plan_.records.back().name;
    return plan_.records.back();
  }

  [[nodiscard]] std::string not_a_file(const attachment& item) const {
    const auto note = found_.notes.find(item.key);
    return note == found_.notes.end() ? std::string() : note->second.not_a_file;
  }

  void add_listed(const attachment& item, std::int64_t ordinal) {
    if (!known_.empty()) listed_.insert(item.key);
    const auto known = versions_.find(item.key);
    const known_versions none;
    const known_versions& here = known == versions_.end() ? none : known->second;
    for (const auto* kept : here.kept) add(*kept, ordinal).gone = false;
    if (here.kept.empty()) return add_first(item, ordinal, here.open);
    if (may_be_replaced(item, here)) add_further(item, ordinal, here);
  }

  /// Without --refresh, what is held is not asked for again; what an earlier run left open is.
  [[nodiscard]] bool may_be_replaced(const attachment& item, const known_versions& here) const {
    if (!is_wanted(item.name, config_) || !not_a_file(item).empty()) return false;
    // Not kept any more, because the file was there; only a list that is read anew says more of it.
    if (item.url.empty()) return false;
    if (here.open != nullptr) return true;
    const attachment_record* const present = here.present();
    return config_.refresh && (present == nullptr || compare_listed(item, *present) != core::sameness::same);
  }

  void add_first(const attachment& item, std::int64_t ordinal, const attachment_record* open) {
    attachment_record record;
    if (open != nullptr) record = *open;
    if (open == nullptr) record.key = item.key;
    drop_free_name(record);
    const std::string reason = not_a_file(item);
    record.status = is_wanted(item.name, config_) && reason.empty() ? attachment_status::pending
                                                                    : attachment_status::excluded;
    attachment_record& added = add(std::move(record), ordinal);
    added.error.reset();
    if (!reason.empty()) added.error = make_failure(errc::not_a_file, reason);
    if (!item.url.empty()) added.url = core::mask_url(item.url);
    if (added.status == attachment_status::excluded) {
      added.name = item.name;
      return;
    }
    want(item, added);
  }

  void add_further(const attachment& item, std::int64_t ordinal, const known_versions& here) {
    attachment_record record;
    if (here.open != nullptr) record = *here.open;
    if (here.open == nullptr) record.key = core::version_key(item.key, here.highest + 1);
    drop_free_name(record);
    record.status = attachment_status::pending;
    record.error.reset();
    record.url = core::mask_url(item.url);
    attachment_record& added = add(std::move(record), ordinal);
    plan_.held.emplace(added.key, held_of(item, here));
    want(item, added);
  }

  void want(const attachment& item, attachment_record& record) {
    record.gone = false;
    record.listed_at = core::is_settled(item.changed_at, looked_at_) ? item.changed_at : std::string();
    plan_.parts.back().replaces = record.mtime_ns != 0;
    plan_.place.push_back(plan_.records.size() - 1);
    plan_.missing.push_back(item);
    plan_.missing.back().key = record.key;
  }

  /// What is on the disk stays. Where part of the PO could not be read, nothing follows from what is not
  /// listed.
  void add_unlisted() {
    auto ordinal = static_cast<std::int64_t>(found_.attachments.size());
    for (const auto& record : known_) {
      if (record.status != attachment_status::completed || listed_.count(key_of(record)) != 0) continue;
      attachment_record& added = add(record, ordinal++);
      added.gone = added.gone || !found_.incomplete;
    }
  }

  const discovery& found_;
  const std::vector<attachment_record>& known_;
  const pool_config& config_;
  std::chrono::system_clock::time_point looked_at_;
  versions_by_key versions_;
  std::unordered_set<std::string_view> listed_;
  look_plan plan_;
};

/// Null: none of them is the present one.
void make_present(std::span<attachment_record> held, const attachment_record* present) {
  for (auto& each : held) each.superseded = &each != present;
}

/// The one that a download found again: that of the digest, or the present one, which is the last that is not
/// superseded (a killed run may have left two).
attachment_record* found_again(std::span<attachment_record> held, const std::string& digest) {
  const auto found = std::find_if(held.rbegin(), held.rend(), [&digest](const attachment_record& one) {
    return digest.empty() ? !one.superseded : one.sha256 == digest;
  });
  return found == held.rend() ? nullptr : &*found;
}

void drop(look_plan& plan, const std::vector<bool>& dropped) {
  std::size_t to = 0;
  for (std::size_t i = 0; i < plan.records.size(); ++i) {
    if (dropped[i]) continue;
    if (to != i) {
      plan.records[to] = std::move(plan.records[i]);
      plan.parts[to] = std::move(plan.parts[i]);
    }
    ++to;
  }
  plan.records.resize(to);
  plan.parts.resize(to);
}

}  // namespace

look_plan plan_look(const discovery& found, const std::vector<attachment_record>& known,
                    const pool_config& config, std::chrono::system_clock::time_point looked_at) {
  return planner(found, known, config, looked_at).make();
}

/// They stand right in front of the record of the next one.
std::span<attachment_record> held_before(std::vector<attachment_record>& records, std::size_t place) {
  const std::string key(key_of(records[place]));
  std::size_t first = place;
  while (first > 0 && key_of(records[first - 1]) == key) --first;
  return std::span(records).subspan(first, place - first);
}

void take_download(look_plan& plan, std::size_t index, download got, const purchase_order& po) {
  const std::size_t place = plan.place[index];
  plan.taken[index] = true;
  auto& record = plan.records[place];
  if (got.record.url.empty()) got.record.url = record.url;
  got.record.ordinal = record.ordinal;
  got.record.attempts += record.attempts;
  got.record.mtime_ns = record.mtime_ns;
  got.record.listed_at = std::move(record.listed_at);
  if (got.record.error) got.record.error = about_file(po, got.record, *std::move(got.record.error));
  record = std::move(got.record);
  if (record.status == attachment_status::committing && plan.held.count(record.key) != 0)
    make_present(held_before(plan.records, place), nullptr);
  plan.parts[place].body = std::move(got.body);
}

void take_downloads(look_plan& plan, std::vector<download> downloads, const purchase_order& po) {
  std::vector<bool> dropped(plan.records.size(), false);
  for (std::size_t d = 0; d < downloads.size(); ++d) {
    if (plan.taken[d]) continue;
    if (!downloads[d].unchanged) {
      take_download(plan, d, std::move(downloads[d]), po);
      continue;
    }
    const std::size_t place = plan.place[d];
    dropped[place] = true;
    const bool further = plan.held.count(plan.records[place].key) != 0;
    const auto held = further ? held_before(plan.records, place) : std::span<attachment_record>();
    attachment_record* const same = found_again(held, downloads[d].same_as);
    if (same == nullptr) continue;
    make_present(held, same);
    auto& got = downloads[d].record;
    if (!got.validator.empty()) same->validator = std::move(got.validator);
    same->listed_at = plan.records[place].listed_at;
  }
  drop(plan, dropped);
}

std::vector<attachment> listed_before(const std::vector<attachment_record>& known) {
  std::vector<attachment> listed;
  std::unordered_set<std::string_view> keys;
  for (const auto& record : known) {
    if (record.gone || is_lost(record) || !keys.insert(key_of(record)).second) continue;
    attachment one;
    one.key = key_of(record);
    one.url = record.url;
    one.name = record.name;
    listed.push_back(std::move(one));
  }
  return listed;
}

bool can_be_relisted(const discovery& found) {
  return !found.incomplete && found.notes.empty() &&
         std::all_of(found.attachments.begin(), found.attachments.end(), [](const attachment& one) {
           return !one.user_named && one.sha256.empty() && one.authorization.empty() &&
                  core::mask_url(one.url) == one.url;
         });
}

}  // namespace pofetch::pipeline
