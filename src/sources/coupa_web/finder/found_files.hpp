#pragma once

#include "sources/coupa/attachment_name.hpp"
#include "sources/coupa_web/finder/attachment_markup.hpp"

#include <pofetch/attachment_source.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace pofetch::sources {

/// What stands on a page, once it is read.
struct found_attachments {
  /// In the order of the page. The same address is there once; keys are unique.
  std::vector<attachment> attachments;
  /// Which of them are no files, and why.
  attachment_notes notes;
  /// How many of them are files.
  std::size_t files = 0;
  /// What the page shows as files without an address that is understood; a few of their names.
  std::vector<std::string> not_understood;
  /// Markup of attachments that nothing found explains.
  bool markup_seen = false;
  /// There were more than can be right; the rest is left out.
  bool too_many = false;
};

/// Gathers what links and scripts of a page lead to; once the page is whole, brings it into the order of the
/// page, each address once, and gives names that stand beside a link to it.
class found_files {
 public:
  static constexpr std::size_t most_attachments = 10'000;

  struct entry {
    std::size_t place = 0;  ///< see page_link
    std::size_t area = 0;
    std::size_t item = 0;
    std::string url;
    chosen_name name;
    std::string why_not;  ///< empty: a file
    bool paired = false;
  };

  void add(entry each);

  /// `mentions`: those of the whole page. Call once.
  [[nodiscard]] found_attachments conclude(const std::vector<file_mention>& mentions,
                                           const std::string& page_url);

 private:
  [[nodiscard]] bool pair(const file_mention& mention);
  void settle(const std::vector<file_mention>& mentions, found_attachments& made);
  void list(const std::string& page_url, found_attachments& made);

  std::vector<entry> entries_;
  bool too_many_ = false;
};

}  // namespace pofetch::sources
