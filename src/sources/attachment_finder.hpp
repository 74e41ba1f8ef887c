#pragma once

#include "core/url.hpp"
#include "sources/attachment_name.hpp"
#include "sources/html_events.hpp"
#include "sources/page_text.hpp"

#include <pofetch/attachment.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// What stands on a page, once it is read.
struct found_attachments {
  /// In the order of the page. The same address is there once; keys are unique.
  std::vector<attachment> attachments;
  /// Names of files that the page offers without an address that is understood; a few of them.
  std::vector<std::string> not_understood;
  /// There were more than can be right; the rest is left out.
  bool too_many = false;
};

/// Finds the links to files in a page: `href`, `data-url` or a quoted address in `onclick`, on the element
/// that shows the file or up to four levels above it. An address counts if it is a file route of the
/// instance, if the link has the attribute `download`, or if something within calls itself
/// `... file attachment` and the address ends in a file name.
class attachment_finder {
 public:
  static constexpr std::size_t most_attachments = 10'000;
  static constexpr std::size_t levels_up = 4;

  /// `page_url`: what relative addresses refer to.
  explicit attachment_finder(std::string_view page_url)
      : page_url_(page_url), page_origin_(core::origin_of(page_url)) {}

  void element_started(const html_element& element);
  void element_ended(std::string_view name, std::size_t depth);
  void text(std::string_view chars);

  /// The page is whole; call once.
  [[nodiscard]] found_attachments finish();

 private:
  struct link {
    std::size_t depth = 0;
    std::size_t place = 0;  ///< among all links of the page, in order of their start
    std::string url;
    bool certain = false;  ///< an uncertain one counts only if something within says that it is a file
    name_hints hints;
    page_text text{1024};
  };
  struct found {
    std::size_t place = 0;
    std::string url;
    chosen_name name;
  };

  [[nodiscard]] std::optional<link> link_of(const html_element& element) const;
  [[nodiscard]] std::optional<link> judge(std::string_view reference, const html_element& element,
                                          bool is_href) const;
  [[nodiscard]] bool within_file() const noexcept;
  void take_hints(link& into, const html_element& element);
  void close(link& done);

  std::string page_url_;
  result<core::origin> page_origin_;
  std::vector<link> open_;
  std::vector<found> found_;
  std::vector<std::string> orphans_;  ///< named as attachments, but without a link around them
  std::size_t links_ = 0;
  std::size_t menu_depth_ = 0;  ///< 0: not in a menu
  bool too_many_ = false;
};

}  // namespace pofetch::sources
