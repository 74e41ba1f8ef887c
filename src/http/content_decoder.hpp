#pragma once

#include "http/byte_consumer.hpp"
#include "http/content_coding.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <memory>

namespace pofetch::http {

/// Undoes a content coding while the body arrives. Holds about 75 KiB; can be used again after `start`.
class content_decoder {
 public:
  content_decoder();
  ~content_decoder();

  content_decoder(const content_decoder&) = delete;
  content_decoder& operator=(const content_decoder&) = delete;

  /// Begins a new body. `coding` is gzip or deflate.
  void start(content_coding coding);

  /// The next encoded bytes; what they decode to goes to `out`. Bytes behind an end whose check sum held are
  /// passed over. Failures: protocol (not in that format, or bytes behind the end of raw deflate, which has
  /// no check sum), digest_mismatch (check sum or length), and those of `out`.
  result<void> decode(std::span<const std::byte> bytes, byte_consumer& out);

  /// To be called at the end of the body. Failure truncated if the coding's own end was not seen. A body of
  /// no bytes at all is whole.
  [[nodiscard]] result<void> finish() const;

  /// Bytes that were passed over.
  [[nodiscard]] std::uint64_t passed_over() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace pofetch::http
