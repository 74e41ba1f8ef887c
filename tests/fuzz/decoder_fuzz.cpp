// Any bytes as an encoded body: it decodes to the same in whatever pieces it comes, never to more than was
// asked for; and what was encoded decodes to itself.
#include "fuzz/fuzz_input.hpp"
#include "http/content_decoder.hpp"

#include <zlib.h>

#include <string>
#include <utility>

namespace {

using namespace pofetch;
constexpr std::size_t most = 1U << 20;

struct bounded final : http::byte_consumer {
  std::string bytes;
  result<void> consume(std::span<const std::byte> more) override {
    bytes.append(reinterpret_cast<const char*>(more.data()), std::min(more.size(), most - bytes.size()));
    if (bytes.size() == most) return make_failure(errc::too_large, "too large");
    return {};
  }
};

struct outcome {
  std::string bytes;
  std::string failure;
  bool operator==(const outcome&) const = default;
};

outcome decoded(http::content_decoder& decoder, http::content_coding coding, std::string_view body,
                bool whole) {
  bounded out;
  decoder.start(coding);
  fuzz::dice dice(body);
  result<void> step{};
  for (std::string_view rest = body; step && !rest.empty();) {
    const std::string_view piece = rest.substr(0, whole ? rest.size() : dice.size(4096));
    rest.remove_prefix(piece.size());
    step = decoder.decode(fuzz::bytes_of(piece), out);
  }
  if (step) step = decoder.finish();
  return {std::move(out.bytes), step ? std::string() : step.error().message};
}

std::string encoded(std::string_view plain, int window) {
  z_stream stream{};
  fuzz::require(deflateInit2(&stream, 1, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, plain.size()), '\0');
  std::string copy(plain);
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  fuzz::require(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using http::content_coding;
  const std::string_view body = fuzz::text_of(data, size);
  static http::content_decoder decoder;
  for (const auto coding : {content_coding::gzip, content_coding::deflate}) {
    const outcome whole = decoded(decoder, coding, body, true);
    const outcome pieces = decoded(decoder, coding, body, false);
    fuzz::require(whole.bytes.size() <= most && pieces.bytes.size() <= most);
    // How much comes out before a fault shows, and which of two shows first, is left to the pieces.
    fuzz::require(whole.failure.empty() == pieces.failure.empty());
    if (whole.failure.empty()) fuzz::require(whole == pieces);
  }
  const outcome expected{std::string(body), ""};
  const std::string member = encoded(body, 15 + 16);
  fuzz::require(decoded(decoder, content_coding::gzip, member, false) == expected);
  fuzz::require(decoded(decoder, content_coding::deflate, encoded(body, 15), false) == expected);
  if (!body.empty())
    fuzz::require(
        !decoded(decoder, content_coding::gzip, member.substr(0, member.size() - 1), false).failure.empty());
  return 0;
}
