#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// The `charset` parameter of a Content-Type value (RFC 9110 8.3.2), as written; empty if there is none.
[[nodiscard]] std::string_view charset_of(std::string_view content_type) noexcept;

/// Turns the bytes of an HTML page into UTF-8 as they arrive. Which encoding they have: a byte order mark
/// says it first, then the Content-Type, then a `meta` element within the first 1024 bytes, else UTF-8.
/// Bytes that are not UTF-8 where it should be are read as Windows-1252; NUL is dropped. Where the chunks
/// end never matters.
class charset_decoder {
 public:
  explicit charset_decoder(std::string_view content_type);
  ~charset_decoder();

  charset_decoder(const charset_decoder&) = delete;
  charset_decoder& operator=(const charset_decoder&) = delete;

  /// What can be said so far, valid until the next call and as long as `bytes` is.
  [[nodiscard]] std::string_view decode(std::string_view bytes);

  /// The rest, after the last chunk. Valid until the object is destroyed.
  [[nodiscard]] std::string_view finish();

 private:
  enum class mode { undecided, utf8, windows_1252, iconv };
  struct converter;

  void choose(std::string_view label);
  void decide();
  void convert(std::string_view bytes, bool last);
  void convert_utf8(std::string_view bytes, bool last);
  void convert_iconv(std::string_view bytes);

  mode mode_ = mode::undecided;
  std::string declared_;  ///< by the Content-Type
  std::string pending_;   ///< bytes that cannot be read yet
  std::string out_;
  std::unique_ptr<converter> converter_;
};

}  // namespace pofetch::sources
