#include "sources/coupa_web/finder/page_link.hpp"

#include "core/ascii.hpp"
#include "core/url.hpp"
#include "sources/coupa/file_route.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace pofetch::sources {

namespace {

/// `data-url`, `data-href`, `data-download-link`: an attribute that leads somewhere with the help of a
/// script.
bool is_data_address(std::string_view attribute) {
  if (!attribute.starts_with("data-")) return false;
  constexpr std::array<std::string_view, 3> words{"url", "href", "link"};
  return std::any_of(words.begin(), words.end(), [attribute](std::string_view word) {
    return attribute.find(word) != std::string_view::npos;
  });
}

bool acts_as_button(const html_element& element) {
  const std::string_view role = element.get("role");
  return element.name == "button" || role == "button" || role == "link";
}

}  // namespace

bool is_menu(const html_element& element) {
  if (element.name == "nav" || element.name == "footer") return true;
  const std::string_view role = element.get("role");
  return role == "navigation" || role == "menu" || role == "menubar" || role == "menuitem";
}

bool is_furniture(std::string_view element) {
  constexpr std::array<std::string_view, 6> names{"link", "script", "style", "base", "meta", "use"};
  return core::is_one_of(element, names);
}

bool is_decoration(const html_element& element) {
  if (element.name != "img") return false;
  constexpr std::array<std::string_view, 4> words{"avatar", "logo", "icon", "profile"};
  return std::any_of(words.begin(), words.end(), [&element](std::string_view word) {
    return core::ifind(element.get("class"), word) != std::string_view::npos ||
           core::ifind(element.get("alt"), word) != std::string_view::npos;
  });
}

bool is_within_word(std::string_view element) {
  constexpr std::array<std::string_view, 7> names{"wbr", "b", "i", "u", "em", "strong", "mark"};
  return core::is_one_of(element, names);
}

bool is_script(std::string_view attribute) {
  return attribute.starts_with("on") || attribute.find("click") != std::string_view::npos;
}

bool is_plain_text(std::string_view attribute) {
  constexpr std::array<std::string_view, 9> names{"class", "id",    "title",       "alt",    "style",
                                                  "name",  "value", "placeholder", "content"};
  return attribute.starts_with("aria-") || (attribute != "value" && core::is_one_of(attribute, names));
}

std::string_view scheme_of(std::string_view reference) noexcept {
  const auto end = reference.find_first_of(":/?#");
  return end == std::string_view::npos || reference[end] != ':' ? std::string_view{}
                                                                : reference.substr(0, end);
}

bool leads_nowhere(std::string_view reference) noexcept {
  return reference.empty() || reference.front() == '#';
}

std::string embedded_address(const html_element& element) {
  if (element.name == "object") return std::string(element.get("data"));
  if (element.name == "embed" || element.name == "iframe") return std::string(element.get("src"));
  return {};
}

std::string reference_of(const html_element& element) {
  const std::string_view href = core::trim(element.get("href"));
  const bool script = core::iequals(scheme_of(href), "javascript");
  if (!leads_nowhere(href) && !script) return std::string(href);
  for (const auto& attribute : element.attributes)
    if (is_data_address(attribute.name) && !leads_nowhere(core::trim(attribute.value)))
      return std::string(core::trim(attribute.value));
  for (const auto& attribute : element.attributes)
    if (is_script(attribute.name))
      if (auto quoted = quoted_address(attribute.value)) return std::move(*quoted);
  if (script)
    if (auto quoted = quoted_address(core::decode_percent(href))) return std::move(*quoted);
  return embedded_address(element);
}

bool is_blind_link(const html_element& element) {
  static constexpr std::array<std::string_view, 4> presses{"click", "mousedown", "pointerdown", "touch"};
  constexpr std::array<std::string_view, 6> wide{"html", "body", "main", "form", "table", "tbody"};
  if (element.find("href") || element.find("download") || acts_as_button(element)) return true;
  return !core::is_one_of(element.name, wide) &&
         std::any_of(element.attributes.begin(), element.attributes.end(),
                     [](const html_attribute& attribute) {
                       return is_script(attribute.name) && core::holds_one_of(attribute.name, presses);
                     });
}

bool is_help(std::string_view url) {
  const std::string_view path = core::path_of(url);
  return core::istarts_with(path, "/help") || core::istarts_with(path, "/support");
}

}  // namespace pofetch::sources
