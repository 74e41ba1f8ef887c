#pragma once

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::lists {

/// How the text of a list is encoded.
enum class text_encoding { utf8, utf16_le, utf16_be, windows_1252 };

/// So many bytes at the beginning of an input decide on its encoding and form.
inline constexpr std::size_t sample_size = 64U << 10;

/// Finds the encoding from the beginning of an input: a byte order mark (UTF-8, UTF-16), else UTF-8 if
/// the bytes are UTF-8, else Windows-1252. `whole`: there are no further bytes. `name` is what the
/// message calls the input. Failure `input`: it is no text (a workbook, a PDF, an archive, NUL bytes
/// that do not stand behind the mark of the end, Ctrl-Z); the message says what to do.
[[nodiscard]] result<text_encoding> detect_encoding(std::string_view beginning, bool whole,
                                                    const std::string& name);

/// Turns the bytes of a stream into UTF-8, piece by piece; a piece may end inside a character. Nothing
/// is ever lost: a byte that is not UTF-8 is taken as Windows-1252, an unpaired surrogate or a NUL
/// becomes U+FFFD. A byte order mark at the beginning is left out.
class text_decoder {
 public:
  explicit text_decoder(text_encoding encoding) noexcept : encoding_(encoding) {}

  /// Appends the text of the next bytes to `out`.
  void decode(std::string_view bytes, std::string& out);

  /// Appends what a cut-off character at the very end stands for. Call once, at the end.
  void finish(std::string& out);

 private:
  void decode_bytes(bool at_end, std::string& out);
  void decode_utf16(bool at_end, std::string& out);
  void append(std::uint32_t code_point, std::string& out);

  text_encoding encoding_;
  bool begun_ = false;   ///< the first character has been seen
  std::string pending_;  ///< bytes not decoded yet
};

}  // namespace pofetch::lists
