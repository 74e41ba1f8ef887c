#include "core/url_clean.hpp"

#include "core/ascii.hpp"
#include "core/percent.hpp"
#include "core/url_parts.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace pofetch::core {
namespace {

/// Without space and controls around it and line breaks in it, as browsers read an address.
std::string strip_breaks(std::string_view url) {
  const auto is_edge = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!url.empty() && is_edge(url.front())) url.remove_prefix(1);
  while (!url.empty() && is_edge(url.back())) url.remove_suffix(1);
  std::string stripped;
  stripped.reserve(url.size());
  std::copy_if(url.begin(), url.end(), std::back_inserter(stripped),
               [](char c) { return c != '\t' && c != '\r' && c != '\n'; });
  return stripped;
}

/// Characters that stand in an address as they are, wherever they are.
constexpr std::array<bool, 256> plain = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"))
    table[static_cast<unsigned char>(c)] = true;
  for (const char c : std::string_view(":/?@!$&'()*+,;=")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_plain(char c) { return plain[static_cast<unsigned char>(c)]; }

/// Nearly every address, and every one that was cleaned before.
bool is_clean(std::string_view url) {
  const bool known = url.starts_with('/') || url.starts_with("https://") || url.starts_with("http://");
  for (std::size_t at = 0; known && at < url.size(); ++at)
    if (!is_plain(url[at]) && !is_escape(url, at)) return false;
  return known;
}

/// Percent-encodes what must not stand in a URL. `brackets`: may `[` and `]` stand here?
void append_clean(std::string& out, std::string_view part, bool brackets) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    const char c = part[i];
    const bool allowed =
        is_plain(c) || (c == '%' && is_escape(part, i)) || (brackets && (c == '[' || c == ']'));
    if (allowed) {
      out += c;
    } else {
      append_escaped(out, c);
    }
  }
}

}  // namespace

std::string_view clean_url(std::string_view url, std::string& room) {
  if (is_clean(url)) return url;
  std::string text = strip_breaks(url);
  const auto path_end = std::min(text.find_first_of("?#"), text.size());
  std::replace(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(path_end), '\\', '/');
  const url_parts parts = split_url(text);
  std::string& cleaned = room;
  cleaned.clear();
  cleaned.reserve(text.size());
  if (!parts.scheme.empty()) cleaned.append(parts.scheme).append(1, ':');
  if (parts.authority) {
    cleaned.append("//");
    append_clean(cleaned, *parts.authority, true);
  }
  if (cleaned.empty() && parts.path.substr(0, parts.path.find('/')).find(':') != std::string_view::npos) {
    // What is before that colon is no scheme, so it must not look like one (RFC 3986 4.2).
    cleaned += "./";
  }
  append_clean(cleaned, parts.path, false);
  if (parts.query) {
    cleaned += '?';
    append_clean(cleaned, *parts.query, false);
  }
  return cleaned;
}

std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    if (segment == "/..") out.erase(std::min(out.rfind('/'), out.size()));
    if (segment == "/." || segment == "/..") {
      // What ends in a dot segment names a folder.
      if (path.empty()) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

}  // namespace pofetch::core
