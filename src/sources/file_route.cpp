#include "sources/file_route.hpp"

#include "core/ascii.hpp"
#include "core/url.hpp"

#include <algorithm>
#include <vector>

namespace pofetch::sources {

namespace {

/// Decoded segments of the path that are not empty; more than anybody looks at are left out.
std::vector<std::string> segments_of(std::string_view url) {
  constexpr std::size_t most = 16;
  std::vector<std::string> segments;
  segments.reserve(most / 2);
  for (const auto segment : core::split(core::path_of(url), '/')) {
    if (segment.empty()) continue;
    if (segments.size() == most) break;
    segments.push_back(core::decode_percent(segment));
  }
  return segments;
}

bool is(const std::vector<std::string>& segments, std::size_t index, std::string_view word) {
  return index < segments.size() && core::iequals(segments[index], word);
}

bool digits_at(const std::vector<std::string>& segments, std::size_t index) {
  return index < segments.size() && core::all_digits(segments[index]);
}

bool under_pages(const std::vector<std::string>& segments) {
  return is(segments, 0, "order_headers") || is(segments, 0, "requisition_headers") ||
         is(segments, 0, "purchase_orders");
}

bool is_blob(const std::vector<std::string>& segments, std::string_view url) {
  if (segments.size() != 3 || !is(segments, 0, "api") || !is(segments, 1, "blob") ||
      !is(segments, 2, "download"))
    return false;
  return !core::query_value(url, "id").value_or("").empty() ||
         !core::query_value(url, "filename").value_or("").empty();
}

/// `PO123` or `123`.
std::string_view digits_after_prefix(std::string_view text) {
  if (core::istarts_with(text, "PO") || core::istarts_with(text, "PM")) text.remove_prefix(2);
  return core::all_digits(text) ? text : std::string_view{};
}

}  // namespace

route route_of(std::string_view url) {
  const auto segments = segments_of(url);
  if (under_pages(segments)) return route::page;
  if (is(segments, 0, "attachment") && is(segments, 1, "attachment_file"))
    return segments.size() >= 4 && digits_at(segments, 3) ? route::file : route::attachment;
  if (is(segments, 0, "attachments")) {
    if (digits_at(segments, 1) && is(segments, 2, "download")) return route::file;
    return digits_at(segments, 1) ? route::attachment : route::other;
  }
  if (is(segments, 0, "download") && is(segments, 1, "file"))
    return digits_at(segments, 2) ? route::file : route::attachment;
  if (is_blob(segments, url)) return route::file;
  return is(segments, 0, "api") && is(segments, 1, "blob") ? route::attachment : route::other;
}

bool is_path(std::string_view reference) noexcept {
  return reference.starts_with('/') && !reference.starts_with("//") &&
         reference.find_first_of("\\\t\r\n") == std::string_view::npos &&
         reference.find("/.") == std::string_view::npos;
}

bool may_be_attachment(std::string_view reference) noexcept {
  if (reference.find('%') != std::string_view::npos) return true;
  return core::ifind(reference, "attachment") != std::string_view::npos ||
         core::ifind(reference, "download") != std::string_view::npos ||
         core::ifind(reference, "/blob") != std::string_view::npos;
}

std::optional<std::string> requisition_number(std::string_view url) {
  const auto segments = segments_of(url);
  if (segments.size() != 2 || !is(segments, 0, "requisition_headers") || !digits_at(segments, 1))
    return std::nullopt;
  return segments[1];
}

std::optional<std::string> order_number(std::string_view url) {
  const auto segments = segments_of(url);
  if (segments.size() < 2 || !is(segments, 0, "order_headers")) return std::nullopt;
  const std::string_view digits = digits_after_prefix(segments[1]);
  if (digits.empty()) return std::nullopt;
  return std::string(digits);
}

std::optional<std::string> quoted_address(std::string_view script) {
  std::size_t at = 0;
  while ((at = script.find_first_of("'\"`", at)) != std::string_view::npos) {
    const char quote = script[at];
    std::string text;
    std::size_t next = at + 1;
    for (; next < script.size() && script[next] != quote; ++next) {
      if (script[next] == '\\' && next + 1 < script.size()) ++next;
      text += script[next];
    }
    if (next >= script.size()) return std::nullopt;
    if (text.starts_with('/') || core::istarts_with(text, "http:") || core::istarts_with(text, "https:"))
      return text;
    at = next + 1;
  }
  return std::nullopt;
}

}  // namespace pofetch::sources
