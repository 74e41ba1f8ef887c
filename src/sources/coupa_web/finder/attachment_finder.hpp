#pragma once

#include "sources/coupa_web/finder/attachment_markup.hpp"
#include "sources/coupa_web/finder/found_files.hpp"
#include "sources/coupa_web/finder/page_link.hpp"
#include "sources/coupa_web/finder/script_files.hpp"
#include "sources/html/html_events.hpp"
#include "sources/html/page_base.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// Finds the files of a page. What looks like one and leads somewhere is fetched, or listed with the reason
/// why not, or named as not understood; never left out. It looks like one if its address is a file route of
/// the instance, if it has the attribute `download`, calls itself `... file attachment` (on the element that
/// leads there, or up to four levels within it), has the class or role of an attachment, or reads like a
/// file's name. Menus, help, and the pages of orders and requisitions lead to no files.
class attachment_finder {
 public:
  static constexpr std::size_t most_attachments = found_files::most_attachments;
  static constexpr std::size_t levels_up = 4;

  /// `base` must outlive the finder.
  explicit attachment_finder(const page_base& base) : base_(base) {}

  void element_started(const html_element& element);
  void element_ended(std::string_view name, std::size_t depth);
  void text(std::string_view chars);
  /// See html_handler.
  void script(std::string_view chars);

  /// The page is whole; call once.
  [[nodiscard]] found_attachments finish();

 private:
  [[nodiscard]] std::optional<page_link> link_of(const html_element& element);
  [[nodiscard]] std::string certain_url(const html_element& element);
  [[nodiscard]] std::string file_url(std::string_view reference);
  [[nodiscard]] bool near_link(std::size_t depth) const noexcept;
  [[nodiscard]] bool within_file() const noexcept;
  void take_hints(page_link& into, const html_element& element);
  void close(page_link& done);
  void list(const page_link& done, std::string url, std::string why_not = {});
  void miss(const page_link& done, std::string id);
  void list_script_files();

  const page_base& base_;
  attachment_markup markup_;
  script_files data_;     ///< in attributes
  script_files scripts_;  ///< in scripts, which do not come in order with elements
  std::vector<page_link> open_;
  found_files found_;
  std::size_t links_ = 0;
  std::size_t depth_ = 0;
  std::size_t menu_depth_ = 0;  ///< 0: not in a menu
};

}  // namespace pofetch::sources
