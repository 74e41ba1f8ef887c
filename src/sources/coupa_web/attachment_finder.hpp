#pragma once

#include "sources/coupa/attachment_name.hpp"
#include "sources/coupa_web/attachment_markup.hpp"
#include "sources/coupa_web/script_files.hpp"
#include "sources/html/html_events.hpp"
#include "sources/html/page_base.hpp"
#include "sources/html/page_text.hpp"

#include <pofetch/attachment_source.hpp>

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

/// Finds the files of a page. What looks like one and leads somewhere is fetched, or listed with the reason
/// why not, or named as not understood; never left out. It looks like one if its address is a file route of
/// the instance, if it has the attribute `download`, calls itself `... file attachment` (on the element that
/// leads there, or up to four levels within it), has the class or role of an attachment, or reads like a
/// file's name. Menus, help, and the pages of orders and requisitions lead to no files.
class attachment_finder {
 public:
  static constexpr std::size_t most_attachments = 10'000;
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
  /// An element that leads somewhere, or would with a script.
  struct link {
    std::size_t depth = 0;
    std::size_t place = 0;  ///< among all links of the page, in order of their start
    std::size_t area = 0;   ///< see attachment_markup::area
    std::size_t item = 0;   ///< see attachment_markup::item
    std::string reference;  ///< as written; empty: where it leads is not known
    std::string url;        ///< only if it is certainly a file
    bool offered = false;   ///< has the attribute `download`
    bool labelled = false;  ///< says `file attachment`
    bool classed = false;   ///< has the class of an attachment itself
    bool in_menu = false;
    bool embedded = false;  ///< shows what it leads to within the page
    name_hints hints;
    page_text text{1024};

    /// Its markup says that it is an attachment, not only its text.
    [[nodiscard]] bool claims() const noexcept { return offered || labelled || classed || area != 0; }
  };
  struct found {
    std::size_t place = 0;
    std::size_t area = 0;
    std::size_t item = 0;
    std::string url;
    chosen_name name;
    std::string why_not;  ///< empty: a file
    bool paired = false;
  };

  [[nodiscard]] std::optional<link> link_of(const html_element& element);
  [[nodiscard]] std::string certain_url(const html_element& element);
  [[nodiscard]] std::string file_url(std::string_view reference);
  [[nodiscard]] bool near_link(std::size_t depth) const noexcept;
  [[nodiscard]] bool within_file() const noexcept;
  void take_hints(link& into, const html_element& element);
  void close(link& done);
  void judge(const link& done, likeness like);
  void judge_blind(const link& done, likeness like);
  void judge_address(const link& done, const std::string& url, likeness like);
  void take(const link& done, std::string url, std::string why_not = {});
  void miss(const link& done, std::string id = {});

  void take_script_files();
  [[nodiscard]] bool pair(const file_mention& mention);
  void settle_mentions(found_attachments& made);
  void list(found_attachments& made);

  const page_base& base_;
  attachment_markup markup_;
  script_files data_;     ///< in attributes
  script_files scripts_;  ///< in scripts, which do not come in order with elements
  std::vector<link> open_;
  std::vector<found> found_;
  std::size_t links_ = 0;
  std::size_t depth_ = 0;
  std::size_t menu_depth_ = 0;  ///< 0: not in a menu
  bool too_many_ = false;
};

}  // namespace pofetch::sources
