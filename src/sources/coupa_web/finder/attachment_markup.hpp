#pragma once

#include "sources/html/html_events.hpp"
#include "sources/html/page_text.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// Something on a page that seems to be an attachment without being a link that is understood.
struct file_mention {
  std::size_t place = 0;  ///< among the links of the page: that of the next one
  std::size_t area = 0;   ///< see attachment_markup::area
  std::string name;       ///< what it is called there, perhaps no file name
  std::string id;         ///< of the attachment, where its address or markup says one
  /// A file is missing if nothing else on the page explains it. Else it only tells a page that has
  /// attachments from one that has none.
  bool strong = false;
};

/// Knows which parts of a page are about attachments, whatever their shape, and notices in them what names a
/// file. An empty list of attachments, headings and controls for adding some are no attachments.
class attachment_markup {
 public:
  static constexpr std::size_t most_mentions = 256;

  /// `place`: that of what is mentioned here. `in_link`: what stands here belongs to a link.
  void element_started(const html_element& element, std::size_t place, bool in_link);
  void element_ended(std::size_t depth, std::size_t place);
  void text(std::string_view chars, bool in_link);

  /// Number of the outermost element about attachments around here, from 1; 0: none.
  [[nodiscard]] std::size_t area() const noexcept { return in_area() ? areas_ : 0; }

  /// Number of the attachment's own element around here, from 1; 0: none.
  [[nodiscard]] std::size_t item() const noexcept { return item_.depth == 0 ? 0 : items_; }

  /// A link that leads to a file, or to something that is known to be none, stands within the present item.
  void explain_item() noexcept { item_.explained = true; }

  /// Takes it as one of the present area.
  void mention(std::size_t place, std::string name, std::string id, bool strong);

  [[nodiscard]] const std::vector<file_mention>& mentions() const noexcept { return mentions_; }

 private:
  [[nodiscard]] bool in_area() const noexcept { return list_depth_ != 0 || item_.depth != 0; }
  void look_at_run(std::size_t place);
  void mention_name(std::string_view text, std::size_t place);
  void look_at_attribute(const html_attribute& attribute, std::size_t place, bool in_link);

  struct item_state {
    std::size_t depth = 0;  ///< of the outermost element that is one attachment
    std::string name;
    bool seen = false;
    bool explained = false;
  };

  page_text run_{512};  ///< the text since the last tag
  bool run_in_link_ = false;
  std::size_t list_depth_ = 0;  ///< of the outermost element about attachments; 0: not inside
  std::size_t areas_ = 0;
  std::size_t items_ = 0;
  item_state item_;
  std::vector<file_mention> mentions_;
};

/// Does this element call itself one attachment, by its class or role?
[[nodiscard]] bool is_attachment_item(const html_element& element);

}  // namespace pofetch::sources
