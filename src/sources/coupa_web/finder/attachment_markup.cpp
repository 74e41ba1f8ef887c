#include "sources/coupa_web/finder/attachment_markup.hpp"

#include "core/ascii.hpp"
#include "sources/coupa/attachment_name.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pofetch::sources {

namespace {

constexpr std::string_view word = "attachment";
constexpr std::size_t longest_mention = 255;

/// One class that names an attachment, not a list of them, a part of one nor a control.
bool is_item_class(std::string_view name) {
  constexpr std::array<std::string_view, 60> others{
      "attachments", "list",        "section", "container", "wrapper", "panel",  "header", "title",
      "heading",     "count",       "empty",   "none",      "no-",     "icon",   "add",    "new",
      "upload",      "template",    "form",    "field",     "input",   "drop",   "area",   "tool",
      "action",      "placeholder", "button",  "btn",       "label",   "tab",    "group",  "zone",
      "modal",       "dialog",      "hint",    "help",      "name",    "size",   "date",   "time",
      "meta",        "info",        "author",  "user",      "avatar",  "type",   "status", "comment",
      "remark",      "desc",        "preview", "thumb",     "image",   "delete", "remove", "edit",
      "view",        "toggle",      "menu",    "control"};
  if (core::iequals(name, word)) return true;
  const std::string lower = core::to_lower(name);
  return lower.find(word) != std::string::npos && !core::holds_one_of(lower, others);
}

bool holds_item_class(std::string_view classes) {
  if (core::ifind(classes, word) == std::string_view::npos) return false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= classes.size(); ++i) {
    if (i < classes.size() && !core::is_space(classes[i])) continue;
    if (is_item_class(classes.substr(begin, i - begin))) return true;
    begin = i + 1;
  }
  return false;
}

/// What holds a whole page is about more than its attachments, whatever its class says.
bool is_whole_page(std::string_view element) noexcept {
  return element == "html" || element == "body" || element == "main" || element == "form";
}

/// `No attachments`, `Nenhum anexo`: an empty item says so.
bool says_none(std::string_view text) {
  constexpr std::array<std::string_view, 10> words{"no",     "none", "there are no", "nenhum",    "sem",
                                                   "ningun", "sin",  "add",          "adicionar", "-"};
  return std::any_of(words.begin(), words.end(), [text](std::string_view each) {
    if (!core::istarts_with(text, each)) return false;
    return text.size() == each.size() || !core::is_alnum(text[each.size()]);
  });
}

}  // namespace

bool is_attachment_item(const html_element& element) {
  return holds_item_class(element.get("class")) || holds_item_class(element.get("role"));
}

void attachment_markup::mention(std::size_t place, std::string name, std::string id, bool strong) {
  if (mentions_.size() == most_mentions) return;
  mentions_.push_back({place, area(), std::move(name), std::move(id), strong});
}

void attachment_markup::element_started(const html_element& element, std::size_t place, bool in_link) {
  look_at_run(place);
  if (element.attributes.empty()) return;
  const bool about = core::ifind(element.get("class"), word) != std::string_view::npos ||
                     core::ifind(element.get("id"), word) != std::string_view::npos;
  const bool outside = !in_area();
  if (about && list_depth_ == 0 && !is_whole_page(element.name)) list_depth_ = element.depth;
  if (item_.depth == 0 && !is_whole_page(element.name) && is_attachment_item(element)) {
    item_ = item_state{element.depth, {}, false, false};
    ++items_;
  }
  if (outside && in_area()) ++areas_;
  for (const auto& attribute : element.attributes) look_at_attribute(attribute, place, in_link);
}

void attachment_markup::look_at_attribute(const html_attribute& attribute, std::size_t place, bool in_link) {
  if (attribute.name.starts_with("data-")) {
    if (!core::has_digit(attribute.value)) return;
    if (item_.depth != 0)
      item_.seen = true;
    else if (attribute.name.find(word) != std::string_view::npos)
      mention(place, {}, {}, false);
    return;
  }
  const bool naming =
      attribute.name == "title" || attribute.name == "aria-label" || attribute.name == "download";
  if (!naming || in_link || !in_area()) return;
  const std::string_view name = without_download_prefix(attribute.value);
  mention_name(name, place);
}

void attachment_markup::element_ended(std::size_t depth, std::size_t place) {
  look_at_run(place);
  if (depth == item_.depth) {
    if (item_.seen && !item_.explained) mention(place, std::move(item_.name), {}, true);
    item_ = item_state{};
  }
  if (depth == list_depth_) list_depth_ = 0;
}

void attachment_markup::text(std::string_view chars, bool in_link) {
  if (!in_area()) return;
  run_in_link_ = in_link;
  run_.append(chars);
}

void attachment_markup::look_at_run(std::size_t place) {
  if (run_.empty()) return;
  const std::string text = run_.str();
  run_.clear();
  const bool named = is_document_name(text);
  if (item_.depth != 0 && !says_none(text)) {
    item_.seen = true;
    if (item_.name.empty() || (named && !is_document_name(item_.name)))
      item_.name = collapse_space(text, longest_mention);
  }
  if (!run_in_link_) mention_name(text, place);
}

/// Beside attachments also people and amounts are named: only what has the ending of a document is missed.
void attachment_markup::mention_name(std::string_view text, std::size_t place) {
  if (is_document_name(text))
    mention(place, collapse_space(text, longest_mention), {}, likeness_of(text) == likeness::sure);
}

}  // namespace pofetch::sources
