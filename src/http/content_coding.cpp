#include "http/content_coding.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace pofetch::http {

namespace {

/// The registered codings that are not undone here (IANA, HTTP Content Coding Registry), and a name that some
/// servers use for the first.
constexpr std::array<std::string_view, 10> foreign_codings{
    "br", "brotli", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "aes128gcm", "pack200-gzip"};

/// As a message may show it.
std::string shown_word(std::string_view word) {
  std::string shown(word.substr(0, 40));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return core::is_control(c) || c == '"' || (c & 0x80) != 0; },
      '?');
  return shown;
}

failure not_undone(std::string_view coding) {
  return make_failure(errc::unsupported,
                      fmt::format("the body is encoded as \"{}\", which nobody asked for; only "
                                  "gzip and deflate are understood",
                                  shown_word(coding)));
}

content_coding known_coding(std::string_view word) noexcept {
  if (core::iequals(word, "gzip") || core::iequals(word, "x-gzip")) return content_coding::gzip;
  return core::iequals(word, "deflate") ? content_coding::deflate : content_coding::identity;
}

result<void> take_word(std::string_view word, body_coding& found) {
  if (word.empty() || core::iequals(word, "identity")) return {};
  const bool foreign = std::any_of(foreign_codings.begin(), foreign_codings.end(),
                                   [word](std::string_view each) { return core::iequals(each, word); });
  if (foreign) return not_undone(word);
  const content_coding how = known_coding(word);
  if (how == content_coding::identity) {
    constexpr std::size_t enough = 80;
    if (found.no_codings.size() < enough)
      found.no_codings.append(found.no_codings.empty() ? "" : ", ").append(shown_word(word));
    return {};
  }
  if (found.how != content_coding::identity) return not_undone("several codings, one over the other");
  found.how = how;
  return {};
}

}  // namespace

result<body_coding> coding_of(std::span<const http_field> fields) {
  body_coding found;
  for (const http_field& field : fields) {
    if (!core::iequals(field.name, "Content-Encoding")) continue;
    for (const std::string_view word : core::split(field.value, ','))
      if (auto taken = take_word(core::trim(word), found); !taken) return taken.error();
  }
  return found;
}

}  // namespace pofetch::http
