#include "sources/coupa_web/page_reader.hpp"

#include "core/ascii.hpp"
#include "core/media_sniff.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace pofetch::sources {

namespace {

/// A type that says nothing, or text, may well be a page.
bool may_be_html(std::string_view media_type) {
  return core::trim(media_type).empty() || core::is_html_type(media_type) ||
         core::istarts_with(core::trim(media_type), "text/plain");
}

}  // namespace

page_reader::page_reader(std::string wanted, bool markers_only)
    : wanted_(std::move(wanted)), markers_only_(markers_only) {}

result<void> page_reader::begin(const http_response& head) {
  const std::string_view media_type = head.field("Content-Type");
  is_page_ = may_be_html(media_type);
  markers_only_ = markers_only_ || head.status != 200;
  left_ = markers_only_ ? marker_bytes : std::numeric_limits<std::size_t>::max();
  events_.reset();
  page_ = std::make_unique<coupa_page>(head.url, wanted_);
  events_ = std::make_unique<html_events>(*page_, media_type);
  return {};
}

result<void> page_reader::write(std::span<const std::byte> bytes) {
  if (!is_page_ || !events_) return {};
  const std::string_view chars(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::string_view piece = chars.substr(0, std::min(left_, chars.size()));
  left_ -= piece.size();
  if (piece.empty()) return {};
  auto fed = events_->feed(piece);
  if (!fed && markers_only_) {
    left_ = 0;
    return {};
  }
  return fed;
}

result<page_facts> page_reader::finish() {
  if (!events_) return page_facts{};
  auto ended = events_->finish();
  if (!ended && !markers_only_) return ended.error();
  return page_->finish();
}

}  // namespace pofetch::sources
