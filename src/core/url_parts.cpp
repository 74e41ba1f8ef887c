#include "core/url_parts.hpp"

#include "core/ascii.hpp"

namespace pofetch::core {
namespace {

/// Takes the part behind `mark` off the end of `rest`.
std::optional<std::string_view> take_behind(std::string_view& rest, char mark) noexcept {
  const auto at = rest.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view behind = rest.substr(at + 1);
  rest = rest.substr(0, at);
  return behind;
}

std::size_t scheme_length(std::string_view url) noexcept {
  if (url.empty() || !is_alpha(url[0])) return 0;
  std::size_t end = 1;
  while (end < url.size() && (is_alnum(url[end]) || url[end] == '+' || url[end] == '-' || url[end] == '.'))
    ++end;
  return end < url.size() && url[end] == ':' ? end : 0;
}

}  // namespace

url_parts split_url(std::string_view url) noexcept {
  url_parts parts;
  std::string_view rest = url;
  parts.fragment = take_behind(rest, '#');
  parts.query = take_behind(rest, '?');
  const std::size_t scheme = scheme_length(rest);
  if (scheme > 0) {
    parts.scheme = rest.substr(0, scheme);
    rest.remove_prefix(scheme + 1);
  }
  if (rest.substr(0, 2) == "//") {
    rest.remove_prefix(2);
    const auto end = rest.find('/');
    parts.authority = rest.substr(0, end);
    rest.remove_prefix(parts.authority->size());
  }
  parts.path = rest;
  return parts;
}

url_param split_param(std::string_view text) noexcept {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace pofetch::core
