#include "sources/coupa/discovery_union.hpp"

#include "core/mask_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::sources {

discovery_union::discovery_union(std::string_view page_url, std::string supplier) {
  made_.page_url = core::mask_url(page_url);
  made_.supplier = std::move(supplier);
}

bool discovery_union::add(attachment found, attachment_note note) {
  if (!keys_.insert(found.key).second) {
    // What one page only mentions, another one may list as a file.
    if (note.not_a_file.empty()) forget_reason(found);
    return false;
  }
  if (!note.second_url.empty() || !note.not_a_file.empty()) made_.notes.emplace(found.key, std::move(note));
  made_.attachments.push_back(std::move(found));
  return true;
}

void discovery_union::forget_reason(const attachment& found) {
  const auto known = made_.notes.find(found.key);
  if (known == made_.notes.end() || known->second.not_a_file.empty()) return;
  made_.notes.erase(known);
  const auto same = std::find_if(made_.attachments.begin(), made_.attachments.end(),
                                 [&found](const attachment& each) { return each.key == found.key; });
  *same = found;
}

void discovery_union::note(failure problem) {
  ++problems_;
  if (!made_.incomplete) made_.incomplete = std::move(problem);
}

discovery discovery_union::finish() {
  if (problems_ > 1)
    made_.incomplete->message += fmt::format(" ({} more problems like this.)", problems_ - 1);
  return std::move(made_);
}

}  // namespace pofetch::sources
