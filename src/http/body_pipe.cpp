#include "http/body_pipe.hpp"

#include <fmt/format.h>

#include <utility>

namespace pofetch::http {

void body_pipe::decode_with(std::unique_ptr<content_decoder> decoder, content_coding coding) {
  decoder_ = std::move(decoder);
  decoder_->start(coding);
}

result<void> body_pipe::consume(std::span<const std::byte> bytes) {
  return decoder_ ? decoder_->decode(bytes, end_) : end_.consume(bytes);
}

result<void> body_pipe::finish() const {
  if (decoder_) return decoder_->finish();
  return {};
}

result<void> body_pipe::last_stage::consume(std::span<const std::byte> bytes) {
  if (bytes.size() > limit - count) return too_large_failure(limit);
  count += bytes.size();
  auto written = sink.write(bytes);
  if (!written) refused = true;
  return written;
}

failure too_large_failure(std::uint64_t limit) {
  return make_failure(errc::too_large,
                      fmt::format("the body is larger than the {} bytes that are allowed", limit));
}

}  // namespace pofetch::http
