#pragma once

#include "http/byte_consumer.hpp"
#include "http/content_decoder.hpp"

#include <pofetch/transport.hpp>

#include <cstdint>
#include <memory>

namespace pofetch::http {

/// The way of one body from the parser to the sink: decoded if need be, then counted against a bound.
class body_pipe final : public byte_consumer {
 public:
  /// `limit`: more decoded bytes than this are refused.
  body_pipe(body_sink& sink, std::uint64_t limit) : end_(sink, limit) {}

  /// The body is encoded. Before the first byte.
  void decode_with(std::unique_ptr<content_decoder> decoder, content_coding coding);

  /// Failures: too_large, those of content_decoder, and those of the sink.
  result<void> consume(std::span<const std::byte> bytes) override;

  /// The body is whole: is its coding, too?
  [[nodiscard]] result<void> finish() const;

  /// See body_sink.
  [[nodiscard]] bool full() const noexcept { return end_.sink.full(); }
  [[nodiscard]] awaitable<result<void>> drain() { return end_.sink.drain(); }

  /// The last failure was the sink's own.
  [[nodiscard]] bool sink_refused() const noexcept { return end_.refused; }

  /// Bytes behind the end of the coding, which were passed over.
  [[nodiscard]] std::uint64_t passed_over() const noexcept { return decoder_ ? decoder_->passed_over() : 0; }

  [[nodiscard]] std::unique_ptr<content_decoder> take_decoder() noexcept { return std::move(decoder_); }

 private:
  struct last_stage final : byte_consumer {
    last_stage(body_sink& to, std::uint64_t most) : sink(to), limit(most) {}
    result<void> consume(std::span<const std::byte> bytes) override;

    body_sink& sink;
    std::uint64_t limit;
    std::uint64_t count = 0;
    bool refused = false;
  };

  last_stage end_;
  std::unique_ptr<content_decoder> decoder_;
};

/// Failure too_large with the bound in words.
[[nodiscard]] failure too_large_failure(std::uint64_t limit);

}  // namespace pofetch::http
