#include "core/unicode.hpp"

#include "core/ascii.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>

namespace pofetch::core {
namespace {

constexpr std::uint32_t replacement = 0xFFFD;
constexpr std::size_t loose_key_bytes = 512;

// Bytes 80 to 9F of Windows-1252; the rest is Latin-1.
constexpr std::array<std::uint16_t, 32> windows_1252{
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

/// Length of the code point that begins there, and itself; length 0 if it is not valid.
struct decoded {
  std::uint32_t code_point = replacement;
  std::size_t length = 0;
};

decoded decode(std::string_view utf8) noexcept {
  utf8proc_int32_t code_point = 0;
  const auto size = static_cast<utf8proc_ssize_t>(std::min<std::size_t>(utf8.size(), 4));
  const auto taken =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()), size, &code_point);
  if (taken <= 0) return {};
  return {static_cast<std::uint32_t>(code_point), static_cast<std::size_t>(taken)};
}

bool is_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// utf8proc_map on valid UTF-8; the text itself if utf8proc refuses it.
std::string map(std::string_view utf8, int options) {
  utf8proc_uint8_t* mapped = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                   static_cast<utf8proc_ssize_t>(utf8.size()), &mapped,
                                   static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (length == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (length < 0) return std::string(utf8);
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length)};
}

}  // namespace

bool is_utf8(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto* other = std::find_if(bytes.begin(), bytes.end(),
                                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    bytes.remove_prefix(static_cast<std::size_t>(other - bytes.begin()));
    if (bytes.empty()) break;
    const std::size_t length = decode(bytes).length;
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::string to_utf8(std::string_view bytes) {
  return is_utf8(bytes) ? std::string(bytes) : windows_1252_to_utf8(bytes);
}

std::string windows_1252_to_utf8(std::string_view bytes) {
  std::string utf8;
  utf8.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_utf8(utf8, byte >= 0x80 && byte < 0xA0 ? windows_1252[byte - 0x80U] : byte);
  }
  return utf8;
}

std::string utf16_to_utf8(std::string_view bytes, bool little_endian) {
  const auto unit = [bytes, little_endian](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(little_endian ? first | (second << 8) : second | (first << 8));
  };
  std::string out;
  std::size_t at = 0;
  for (; at + 2 <= bytes.size(); at += 2) {
    const std::uint32_t high = unit(at);
    const std::uint32_t low = at + 4 <= bytes.size() ? unit(at + 2) : 0;
    const bool pair = high >= 0xD800 && high <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF;
    append_utf8(out, pair ? 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00) : high);
    if (pair) at += 2;
  }
  if (at < bytes.size()) append_utf8(out, replacement);
  return out;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  auto c = static_cast<utf8proc_int32_t>(code_point);
  if (code_point > 0x10FFFF || !utf8proc_codepoint_valid(c)) c = static_cast<utf8proc_int32_t>(replacement);
  const auto length = utf8proc_encode_char(c, bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

std::uint32_t next_code_point(std::string_view& utf8) noexcept {
  const decoded next = decode(utf8);
  utf8.remove_prefix(std::min(utf8.size(), std::max<std::size_t>(next.length, 1)));
  return next.code_point;
}

std::string nfc(std::string_view utf8) {
  if (is_ascii(utf8)) return std::string(utf8);
  return map(utf8, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string fold_case(std::string_view text) {
  if (is_ascii(text)) return to_lower(text);
  const std::string composed = nfc(to_utf8(text));
  // Folding may give what composes further or folds again (U+0345, U+1E9E): the second pass settles it.
  const std::string folded = map(composed, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  return map(folded, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

std::string loose_key(std::string_view text) {
  // Nobody writes longer ones, and the time for marks in a row grows with the square of their number.
  const std::string utf8 = to_utf8(text);
  const std::string mapped = map(cut_utf8(utf8, loose_key_bytes), UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                                                      UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
  std::string key;
  for (std::string_view rest = mapped; !rest.empty();) {
    const std::uint32_t c = next_code_point(rest);
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    const bool letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
    const bool number = category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
    if (letter || number) append_utf8(key, c);
  }
  return key;
}

std::string_view cut_utf8(std::string_view utf8, std::size_t max_bytes) noexcept {
  if (utf8.size() <= max_bytes) return utf8;
  std::size_t cluster_end = 0;
  std::size_t point_end = 0;
  utf8proc_int32_t state = 0;
  std::uint32_t before = 0;
  while (point_end < utf8.size()) {
    const decoded next = decode(utf8.substr(point_end));
    if (point_end > 0 &&
        utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(before),
                                         static_cast<utf8proc_int32_t>(next.code_point), &state)) {
      cluster_end = point_end;
    }
    const std::size_t length = std::max<std::size_t>(next.length, 1);
    if (point_end + length > max_bytes) break;
    point_end += length;
    before = next.code_point;
  }
  return utf8.substr(0, cluster_end > 0 ? cluster_end : point_end);
}

}  // namespace pofetch::core
