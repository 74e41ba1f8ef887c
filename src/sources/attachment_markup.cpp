#include "sources/attachment_markup.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"
#include "sources/attachment_name.hpp"
#include "sources/file_route.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace pofetch::sources {

namespace {

constexpr std::string_view word = "attachment";

/// One class that names an attachment, not a list of them nor a control.
bool is_item_class(std::string_view name) {
  constexpr std::array<std::string_view, 36> others{
      "attachments", "list",  "section", "container", "wrapper", "panel", "header", "title",       "heading",
      "count",       "empty", "none",    "no-",       "icon",    "add",   "new",    "upload",      "template",
      "form",        "field", "input",   "drop",      "area",    "tool",  "action", "placeholder", "button",
      "btn",         "label", "tab",     "group",     "zone",    "modal", "dialog", "hint",        "help"};
  const std::string lower = core::to_lower(name);
  return lower.find(word) != std::string::npos && !core::holds_one_of(lower, others);
}

bool has_item_class(std::string_view classes) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= classes.size(); ++i) {
    if (i < classes.size() && !core::is_space(classes[i])) continue;
    if (is_item_class(classes.substr(begin, i - begin))) return true;
    begin = i + 1;
  }
  return false;
}

bool holds_digit(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) { return core::is_digit(c); });
}

bool is_address_attribute(std::string_view name) noexcept {
  return name == "href" || name == "src" || name == "onclick" || name.starts_with("data-");
}

/// An address within the routes of attachments, also where it is none that can be fetched.
bool is_attachment_address(const html_attribute& attribute) {
  if (!is_address_attribute(attribute.name) || !may_be_attachment(attribute.value)) return false;
  if (attribute.value.find('/') == std::string_view::npos) return false;
  const auto address =
      attribute.name == "onclick" ? quoted_address(attribute.value) : std::string(attribute.value);
  if (!address) return false;
  const route where = route_of(*address);
  return where == route::file || where == route::attachment;
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

bool is_document_name(std::string_view text) {
  if (!looks_like_file_name(text)) return false;
  const std::string_view extension = text.substr(text.rfind('.') + 1);
  return std::any_of(extension.begin(), extension.end(), [](char c) { return core::is_alpha(c); });
}

}  // namespace

void attachment_markup::element_started(const html_element& element) {
  look_at_run();
  if (seen_) return;
  const std::string_view classes = element.get("class");
  const bool about = core::ifind(classes, word) != std::string_view::npos ||
                     core::ifind(element.get("id"), word) != std::string_view::npos;
  if (about && list_depth_ == 0) list_depth_ = element.depth;
  if (item_depth_ == 0 && has_item_class(classes)) item_depth_ = element.depth;
  const std::string_view named = name_in_label(element.get("aria-label"));
  if (looks_like_file_name(named)) seen_ = true;
  for (const auto& attribute : element.attributes) {
    if (is_attachment_address(attribute)) seen_ = true;
    const bool number = attribute.name.starts_with("data-") && holds_digit(attribute.value);
    if (number && (item_depth_ != 0 || attribute.name.find(word) != std::string_view::npos)) seen_ = true;
    const bool naming =
        attribute.name == "title" || attribute.name == "aria-label" || attribute.name == "download";
    if (naming && list_depth_ != 0 && is_document_name(without_download_prefix(attribute.value)))
      seen_ = true;
  }
}

void attachment_markup::element_ended(std::size_t depth) {
  look_at_run();
  if (depth == list_depth_) list_depth_ = 0;
  if (depth == item_depth_) item_depth_ = 0;
}

void attachment_markup::text(std::string_view chars) {
  if (!seen_ && (list_depth_ != 0 || item_depth_ != 0)) run_.append(chars);
}

void attachment_markup::look_at_run() {
  if (run_.empty()) return;
  const std::string_view text = run_.view();
  if (is_document_name(text) || (item_depth_ != 0 && !says_none(text))) seen_ = true;
  run_.clear();
}

}  // namespace pofetch::sources
