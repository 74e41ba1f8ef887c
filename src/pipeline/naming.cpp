#include "pipeline/naming.hpp"

#include "core/file_name.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <set>

namespace pofetch::pipeline {

namespace {

/// Is `held` the wanted name itself, or the wanted name with a number?
bool derives_from(const std::string& held, const std::string& wanted, std::size_t most, std::size_t longest) {
  const std::string folded = core::fold_case(held);
  if (folded == core::fold_case(wanted)) return true;
  for (std::size_t n = 2; n <= most + 1; ++n)
    if (folded == core::fold_case(core::numbered_name(wanted, n, longest))) return true;
  return false;
}

bool owns_file(const attachment_record& record, const commit_part& part) {
  return record.status == attachment_status::completed || part.replaces;
}

}  // namespace

void choose_names(finished_po& po, const std::vector<std::string>& present, std::size_t longest) {
  auto& records = po.outcome.attachments;
  std::set<std::string> on_disk;
  for (const auto& name : present) on_disk.insert(core::fold_case(name));

  core::name_allocator names(present, longest);
  std::vector<bool> named(records.size(), false);
  for (std::size_t i = 0; i < records.size(); ++i) {
    // What is excluded never gets there, and is told by its own name.
    if (records[i].name.size() > longest && records[i].status != attachment_status::excluded)
      records[i].name = core::safe_file_name(records[i].name, "attachment", longest);
    const std::string& held = po.parts[i].held_name;
    if (held.empty()) continue;
    const bool own = owns_file(records[i], po.parts[i]);
    const bool free = on_disk.count(core::fold_case(held)) == 0;
    if (!own && !(free && derives_from(held, records[i].name, records.size(), longest))) continue;
    records[i].name = held;
    names.reserve(held);
    named[i] = true;
  }
  for (std::size_t i = 0; i < records.size(); ++i)
    if (!named[i] && !records[i].name.empty() && records[i].status != attachment_status::excluded)
      records[i].name = names.allocate(records[i].name);
}

name_giver::name_giver(const std::vector<attachment_record>& records, const std::vector<commit_part>& parts) {
  for (std::size_t i = 0; i < records.size(); ++i)
    held_.push_back({parts[i].held_name, owns_file(records[i], parts[i])});
}

result<std::string> name_giver::give(store& files, const std::string& folder,
                                     const std::vector<name_wish>& wishes) {
  if (auto opened = open(files, folder); !opened) return opened.error();
  std::string last;
  for (const name_wish& wish : wishes) last = choose(wish);
  return last;
}

result<void> name_giver::open(store& files, const std::string& folder) {
  if (names_) return {};
  const auto present = files.list(folder);
  if (!present) return present.error();
  for (const auto& name : *present) on_disk_.insert(core::fold_case(name));
  longest_ = files.longest_name();
  names_.emplace(*present, longest_);
  for (const held_name& held : held_)
    if (!held.name.empty()) names_->reserve(held.name);
  return {};
}

std::string name_giver::choose(const name_wish& wish) {
  const auto known = given_.find(wish.place);
  if (known != given_.end() && known->second.wanted == wish.name) return known->second.name;
  const std::string wanted =
      wish.name.size() > longest_ ? core::safe_file_name(wish.name, "attachment", longest_) : wish.name;
  const held_name& held = held_[wish.place];
  const bool free = on_disk_.count(core::fold_case(held.name)) == 0;
  const bool keeps = !held.name.empty() &&
                     (held.is_own || (free && derives_from(held.name, wanted, held_.size(), longest_)));
  std::string name = keeps ? held.name : names_->allocate(wanted);
  given_[wish.place] = {wish.name, name};
  return name;
}

}  // namespace pofetch::pipeline
