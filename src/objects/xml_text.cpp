#include "objects/xml_text.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pofetch::objects {

namespace {

constexpr std::size_t longest_word = 64;

struct span_of_text {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The inside of the next element of that name from `from` on.
std::optional<span_of_text> find_element(std::string_view xml, std::string_view name, std::size_t from) {
  const std::string close = "</" + std::string(name) + ">";
  for (std::size_t at = xml.find('<', from); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    const std::string_view rest = xml.substr(at + 1);
    if (!rest.starts_with(name)) continue;
    const std::string_view behind = rest.substr(name.size());
    if (behind.empty() || (behind.front() != '>' && !core::is_space(behind.front()))) continue;
    const std::size_t open = xml.find('>', at);
    if (open == std::string_view::npos) return std::nullopt;
    const std::size_t end = xml.find(close, open + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return span_of_text{open + 1, end};
  }
  return std::nullopt;
}

std::string without_entities(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> known{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string made;
  while (!text.empty()) {
    const auto entity = std::find_if(known.begin(), known.end(),
                                     [&](const auto& each) { return text.starts_with(each.first); });
    made += entity == known.end() ? text.front() : entity->second;
    text.remove_prefix(entity == known.end() ? 1 : entity->first.size());
  }
  return made;
}

}  // namespace

std::string element_text(std::string_view xml, std::string_view name) {
  const auto found = find_element(xml, name, 0);
  return found ? without_entities(xml.substr(found->begin, found->end - found->begin)) : std::string();
}

std::vector<std::string_view> elements(std::string_view xml, std::string_view name) {
  std::vector<std::string_view> all;
  for (auto found = find_element(xml, name, 0); found; found = find_element(xml, name, found->end))
    all.push_back(xml.substr(found->begin, found->end - found->begin));
  return all;
}

std::string error_word(std::string_view body) {
  std::string word = element_text(body, "Code");
  const bool plain = word.size() <= longest_word && std::all_of(word.begin(), word.end(), core::is_alnum);
  return plain ? word : std::string();
}

}  // namespace pofetch::objects
