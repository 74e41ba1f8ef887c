#include "core/encoded_word.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "core/unicode.hpp"

#include <algorithm>
#include <optional>

namespace pofetch::core {
namespace {

/// RFC 2047 4.2; nothing for a broken escape.
std::optional<std::string> decode_q(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      bytes += text[i] == '_' ? ' ' : text[i];
      continue;
    }
    const auto byte = from_hex(text.substr(i + 1, 2));
    if (!byte || byte->empty()) return std::nullopt;
    bytes += *byte;
    i += 2;
  }
  return bytes;
}

/// RFC 2047 2 says 75; what goes around is longer.
constexpr std::size_t longest_word = 2048;

struct word {
  std::string charset;
  std::string bytes;
  std::size_t length = 0;  ///< of the encoded word
};

/// The encoded word that `text` begins with: `=?charset?encoding?text?=`.
std::optional<word> read_word(std::string_view text) {
  text = text.substr(0, longest_word);
  const auto charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= text.size()) return std::nullopt;
  if (text[charset_end + 2] != '?') return std::nullopt;
  const auto begin = charset_end + 3;
  const auto end = text.find("?=", begin);
  if (end == std::string_view::npos) return std::nullopt;
  const char encoding = to_lower(text[charset_end + 1]);
  const std::string_view encoded = text.substr(begin, end - begin);
  std::optional<std::string> bytes;
  if (encoding == 'b') bytes = base64_decode(encoded);
  if (encoding == 'q') bytes = decode_q(encoded);
  if (!bytes) return std::nullopt;
  // RFC 2231 5 lets a language follow the charset.
  std::string_view charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));
  return word{std::string(charset), std::move(*bytes), end + 2};
}

/// Words side by side in one charset may share a character, so bytes are gathered before they are decoded.
class decoder {
 public:
  std::string run(std::string_view text) {
    while (!text.empty()) {
      const auto start = text.find("=?");
      const auto found = start == std::string_view::npos ? std::nullopt : read_word(text.substr(start));
      if (!found) {
        const auto taken = start == std::string_view::npos ? text.size() : start + 2;
        literal(text.substr(0, taken));
        text.remove_prefix(taken);
        continue;
      }
      const std::string_view between = text.substr(0, start);
      if (!after_word_ || !std::all_of(between.begin(), between.end(), is_space)) literal(between);
      if (!iequals(charset_, found->charset)) flush();
      charset_ = found->charset;
      bytes_ += found->bytes;
      after_word_ = true;
      text.remove_prefix(start + found->length);
    }
    flush();
    return std::move(out_);
  }

 private:
  void literal(std::string_view text) {
    if (text.empty()) return;
    flush();
    out_ += text;
    after_word_ = false;
  }

  void flush() {
    if (!bytes_.empty()) out_ += decode_charset(charset_, bytes_);
    bytes_.clear();
  }

  std::string out_;
  std::string charset_;
  std::string bytes_;
  bool after_word_ = false;
};

}  // namespace

std::string decode_charset(std::string_view charset, std::string_view bytes) {
  // Latin-1 has nothing but controls where Windows-1252 has its own characters, and who says Latin-1
  // means Windows-1252 (WHATWG Encoding 4.2).
  const bool latin = iequals(charset, "iso-8859-1") || iequals(charset, "iso8859-1") ||
                     iequals(charset, "latin1") || iequals(charset, "windows-1252") ||
                     iequals(charset, "cp1252");
  return latin ? windows_1252_to_utf8(bytes) : to_utf8(bytes);
}

std::string decode_encoded_words(std::string_view text) { return decoder().run(text); }

}  // namespace pofetch::core
