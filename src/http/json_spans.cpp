#include "http/json_spans.hpp"

#include "core/ascii.hpp"

namespace pofetch::http {

namespace {

std::size_t skip_json_space(std::string_view text, std::size_t at) {
  while (at < text.size() && core::is_space(text[at])) ++at;
  return at;
}

/// Behind the text whose opening quote stands at `at`.
std::size_t skip_json_text(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

/// Behind the next comma, or at the bracket that ends the list.
std::size_t skip_json_comma(std::string_view text, std::size_t at) {
  at = skip_json_space(text, at);
  return at < text.size() && text[at] == ',' ? skip_json_space(text, at + 1) : at;
}

}  // namespace

text_span json_value_at(std::string_view text, std::size_t at) {
  text_span found{skip_json_space(text, at), 0};
  std::size_t depth = 0;
  at = found.begin;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_json_text(text, at);
      if (depth == 0) break;
      continue;
    }
    const bool closes = c == ']' || c == '}';
    if (depth == 0 && (closes || c == ',' || core::is_space(c))) break;
    ++at;
    if (c == '[' || c == '{') ++depth;
    if (closes && --depth == 0) break;
  }
  found.end = at < text.size() ? at : text.size();
  return found;
}

std::vector<text_span> json_elements(std::string_view text, text_span array) {
  std::vector<text_span> all;
  std::size_t at = skip_json_space(text, array.begin + 1);
  while (at + 1 < array.end && text[at] != ']') {
    all.push_back(json_value_at(text, at));
    at = skip_json_comma(text, all.back().end);
  }
  return all;
}

std::vector<json_member> json_members(std::string_view text, text_span object) {
  std::vector<json_member> all;
  std::size_t at = skip_json_space(text, object.begin + 1);
  while (at + 1 < object.end && text[at] == '"') {
    json_member next;
    next.name = {at, skip_json_text(text, at)};
    const std::size_t colon = skip_json_space(text, next.name.end);
    next.value = json_value_at(text, colon + 1);
    at = skip_json_comma(text, next.value.end);
    all.push_back(next);
  }
  return all;
}

std::optional<text_span> json_member_named(std::string_view text, text_span object, std::string_view name) {
  std::optional<text_span> found;
  for (const json_member& each : json_members(text, object)) {
    const std::string_view quoted = each.name.of(text);
    if (quoted.substr(1, quoted.size() - 2) == name) found = each.value;
  }
  return found;
}

}  // namespace pofetch::http
