#include "service/server/heads/request_target.hpp"

#include "core/ascii.hpp"
#include "core/percent.hpp"
#include "core/unicode.hpp"

#include <algorithm>

namespace pofetch::service {

namespace {

std::optional<std::string> decoded(std::string_view text) {
  if (text.find('%') == std::string_view::npos) return std::string(text);
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (!core::is_escape(text, at)) return std::nullopt;
  return core::decode_percent(text);
}

std::optional<std::string> decoded_value(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  auto made = decoded(spaced);
  if (!made || !core::is_utf8(*made) || std::any_of(made->begin(), made->end(), core::is_control))
    return std::nullopt;
  return made;
}

bool read_query(std::string_view text, query_parameters& into) {
  if (text.empty()) return true;
  for (const std::string_view piece : core::split(text, '&')) {
    const std::size_t equals = std::min(piece.find('='), piece.size());
    auto name = decoded_value(piece.substr(0, equals));
    auto value = decoded_value(piece.substr(std::min(equals + 1, piece.size())));
    if (!name || !value || name->empty()) return false;
    into.emplace_back(std::move(*name), std::move(*value));
  }
  return true;
}

}  // namespace

std::optional<request_target> read_target(std::string_view target) {
  request_target made;
  if (target == "*") return made;
  if (!target.starts_with('/') || target.find('#') != std::string_view::npos) return std::nullopt;
  const std::size_t question = std::min(target.find('?'), target.size());
  for (const std::string_view raw : core::split(target.substr(1, question - 1), '/')) {
    auto segment = decoded(raw);
    if (!segment || *segment == "." || *segment == ".." || segment->find('/') != std::string::npos ||
        segment->find('\0') != std::string::npos)
      return std::nullopt;
    made.segments.push_back(std::move(*segment));
  }
  if (!read_query(target.substr(std::min(question + 1, target.size())), made.query)) return std::nullopt;
  return made;
}

}  // namespace pofetch::service
