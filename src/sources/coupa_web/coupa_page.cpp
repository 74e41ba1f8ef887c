#include "sources/coupa_web/coupa_page.hpp"

#include "core/url.hpp"
#include "sources/coupa/file_route.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::sources {

coupa_page::coupa_page(std::string_view url, std::string_view wanted)
    : base_(url), wanted_(without_leading_zeros(wanted)), identity_(wanted_), attachments_(base_) {}

void coupa_page::element_started(const html_element& element) {
  // The parser supplies these itself where a page has none.
  if (element.name != "html" && element.name != "body" && element.name != "p") facts_.empty = false;
  base_.element_started(element);
  marks_.element_started(element);
  identity_.element_started(element);
  supplier_.element_started(element);
  attachments_.element_started(element);
  if (!element.attributes.empty()) look_for_requisition(element);
}

void coupa_page::element_ended(std::string_view name, std::size_t depth) {
  marks_.element_ended(name);
  identity_.element_ended(depth);
  supplier_.element_ended(depth);
  attachments_.element_ended(name, depth);
}

void coupa_page::text(std::string_view chars) {
  marks_.text(chars);
  identity_.text(chars);
  supplier_.text(chars);
  attachments_.text(chars);
}

void coupa_page::script(std::string_view chars) { attachments_.script(chars); }

void coupa_page::look_for_requisition(const html_element& element) {
  constexpr std::string_view route = "requisition_headers";
  for (const std::string_view name : {"href", "data-url", "action"}) {
    const std::string_view reference = element.get(name);
    if (reference.find(route) == std::string_view::npos) continue;
    if (is_path(reference) && !requisition_number(reference)) continue;
    const auto url = base_.resolve(reference);
    if (!url || !base_.is_own(*url)) continue;
    const auto number = requisition_number(*url);
    if (!number) continue;
    if (without_leading_zeros(*number) == wanted_) facts_.mentions_wanted = true;
    if (name == "action" || core::path_of(*url) == core::path_of(base_.page_url())) continue;
    auto& known = facts_.requisitions;
    const bool again = std::any_of(known.begin(), known.end(), [&number](const requisition_link& link) {
      return without_leading_zeros(link.number) == without_leading_zeros(*number);
    });
    if (again) continue;
    if (known.size() == most_requisitions) {
      facts_.too_many_requisitions = true;
      return;
    }
    known.push_back(requisition_link{*number, *url});
  }
}

/// Only for a page that is not surely the wanted order: the text of a large one takes its time.
void coupa_page::look_at_text() {
  const page_excuse excuse = excuse_in(marks_.text());
  facts_.says_not_found = excuse.not_found;
  facts_.says_not_authorized = excuse.not_authorized;
  facts_.of_go_between = excuse.go_between;
  facts_.bare_refusal = excuse.bare;
  const auto tokens = number_tokens(marks_.text());
  if (std::find(tokens.begin(), tokens.end(), wanted_) != tokens.end()) facts_.mentions_wanted = true;
}

page_facts coupa_page::finish() {
  identity_.finish(marks_.title());
  facts_.title = std::string(marks_.title());
  facts_.supplier = supplier_.name();
  facts_.numbers = identity_.shown();
  facts_.has_top_form = identity_.has_top_form();
  facts_.is_wanted = identity_.is_wanted();
  facts_.sign_in_form = marks_.sign_in_form();
  if (!marks_.text().empty()) facts_.empty = false;
  if (!facts_.has_top_form || !facts_.is_wanted) look_at_text();
  found_attachments found = attachments_.finish();
  facts_.attachments = std::move(found.attachments);
  facts_.notes = std::move(found.notes);
  facts_.files = found.files;
  facts_.attachment_markup_seen = found.markup_seen;
  facts_.not_understood = std::move(found.not_understood);
  facts_.too_many_attachments = found.too_many;
  return std::move(facts_);
}

}  // namespace pofetch::sources
