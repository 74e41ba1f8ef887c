#include "core/validator.hpp"

#include "core/ascii.hpp"
#include "core/http_date.hpp"
#include "core/timestamp.hpp"

#include <algorithm>

namespace pofetch::core {

namespace {

/// Longer ones are kept in no ledger.
constexpr std::size_t longest_tag = 512;

bool is_tag(std::string_view text) { return text.starts_with('"') || text.starts_with("W/\""); }

/// The entity-tag if it has the form of one, else empty. Spaces within occur, and come back as they are.
std::string_view entity_tag(std::string_view field) {
  const std::string_view tag = trim(field);
  const std::string_view opaque = tag.starts_with("W/") ? tag.substr(2) : tag;
  const bool quoted = opaque.size() >= 2 && opaque.front() == '"' && opaque.back() == '"';
  const bool plain = quoted && std::none_of(opaque.begin() + 1, opaque.end() - 1,
                                            [](char c) { return is_control(c) || c == '"'; });
  return plain && tag.size() <= longest_tag ? tag : std::string_view();
}

std::string_view opaque_part(std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; }

}  // namespace

std::string validator_of(const http_response& head, std::chrono::system_clock::time_point now) {
  if (const auto tag = entity_tag(head.field("ETag")); !tag.empty()) return std::string(tag);
  const std::string_view text = trim(head.field("Last-Modified"));
  const auto changed = parse_http_date(text, now);
  if (!changed) return {};
  const auto answered = parse_http_date(trim(head.field("Date")), now).value_or(now);
  return *changed + settling_time <= answered ? std::string(text) : std::string();
}

http_field condition_of(const std::string& validator) {
  return {is_tag(validator) ? "If-None-Match" : "If-Modified-Since", validator};
}

sameness compare(const http_response& head, std::string_view validator) {
  if (validator.empty()) return sameness::unknown;
  const bool by_tag = is_tag(validator);
  const std::string_view now = by_tag ? entity_tag(head.field("ETag")) : trim(head.field("Last-Modified"));
  if (now.empty()) return sameness::unknown;
  const bool same = by_tag ? opaque_part(now) == opaque_part(validator) : now == validator;
  return same ? sameness::same : sameness::other;
}

bool is_settled(std::string_view changed_at, std::chrono::system_clock::time_point looked_at) {
  constexpr std::size_t date_only = 10;
  const auto changed = parse_timestamp(changed_at);
  return changed && trim(changed_at).size() > date_only && *changed + settling_time <= looked_at;
}

}  // namespace pofetch::core
