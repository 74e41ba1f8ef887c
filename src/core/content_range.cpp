#include "core/content_range.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace pofetch::core {
namespace {

/// What follows `bytes`, in any case; nothing for another unit.
std::optional<std::string_view> after_unit(std::string_view value) {
  constexpr std::string_view unit = "bytes";
  const std::string_view text = trim(value);
  if (!istarts_with(text, unit) || text.size() == unit.size()) return std::nullopt;
  // Some servers write `bytes=` or `bytes:` here.
  const char next = text[unit.size()];
  if (next != ' ' && next != '=' && next != ':') return std::nullopt;
  return trim(text.substr(unit.size() + 1));
}

}  // namespace

std::optional<content_range> parse_content_range(std::string_view value) {
  const auto text = after_unit(value);
  if (!text) return std::nullopt;
  const auto slash = text->find('/');
  const auto dash = text->find('-');
  if (slash == std::string_view::npos || dash == std::string_view::npos || dash > slash) return std::nullopt;
  const auto first = parse_unsigned(text->substr(0, dash));
  const auto last = parse_unsigned(text->substr(dash + 1, slash - dash - 1));
  if (!first || !last || *last < *first) return std::nullopt;
  const std::string_view total_text = text->substr(slash + 1);
  if (total_text == "*") return content_range{*first, *last, std::nullopt};
  const auto total = parse_unsigned(total_text);
  if (!total || *last >= *total) return std::nullopt;
  return content_range{*first, *last, total};
}

std::optional<std::uint64_t> unsatisfied_length(std::string_view value) {
  const auto text = after_unit(value);
  if (!text || text->substr(0, 2) != "*/") return std::nullopt;
  return parse_unsigned(text->substr(2));
}

bool is_strong_etag(std::string_view value) noexcept {
  const std::string_view tag = trim(value);
  if (tag.size() < 2 || tag.front() != '"' || tag.back() != '"') return false;
  const std::string_view inner = tag.substr(1, tag.size() - 2);
  return std::all_of(inner.begin(), inner.end(),
                     [](char c) { return !is_control(c) && c != '"' && c != ' '; });
}

std::string_view strong_etag(std::string_view value) noexcept {
  return is_strong_etag(value) ? trim(value) : std::string_view{};
}

}  // namespace pofetch::core
