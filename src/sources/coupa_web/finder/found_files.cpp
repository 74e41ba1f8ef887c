#include "sources/coupa_web/finder/found_files.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "sources/coupa/file_route.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pofetch::sources {

namespace {

constexpr std::size_t most_not_understood = 16;

}  // namespace

void found_files::add(entry each) {
  if (entries_.size() >= 2 * most_attachments)
    too_many_ = true;
  else
    entries_.push_back(std::move(each));
}

/// A name beside a link that has none of its own, in the same list of attachments: they belong together.
bool found_files::pair(const file_mention& mention) {
  if (mention.area == 0) return false;
  const auto next = std::lower_bound(entries_.begin(), entries_.end(), mention.place,
                                     [](const entry& each, std::size_t place) { return each.place < place; });
  const auto take_one = [&mention](entry& each) {
    const bool free = each.area == mention.area && each.why_not.empty() && !each.paired &&
                      each.name.how != chosen_name::quality::from_page;
    if (!free) return false;
    each.paired = true;
    if (is_document_name(mention.name)) each.name = {mention.name, chosen_name::quality::from_page};
    return true;
  };
  if (next != entries_.begin() && take_one(*std::prev(next))) return true;
  return next != entries_.end() && take_one(*next);
}

void found_files::settle(const std::vector<file_mention>& mentions, found_attachments& made) {
  /// Names and numbers of the files that were found.
  std::unordered_set<std::string> names;
  std::unordered_set<std::string> ids;
  for (const entry& each : entries_) {
    names.insert(core::to_lower(each.name.name));
    ids.insert(attachment_id(each.url));
  }
  std::unordered_set<std::string> told;
  for (const file_mention& each : mentions) {
    if (!each.strong) {
      made.markup_seen = true;
      continue;
    }
    if (!each.name.empty() && names.count(core::to_lower(each.name)) != 0) continue;
    if (!each.id.empty() && ids.count(each.id) != 0) continue;
    if (pair(each)) {
      if (is_document_name(each.name)) names.insert(core::to_lower(each.name));
      continue;
    }
    made.markup_seen = true;
    std::string name = !each.name.empty() ? each.name : fmt::format("attachment {}", each.id);
    if (told.insert(core::to_lower(name)).second && made.not_understood.size() < most_not_understood)
      made.not_understood.push_back(std::move(name));
  }
}

void found_files::list(const std::string& page_url, found_attachments& made) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<chosen_name::quality> qualities;
  const auto has_file = [this](std::size_t item) {
    return std::any_of(entries_.begin(), entries_.end(),
                       [item](const entry& other) { return other.item == item && other.why_not.empty(); });
  };
  for (auto& each : entries_) {
    const bool is_file = each.why_not.empty();
    // A further link at an attachment: who brought it, what opens it.
    if (!is_file && each.item != 0 && has_file(each.item)) continue;
    std::string key = each.url.empty() ? "link " + each.name.name : core::url_key(each.url);
    const auto [place, is_new] = places.emplace(key, made.attachments.size());
    if (!is_new) {
      if (is_file && made.notes.erase(key) != 0) ++made.files;
      if (each.name.how > qualities[place->second]) {
        qualities[place->second] = each.name.how;
        made.attachments[place->second].name = std::move(each.name.name);
      }
      continue;
    }
    if (made.attachments.size() == most_attachments) {
      made.too_many = true;
      break;
    }
    qualities.push_back(each.name.how);
    if (is_file)
      ++made.files;
    else
      made.notes[key].not_a_file = std::move(each.why_not);
    std::string url = each.url.empty() ? page_url : std::move(each.url);
    made.attachments.push_back(attachment{std::move(key), std::move(url), std::move(each.name.name)});
  }
}

found_attachments found_files::conclude(const std::vector<file_mention>& mentions,
                                        const std::string& page_url) {
  std::sort(entries_.begin(), entries_.end(),
            [](const entry& a, const entry& b) { return a.place < b.place; });
  found_attachments made;
  made.too_many = too_many_;
  settle(mentions, made);
  list(page_url, made);
  return made;
}

}  // namespace pofetch::sources
