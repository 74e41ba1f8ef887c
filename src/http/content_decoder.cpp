#include "http/content_decoder.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <new>
#include <string>

namespace pofetch::http {

namespace {

constexpr std::size_t output_bytes = 32U << 10;
/// The first byte of every gzip member.
constexpr std::byte gzip_mark{0x1f};
constexpr int gzip_window = 15 + 16;
constexpr int zlib_window = 15;
constexpr int raw_window = -15;

/// RFC 1950 2.2: method 8, window at most 32 KiB, and the two bytes are a multiple of 31.
bool is_zlib_header(unsigned first, unsigned second) {
  return (first & 0x0fU) == 8 && (first >> 4U) <= 7 && (first * 256 + second) % 31 == 0;
}

}  // namespace

struct content_decoder::state {
  z_stream stream{};
  bool initialised = false;
  content_coding coding = content_coding::gzip;
  bool member_open = false;   // inside a gzip member or the deflate stream
  bool member_ended = false;  // at least one came to its end
  bool checked = true;        // the format has a check sum
  std::uint64_t passed_over = 0;
  // The first two bytes tell zlib from raw deflate.
  std::array<unsigned char, 2> opening{};
  std::size_t opening_count = 0;
  std::array<unsigned char, output_bytes> output{};

  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() {
    if (initialised) inflateEnd(&stream);
  }

  void open_member(int window) {
    const int outcome = initialised ? inflateReset2(&stream, window) : inflateInit2(&stream, window);
    if (outcome != Z_OK) throw std::bad_alloc();
    initialised = true;
    member_open = true;
  }

  [[nodiscard]] std::string_view name() const { return coding == content_coding::gzip ? "gzip" : "deflate"; }

  [[nodiscard]] failure broken() const {
    const std::string_view why = stream.msg == nullptr ? "unknown" : stream.msg;
    // zlib has no codes of its own for the trailer, only these words.
    if (why == "incorrect data check" || why == "incorrect length check")
      return make_failure(
          errc::digest_mismatch,
          fmt::format("the check sum at the end of the {} body does not hold ({})", name(), why));
    return make_failure(errc::protocol,
                        fmt::format("the body is announced as {} but is not ({})", name(), why));
  }

  result<void> inflate_some(std::span<const std::byte>& bytes, byte_consumer& out);
  result<void> skip_opening(std::span<const std::byte>& bytes, byte_consumer& out);
  result<void> next_member(std::span<const std::byte>& bytes);
};

/// Runs the decoder until the bytes are used up or a member ends.
result<void> content_decoder::state::inflate_some(std::span<const std::byte>& bytes, byte_consumer& out) {
  // zlib does not write through next_in, but it is not const.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max()));
  const std::size_t given = stream.avail_in;
  int outcome = Z_OK;
  do {
    stream.next_out = output.data();
    stream.avail_out = static_cast<uInt>(output.size());
    outcome = inflate(&stream, Z_NO_FLUSH);
    if (outcome == Z_MEM_ERROR) throw std::bad_alloc();
    if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) return broken();
    const std::size_t made = output.size() - stream.avail_out;
    if (made > 0) {
      auto handed = out.consume(std::as_bytes(std::span(output).first(made)));
      if (!handed) return handed;
    }
  } while (outcome == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0));
  bytes = bytes.subspan(given - stream.avail_in);
  if (outcome == Z_STREAM_END) {
    member_open = false;
    member_ended = true;
  }
  return {};
}

/// Collects two bytes, then opens the deflate stream in the format that they show.
result<void> content_decoder::state::skip_opening(std::span<const std::byte>& bytes, byte_consumer& out) {
  while (opening_count < opening.size() && !bytes.empty()) {
    opening[opening_count++] = std::to_integer<unsigned char>(bytes.front());
    bytes = bytes.subspan(1);
  }
  if (opening_count < opening.size()) return {};
  checked = is_zlib_header(opening[0], opening[1]);
  open_member(checked ? zlib_window : raw_window);
  std::span<const std::byte> kept = std::as_bytes(std::span(opening));
  auto step = inflate_some(kept, out);
  if (step && !kept.empty()) return next_member(kept);
  return step;
}

/// More bytes after an end: another gzip member (RFC 1952 2.2), or rubbish, behind which nothing counts.
result<void> content_decoder::state::next_member(std::span<const std::byte>& bytes) {
  if (coding == content_coding::gzip && passed_over == 0 && (!member_ended || bytes.front() == gzip_mark)) {
    open_member(gzip_window);
    return {};
  }
  if (!checked)
    return make_failure(errc::protocol, fmt::format("there are bytes after the end of the {} body", name()));
  passed_over += bytes.size();
  bytes = {};
  return {};
}

content_decoder::content_decoder() : state_(std::make_unique<state>()) {}
content_decoder::~content_decoder() = default;

void content_decoder::start(content_coding coding) {
  state_->coding = coding;
  state_->member_open = false;
  state_->member_ended = false;
  state_->checked = true;
  state_->passed_over = 0;
  state_->opening_count = 0;
}

result<void> content_decoder::decode(std::span<const std::byte> bytes, byte_consumer& out) {
  state& s = *state_;
  while (!bytes.empty()) {
    result<void> step{};
    if (s.member_open)
      step = s.inflate_some(bytes, out);
    else if (s.coding == content_coding::deflate && !s.member_ended)
      step = s.skip_opening(bytes, out);
    else
      step = s.next_member(bytes);
    if (!step) return step;
  }
  return {};
}

result<void> content_decoder::finish() const {
  const state& s = *state_;
  if (s.member_ended && !s.member_open) return {};
  // Nothing at all came: an empty body, whatever coding the server set for all its answers.
  if (!s.member_open && s.opening_count == 0) return {};
  return make_failure(errc::truncated, fmt::format("the {} body ends before its own end mark", s.name()));
}

std::uint64_t content_decoder::passed_over() const noexcept { return state_->passed_over; }

}  // namespace pofetch::http
