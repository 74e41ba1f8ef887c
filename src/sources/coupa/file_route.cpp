#include "sources/coupa/file_route.hpp"

#include "core/ascii.hpp"
#include "core/url.hpp"
#include "sources/coupa/attachment_name.hpp"

#include <algorithm>
#include <array>

namespace pofetch::sources {

namespace {

/// Decoded segments of the path that are not empty; more than anybody looks at are left out.
class path_segments {
 public:
  explicit path_segments(std::string_view url) {
    const std::string_view path = core::path_of(url);
    for (const auto segment : core::split(path, '/')) {
      if (segment.empty()) continue;
      if (size_ == all_.size()) break;
      all_[size_++] = segment.find('%') == std::string_view::npos ? segment : decoded(segment, path.size());
    }
  }
  path_segments(const path_segments&) = delete;
  path_segments& operator=(const path_segments&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string_view operator[](std::size_t index) const noexcept { return all_[index]; }
  [[nodiscard]] std::string_view back() const noexcept { return all_[size_ - 1]; }
  [[nodiscard]] const std::string_view* begin() const noexcept { return all_.data(); }
  [[nodiscard]] const std::string_view* end() const noexcept { return all_.data() + size_; }

 private:
  /// Nothing becomes longer by being decoded, so the room that others point into never moves.
  std::string_view decoded(std::string_view segment, std::size_t most) {
    room_.reserve(most);
    const std::size_t begins = room_.size();
    room_ += core::decode_percent(segment);
    return std::string_view(room_).substr(begins);
  }

  std::array<std::string_view, 16> all_{};
  std::size_t size_ = 0;
  std::string room_;
};

bool is(const path_segments& segments, std::size_t index, std::string_view word) {
  return index < segments.size() && core::iequals(segments[index], word);
}

bool digits_at(const path_segments& segments, std::size_t index) {
  return index < segments.size() && core::all_digits(segments[index]);
}

bool under_pages(const path_segments& segments) {
  return is(segments, 0, "order_headers") || is(segments, 0, "requisition_headers") ||
         is(segments, 0, "purchase_orders");
}

/// Digits, a UUID, a token, a name. Not the place for one in a template: `:id`, `{id}`, `__ID__`.
bool is_file_id(std::string_view text) {
  constexpr std::array<std::string_view, 7> empties{"id",  "new",    "undefined", "null",
                                                    "nan", "__id__", "false"};
  if (core::has_one_of(text, "{}<>$*[]") || text.starts_with(':')) return false;
  if (text.find_first_not_of(". ") == std::string_view::npos) return false;
  return !core::is_one_of(core::to_lower(text), empties);
}

bool id_at(const path_segments& segments, std::size_t index) {
  return index < segments.size() && is_file_id(segments[index]);
}

bool is_blob(const path_segments& segments, std::string_view url) {
  if (segments.size() != 3 || !is(segments, 0, "api") || !is(segments, 1, "blob") ||
      !is(segments, 2, "download"))
    return false;
  constexpr std::array<std::string_view, 6> names{"id", "filename", "key", "uuid", "blob_id", "token"};
  return std::any_of(names.begin(), names.end(), [url](std::string_view name) {
    return is_file_id(core::query_value(url, name).value_or(""));
  });
}

/// `download`, or with an ending: `download.pdf`.
bool is_download(const path_segments& segments, std::size_t index) {
  if (index >= segments.size()) return false;
  return is(segments, index, "download") || core::istarts_with(segments[index], "download.");
}

/// `PO123` or `123`.
std::string_view digits_after_prefix(std::string_view text) {
  if (core::istarts_with(text, "PO") || core::istarts_with(text, "PM")) text.remove_prefix(2);
  return core::all_digits(text) ? text : std::string_view{};
}

/// Below the pages of orders and requisitions: a page, or the order itself as a document (`123.pdf`, whatever
/// has `download` in it), unless it names a file.
route route_under_pages(const path_segments& segments) {
  const bool downloads = std::any_of(segments.begin(), segments.end(), [](std::string_view each) {
    return core::ifind(each, "download") != std::string_view::npos;
  });
  if (downloads || segments.size() < 2) return route::page;
  if (segments.size() == 4 && is(segments, 2, "attachments") && id_at(segments, 3)) return route::attachment;
  const std::string_view last = segments.back();
  const bool itself = segments.size() == 2 && !digits_after_prefix(last.substr(0, last.rfind('.'))).empty();
  return !itself && likeness_of(last) == likeness::sure ? route::other : route::page;
}

}  // namespace

route route_of(std::string_view url) {
  const path_segments segments(url);
  if (under_pages(segments)) return route_under_pages(segments);
  if (is(segments, 0, "attachment") && is(segments, 1, "attachment_file"))
    return id_at(segments, 3) ? route::file : route::attachment;
  if (is(segments, 0, "attachments")) {
    if (is_download(segments, 2)) return id_at(segments, 1) ? route::file : route::attachment;
    return id_at(segments, 1) && core::has_digit(segments[1]) ? route::attachment : route::other;
  }
  if (is(segments, 0, "download") && is(segments, 1, "file"))
    return id_at(segments, 2) ? route::file : route::attachment;
  if (is_blob(segments, url)) return route::file;
  return is(segments, 0, "api") && is(segments, 1, "blob") ? route::attachment : route::other;
}

std::string attachment_id(std::string_view url) {
  const path_segments segments(url);
  std::size_t index = 0;
  if (is(segments, 0, "attachments")) index = 1;
  if (is(segments, 0, "attachment") && is(segments, 1, "attachment_file")) index = 3;
  if (is(segments, 0, "download") && is(segments, 1, "file")) index = 2;
  if (index != 0) return id_at(segments, index) ? std::string(segments[index]) : std::string();
  return is(segments, 0, "api") && is(segments, 1, "blob") ? core::query_value(url, "id").value_or("") : "";
}

bool is_path(std::string_view reference) noexcept {
  return reference.starts_with('/') && !reference.starts_with("//") &&
         !core::has_one_of(reference, "\\\t\r\n") && reference.find("/.") == std::string_view::npos;
}

bool may_be_attachment(std::string_view reference) noexcept {
  if (reference.find('%') != std::string_view::npos) return true;
  return core::ifind(reference, "attachment") != std::string_view::npos ||
         core::ifind(reference, "download") != std::string_view::npos ||
         core::ifind(reference, "/blob") != std::string_view::npos;
}

std::optional<std::string> requisition_number(std::string_view url) {
  const path_segments segments(url);
  if (segments.size() != 2 || !is(segments, 0, "requisition_headers") || !digits_at(segments, 1))
    return std::nullopt;
  return std::string(segments[1]);
}

std::optional<std::string> order_number(std::string_view url) {
  const path_segments segments(url);
  if (segments.size() < 2 || !is(segments, 0, "order_headers")) return std::nullopt;
  const std::string_view digits = digits_after_prefix(segments[1]);
  if (digits.empty()) return std::nullopt;
  return std::string(digits);
}

std::vector<std::string> quoted_texts(std::string_view script) {
  constexpr std::size_t most = 16;
  std::vector<std::string> texts;
  std::size_t at = 0;
  while (texts.size() < most && (at = script.find_first_of("'\"`", at)) != std::string_view::npos) {
    const char quote = script[at];
    std::string text;
    std::size_t next = at + 1;
    for (; next < script.size() && script[next] != quote; ++next) {
      if (script[next] == '\\' && next + 1 < script.size()) ++next;
      text += script[next];
    }
    if (next >= script.size()) break;
    texts.push_back(std::move(text));
    at = next + 1;
  }
  return texts;
}

std::optional<std::string> quoted_address(std::string_view script) {
  std::optional<std::string> first;
  for (auto& text : quoted_texts(script)) {
    if (!text.starts_with('/') && !core::istarts_with(text, "http:") && !core::istarts_with(text, "https:"))
      continue;
    if (route_of(text) == route::file) return std::move(text);
    if (!first) first = std::move(text);
  }
  return first;
}

}  // namespace pofetch::sources
