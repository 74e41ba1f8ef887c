#include "core/content_disposition.hpp"

#include "core/ascii.hpp"
#include "core/encoded_word.hpp"
#include "core/unicode.hpp"
#include "core/url.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace pofetch::core {
namespace {

/// What the header says, first of each kind.
struct parameters {
  std::optional<std::string> plain;     ///< filename
  std::optional<std::string> extended;  ///< filename*, as written
  /// filename*0, filename*1*, ... (RFC 2231 3, left over from mail)
  std::map<std::uint64_t, std::pair<std::string, bool>> pieces;
};

constexpr std::uint64_t most_pieces = 64;

/// A path of Windows: its backslashes are no escapes.
bool is_windows_path(std::string_view text) {
  const bool drive = text.size() > 2 && is_alpha(text[0]) && text[1] == ':' && text[2] == '\\';
  return drive || text.substr(0, 2) == "\\\\";
}

/// Position of the quote that closes the string which begins at 0: one that nothing but a separator
/// follows, since some servers do not escape quotes within; failing that the first.
std::size_t closing_quote(std::string_view text) {
  std::size_t first = std::string_view::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) {
      ++i;
      continue;
    }
    if (text[i] != '"') continue;
    first = std::min(first, i);
    const auto next = text.find_first_not_of(" \t", i + 1);
    if (next == std::string_view::npos || text[next] == ';') return i;
  }
  return first;
}

std::string unescape(std::string_view quoted) {
  std::string plain;
  const bool keep = is_windows_path(quoted);
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (!keep && quoted[i] == '\\' && i + 1 < quoted.size()) ++i;
    plain += quoted[i];
  }
  return plain;
}

/// Takes one value off: a quoted string, or everything up to the next semicolon.
std::string take_value(std::string_view& rest) {
  rest = trim(rest);
  std::string value;
  if (!rest.empty() && rest.front() == '"') {
    rest.remove_prefix(1);
    const auto close = closing_quote(rest);
    value = unescape(rest.substr(0, close));
    rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + 1);
  } else {
    value = trim(rest.substr(0, rest.find(';')));
  }
  const auto next = rest.find(';');
  rest.remove_prefix(next == std::string_view::npos ? rest.size() : next + 1);
  return value;
}

void keep(parameters& found, const std::string& name, std::string value) {
  constexpr std::string_view file_name = "filename";
  if (name.rfind(file_name, 0) != 0) return;
  std::string_view tail = std::string_view(name).substr(file_name.size());
  if (tail.empty()) {
    if (!found.plain) found.plain = std::move(value);
  } else if (tail == "*") {
    if (!found.extended) found.extended = std::move(value);
  } else if (tail.front() == '*') {
    const bool encoded = tail.back() == '*';
    const auto number = parse_unsigned(tail.substr(1, tail.size() - 1 - (encoded ? 1 : 0)));
    if (number && *number < most_pieces) found.pieces.try_emplace(*number, std::move(value), encoded);
  }
}

parameters read_parameters(std::string_view header) {
  parameters found;
  std::string_view rest = header;
  while (!rest.empty()) {
    const auto end = rest.find_first_of("=;");
    if (end == std::string_view::npos) break;
    std::string name = to_lower(trim(rest.substr(0, end)));
    const bool has_value = rest[end] == '=';
    rest.remove_prefix(end + 1);
    if (has_value) keep(found, name, take_value(rest));
  }
  return found;
}

/// RFC 8187 3.2: charset'language'percent-encoded. Nothing if the bytes are not of that charset.
std::optional<std::string> decode_extended(std::string_view value) {
  const auto first = value.find('\'');
  const auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  const bool tagged = second != std::string_view::npos;
  const std::string_view charset = tagged ? value.substr(0, first) : "utf-8";
  const std::string bytes = decode_percent(tagged ? value.substr(second + 1) : value);
  const bool utf8 = iequals(charset, "utf-8") || iequals(charset, "utf8");
  if (bytes.empty() || (utf8 && !is_utf8(bytes))) return std::nullopt;
  return decode_charset(charset, bytes);
}

std::optional<std::string> join_pieces(const parameters& found) {
  std::string joined;
  std::string charset = "utf-8";
  std::uint64_t expected = 0;
  for (const auto& [number, piece] : found.pieces) {
    if (number != expected++) break;
    std::string_view value = piece.first;
    if (number == 0 && piece.second) {
      const auto first = value.find('\'');
      const auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
      if (second != std::string_view::npos) {
        charset = value.substr(0, first);
        value.remove_prefix(second + 1);
      }
    }
    joined += piece.second ? decode_percent(value) : std::string(value);
  }
  if (joined.empty()) return std::nullopt;
  return decode_charset(charset, joined);
}

/// Has a plain `filename` the form of a `filename*`, whose star somebody forgot? Only charsets that are known
/// count: an apostrophe may stand in a name.
bool looks_extended(std::string_view value) {
  const auto first = value.find('\'');
  if (first == std::string_view::npos || value.find('\'', first + 1) == std::string_view::npos) return false;
  constexpr std::array<std::string_view, 6> charsets{"utf-8",    "utf8",         "iso-8859-1",
                                                     "us-ascii", "windows-1252", "latin1"};
  const std::string_view charset = trim(value.substr(0, first));
  return std::any_of(charsets.begin(), charsets.end(),
                     [charset](std::string_view each) { return iequals(each, charset); });
}

/// What servers put into a plain `filename` against the rule: the form of `filename*`, encoded words,
/// percent-encoding, raw bytes.
std::string decode_plain(std::string_view value) {
  if (looks_extended(value))
    if (auto name = decode_extended(value)) return std::move(*name);
  if (value.find("=?") != std::string_view::npos) return to_utf8(decode_encoded_words(value));
  if (value.find('%') != std::string_view::npos && value.find(' ') == std::string_view::npos) {
    std::string decoded = decode_percent(value);
    if (is_utf8(decoded)) return decoded;
  }
  return to_utf8(value);
}

/// Without folders before it; nothing if no name is left.
std::optional<std::string> last_segment(std::optional<std::string> name) {
  if (!name) return std::nullopt;
  const auto slash = name->find_last_of("/\\");
  const std::string_view tail =
      trim(std::string_view(*name).substr(slash == std::string::npos ? 0 : slash + 1));
  if (tail.find_first_not_of(". ") == std::string_view::npos) return std::nullopt;
  return std::string(tail);
}

}  // namespace

std::optional<std::string> filename_from(std::string_view header_value) {
  const parameters found = read_parameters(header_value);
  if (found.extended) {
    if (auto name = last_segment(decode_extended(*found.extended))) return name;
  }
  if (auto name = last_segment(join_pieces(found))) return name;
  if (!found.plain) return std::nullopt;
  return last_segment(decode_plain(*found.plain));
}

}  // namespace pofetch::core
