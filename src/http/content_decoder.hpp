#pragma once

#include "http/byte_consumer.hpp"

#include <pofetch/error.hpp>

#include <memory>
#include <string_view>

namespace pofetch::http {

/// Content codings that can be undone (RFC 9110 8.4.1).
enum class content_coding {
  identity,
  gzip,
  deflate,  ///< zlib format; the raw form that some servers send instead is understood too
};

/// From a Content-Encoding field. Failure unsupported for any other coding and for several at once.
[[nodiscard]] result<content_coding> coding_of(std::string_view content_encoding);

/// Undoes a content coding while the body arrives. Holds about 75 KiB; can be used again after `start`.
class content_decoder {
 public:
  content_decoder();
  ~content_decoder();

  content_decoder(const content_decoder&) = delete;
  content_decoder& operator=(const content_decoder&) = delete;

  /// Begins a new body. `coding` is gzip or deflate.
  void start(content_coding coding);

  /// The next encoded bytes; what they decode to goes to `out`. Failures: protocol (not in that format, or
  /// bytes after its end), digest_mismatch (check sum or length), and those of `out`.
  result<void> decode(std::span<const std::byte> bytes, byte_consumer& out);

  /// To be called at the end of the body. Failure truncated if the coding's own end was not seen. A body of
  /// no bytes at all is whole.
  [[nodiscard]] result<void> finish() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace pofetch::http
