#include "sources/attachment_name.hpp"

#include "core/ascii.hpp"
#include "core/url.hpp"
#include "sources/page_text.hpp"

#include <array>
#include <cstddef>

namespace pofetch::sources {

namespace {

constexpr std::size_t longest_name = 1024;

/// Several names glued together with rows of `=`: the first is that of the link's own file.
std::string_view before_glue(std::string_view text) noexcept {
  return core::trim(text.substr(0, text.find("====")));
}

/// Words on a link that are no name.
bool is_generic(std::string_view text) {
  constexpr std::array<std::string_view, 8> words{"download", "view",  "open",      "file",
                                                  "baixar",   "abrir", "descargar", "ver"};
  for (const auto word : words)
    if (core::iequals(text, word)) return true;
  return false;
}

std::string name_in_query(std::string_view url) {
  for (const std::string_view name : {"filename", "file", "name"}) {
    const auto value = core::query_value(url, name);
    if (value && looks_like_file_name(*value)) return collapse_space(*value, longest_name);
  }
  return {};
}

}  // namespace

bool looks_like_file_name(std::string_view text) noexcept {
  text = core::trim(text);
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || text.size() > longest_name) return false;
  const std::string_view extension = text.substr(dot + 1);
  if (extension.size() < 2 || extension.size() > 8) return false;
  for (const char c : extension)
    if (!core::is_alnum(c)) return false;
  return text.find("://") == std::string_view::npos;
}

std::string_view without_download_prefix(std::string_view title) noexcept {
  title = core::trim(title);
  constexpr std::string_view prefix = "Download ";
  return core::istarts_with(title, prefix) ? core::trim(title.substr(prefix.size())) : title;
}

std::string_view name_in_label(std::string_view label) noexcept {
  label = core::trim(label);
  constexpr std::string_view suffix = " file attachment";
  if (label.size() <= suffix.size()) return {};
  const std::size_t at = label.size() - suffix.size();
  return core::iequals(label.substr(at), suffix) ? core::trim(label.substr(0, at)) : std::string_view{};
}

chosen_name choose_name(const name_hints& hints, std::string_view url) {
  using quality = chosen_name::quality;
  const std::string_view in_label = name_in_label(hints.aria_label);
  const std::array<std::string_view, 4> texts{
      core::trim(hints.download), without_download_prefix(hints.title),
      in_label.empty() ? core::trim(hints.aria_label) : in_label, before_glue(hints.text)};
  for (const auto text : texts)
    if (looks_like_file_name(text)) return {collapse_space(text, longest_name), quality::from_page};
  if (std::string name = name_in_query(url); !name.empty()) return {std::move(name), quality::from_address};
  std::string last = core::last_path_segment(url);
  if (looks_like_file_name(last)) return {std::move(last), quality::from_address};
  constexpr std::size_t longest_fallback = 200;
  for (const auto text : texts)
    if (!text.empty() && text.size() <= longest_fallback && !is_generic(text))
      return {collapse_space(text, longest_name), quality::fallback};
  return {std::move(last), quality::fallback};
}

}  // namespace pofetch::sources
