#include "core/file_name.hpp"

#include "core/ascii.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace pofetch::core {
namespace {

// Longer names are cut before they are normalised: what follows would be cut anyway, and the time for
// combining marks in a row grows with the square of their number.
constexpr std::size_t work_bytes = 1024;

bool is_forbidden(std::uint32_t c) noexcept {
  constexpr std::string_view forbidden = "/\\:*?\"<>|";
  return c < 0x80 && forbidden.find(static_cast<char>(c)) != std::string_view::npos;
}

/// One code point as it may stand in a name.
void append_allowed(std::string& out, std::uint32_t c) {
  if (is_forbidden(c)) {
    out += '_';
    return;
  }
  if (c == '\t' || c == '\n' || c == '\r') {
    out += ' ';
    return;
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_CC:  // controls
    case UTF8PROC_CATEGORY_CF:  // bidirectional, zero width, tags
    case UTF8PROC_CATEGORY_CS:
      return;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      out += ' ';
      return;
    case UTF8PROC_CATEGORY_CN:
      out += '_';
      return;  // macOS refuses what is not assigned
    default:
      append_utf8(out, c);
  }
}

std::string_view strip_ends(std::string_view name) noexcept {
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  while (!name.empty() && (name.back() == ' ' || name.back() == '.')) name.remove_suffix(1);
  return name;
}

/// Is the part before the first dot a device of Windows? Superscript digits count there.
bool is_device_name(std::string_view name) {
  std::string_view base = name.substr(0, name.find('.'));
  while (!base.empty() && base.back() == ' ') base.remove_suffix(1);
  constexpr std::array<std::string_view, 6> plain{"con", "prn", "aux", "nul", "conin$", "conout$"};
  constexpr std::size_t longest = 8;  // of the names, superscripts included
  if (base.size() > longest) return false;
  const std::string key = to_lower(base);
  if (std::find(plain.begin(), plain.end(), key) != plain.end()) return true;
  if (key.rfind("com", 0) != 0 && key.rfind("lpt", 0) != 0) return false;
  const std::string_view number = std::string_view(key).substr(3);
  constexpr std::array<std::string_view, 3> superscripts{"\u00B9", "\u00B2", "\u00B3"};
  return (number.size() == 1 && is_digit(number[0])) ||
         std::find(superscripts.begin(), superscripts.end(), number) != superscripts.end();
}

/// At most so many bytes, the extension kept.
std::string shorten(std::string_view name, std::size_t most) {
  if (name.size() <= most) return std::string(name);
  const name_parts parts = split_extension(name);
  std::string_view stem = cut_utf8(parts.stem, most - parts.extension.size());
  while (!stem.empty() && stem.back() == ' ') stem.remove_suffix(1);
  return std::string(stem).append(parts.extension);
}

enum class name_kind { file, folder };

std::string cut(std::string_view name, std::size_t most, name_kind kind) {
  return kind == name_kind::file ? shorten(name, most) : std::string(cut_utf8(name, most));
}

/// Compared as a file system without case does, for which a long s is an s.
bool is_own_name(std::string_view name) {
  const std::string key = fold_case(name);
  return key.starts_with(".pofetch") || key == "report.csv";
}

bool is_reserved(std::string_view name, name_kind kind) {
  return is_device_name(name) || (kind == name_kind::folder && is_own_name(name));
}

/// Nearly every name: nothing in it has to change.
bool is_plain_name(std::string_view name, name_kind kind, std::size_t most) {
  const auto is_plain = [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == ' '; };
  return name.size() <= most && std::all_of(name.begin(), name.end(), is_plain) &&
         strip_ends(name).size() == name.size() && !is_reserved(name, kind);
}

/// Everything but the fallback; may be empty.
std::string clean(std::string_view name, name_kind kind, std::size_t most) {
  if (is_plain_name(name, kind, most)) return std::string(name);
  const std::string utf8 = to_utf8(name);
  std::string allowed;
  for (std::string_view rest = utf8; !rest.empty();) append_allowed(allowed, next_code_point(rest));
  std::string safe = nfc(cut(strip_ends(allowed), work_bytes, kind));
  safe = std::string(strip_ends(cut(safe, most, kind)));
  if (!is_reserved(safe, kind)) return safe;
  // Only now: what a cut leaves may be reserved, too.
  safe = cut(safe.insert(0, 1, '_'), most, kind);
  return std::string(strip_ends(safe));
}

std::string safe_name(std::string_view name, std::string_view fallback, std::string_view last, name_kind kind,
                      std::size_t most) {
  std::string safe = clean(name, kind, most);
  if (safe.empty()) safe = clean(fallback, kind, most);
  return safe.empty() ? std::string(last) : safe;
}

/// Length of an extension with its dot at the end, or 0.
std::size_t extension_length(std::string_view name) noexcept {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return 0;
  const std::string_view letters = name.substr(dot + 1);
  const bool plain = std::all_of(letters.begin(), letters.end(), is_alnum);
  return plain && !letters.empty() && letters.size() <= 10 ? letters.size() + 1 : 0;
}

}  // namespace

std::string safe_file_name(std::string_view name, std::string_view fallback, std::size_t most) {
  return safe_name(name, fallback, "file", name_kind::file, most);
}

std::string safe_folder_name(std::string_view name, std::string_view fallback, std::size_t most) {
  return safe_name(name, fallback, "unnamed", name_kind::folder, most);
}

name_parts split_extension(std::string_view name) noexcept {
  std::size_t length = extension_length(name);
  constexpr std::array<std::string_view, 7> packers{".gz", ".bz2", ".xz", ".zst", ".lz", ".lzma", ".z"};
  constexpr std::string_view tar = ".tar";
  const std::string_view last = name.substr(name.size() - length);
  const std::string_view stem = name.substr(0, name.size() - length);
  const bool packed = std::any_of(packers.begin(), packers.end(),
                                  [last](std::string_view packer) { return iequals(last, packer); });
  if (packed && stem.size() > tar.size() && iequals(stem.substr(stem.size() - tar.size()), tar)) {
    length += tar.size();
  }
  return {name.substr(0, name.size() - length), name.substr(name.size() - length)};
}

std::string numbered_name(std::string_view name, std::size_t number, std::size_t most) {
  const name_parts parts = split_extension(name);
  const std::string mark = " (" + std::to_string(number) + ")";
  std::string_view stem = cut_utf8(parts.stem, most - mark.size() - parts.extension.size());
  while (!stem.empty() && stem.back() == ' ') stem.remove_suffix(1);
  return std::string(stem).append(mark).append(parts.extension);
}

}  // namespace pofetch::core
