#pragma once

#include "sources/coupa_web/finder/attachment_finder.hpp"
#include "sources/coupa_web/po_identity.hpp"
#include "sources/coupa_web/supplier_finder.hpp"
#include "sources/html/html_events.hpp"
#include "sources/html/page_base.hpp"
#include "sources/html/page_marks.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// A requisition that a page links to.
struct requisition_link {
  std::string number;  ///< digits
  std::string url;     ///< absolute
};

/// Everything that a page of Coupa says which pofetch wants to know.
struct page_facts {
  std::string title;
  std::string supplier;
  /// In the order of the page; keys are unique.
  std::vector<attachment> attachments;
  /// Which of them are no files, and why.
  attachment_notes notes;
  /// How many of them are files.
  std::size_t files = 0;
  /// Files that are shown without an address that is understood; a few of their names.
  std::vector<std::string> not_understood;
  /// In the order of the page, each once, without the page's own.
  std::vector<requisition_link> requisitions;
  /// Numbers of orders that it shows, for messages.
  std::vector<std::string> numbers;
  bool empty = true;             ///< no text and no element at all
  bool has_top_form = false;     ///< markup of a PO page
  bool is_wanted = false;        ///< its `#topForm` or title shows the wanted number
  bool mentions_wanted = false;  ///< the number stands in its text or links; likewise
  bool sign_in_form = false;
  bool says_not_found = false;       ///< not looked for in a sure page of the wanted order
  bool says_not_authorized = false;  ///< likewise
  bool of_go_between = false;        ///< likewise: a firewall speaks, not the instance
  bool bare_refusal = false;         ///< likewise: it says nothing more than that it is refused
  bool attachment_markup_seen = false;
  bool too_many_attachments = false;
  bool too_many_requisitions = false;
};

/// Collects the facts of one page while it is read. Knows nothing of HTTP.
class coupa_page final : public html_handler {
 public:
  static constexpr std::size_t most_requisitions = 64;

  /// `url`: address of the page, what its links are relative to. `wanted`: digits of the number that was
  /// asked for, or empty.
  coupa_page(std::string_view url, std::string_view wanted);

  void element_started(const html_element& element) override;
  void element_ended(std::string_view name, std::size_t depth) override;
  void text(std::string_view chars) override;
  void script(std::string_view chars) override;

  /// The page is whole; call once.
  [[nodiscard]] page_facts finish();

 private:
  void look_for_requisition(const html_element& element);
  void look_at_text();

  page_base base_;
  std::string wanted_;
  page_facts facts_;
  page_marks marks_;
  po_identity identity_;
  supplier_finder supplier_;
  attachment_finder attachments_;
};

}  // namespace pofetch::sources
