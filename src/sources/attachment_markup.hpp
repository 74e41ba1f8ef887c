#pragma once

#include "sources/html_events.hpp"
#include "sources/page_text.hpp"

#include <cstddef>
#include <string_view>

namespace pofetch::sources {

/// Notices markup of attachments, whatever its shape: when the finder understands none of it, the page
/// has changed, and "no attachments" would be a lie. An empty list of attachments, headings and controls for
/// adding some are no such markup.
class attachment_markup {
 public:
  void element_started(const html_element& element);
  void element_ended(std::size_t depth);
  void text(std::string_view chars);

  /// An attachment seems to stand on the page.
  [[nodiscard]] bool seen() const noexcept { return seen_; }

 private:
  void look_at_run();

  page_text run_{512};          ///< the text since the last tag
  std::size_t list_depth_ = 0;  ///< of the outermost element about attachments; 0: not inside
  std::size_t item_depth_ = 0;  ///< of the outermost element that is one attachment
  bool seen_ = false;
};

}  // namespace pofetch::sources
