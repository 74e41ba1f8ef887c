#include "http/chunk_reader.hpp"

#include "core/ascii.hpp"
#include "http/head_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace pofetch::http {

namespace {

/// As much of a trailer as has to be seen.
constexpr std::size_t trailer_beginning = 64;

failure bad_chunk(std::string_view why) { return not_http(fmt::format("bad chunk: {}", why)); }

}  // namespace

void chunk_reader::start(std::size_t line_limit) {
  line_limit_ = line_limit;
  line_bytes_ = 0;
  where_ = place::size;
  size_ = 0;
  digits_ = 0;
  last_ = false;
  trailer_.clear();
}

result<std::size_t> chunk_reader::feed(std::span<const char> bytes, byte_consumer& out) {
  std::size_t used = 0;
  while (used < bytes.size() && !done()) {
    if (where_ == place::data) {
      const auto piece =
          bytes.subspan(used, static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size() - used)));
      if (auto handed = out.consume(std::as_bytes(piece)); !handed) return handed.error();
      used += piece.size();
      size_ -= piece.size();
      if (size_ == 0) where_ = place::data_end;
      continue;
    }
    if (++line_bytes_ > line_limit_)
      return make_failure(errc::protocol,
                          fmt::format("more than {} bytes of chunk header or trailers", line_limit_));
    if (auto taken = step(bytes[used]); !taken) return taken.error();
    ++used;
  }
  return used;
}

result<void> chunk_reader::step(char c) {
  switch (where_) {
    case place::size:
      return in_size(c);
    case place::padding:
      return behind_size(c);
    case place::extension:
      // Some readers end the line at a LF alone, others only at CRLF.
      if (c == '\n' || c == '\0') return bad_chunk("a line feed or NUL within an extension");
      if (c == '\r') where_ = place::size_lf;
      return {};
    case place::size_lf:
      if (c != '\n') return bad_chunk("a CR alone");
      end_size_line();
      return {};
    case place::data_end:
    case place::data_lf:
      if (c == '\r' && where_ == place::data_end) {
        where_ = place::data_lf;
        return {};
      }
      if (c != '\n') return bad_chunk("it is longer than its size says");
      where_ = place::size;
      return {};
    default:
      return in_trailer(c);
  }
}

result<void> chunk_reader::in_size(char c) {
  const int digit = core::hex_value(c);
  if (digit >= 0) {
    if (size_ > std::numeric_limits<std::uint64_t>::max() / 16) return bad_chunk("its size is too large");
    size_ = size_ * 16 + static_cast<std::uint64_t>(digit);
    digits_ = 1;
    return {};
  }
  if (digits_ == 0) return bad_chunk("no size");
  return behind_size(c);
}

result<void> chunk_reader::behind_size(char c) {
  switch (c) {
    case ' ':
    case '\t':
      where_ = place::padding;
      return {};
    case ';':
      where_ = place::extension;
      return {};
    case '\r':
      where_ = place::size_lf;
      return {};
    case '\n':
      end_size_line();
      return {};
    default:
      return bad_chunk("something else behind its size");
  }
}

void chunk_reader::end_size_line() {
  digits_ = 0;
  last_ = size_ == 0;
  where_ = last_ ? place::trailer : place::data;
  if (!last_) line_bytes_ = 0;
}

result<void> chunk_reader::in_trailer(char c) {
  if (where_ == place::trailer_lf && c != '\n') return bad_chunk("a CR alone in a trailer");
  if (c == '\n') return end_trailer();
  if (c == '\0') return bad_chunk("a NUL in a trailer");
  if (c == '\r')
    where_ = place::trailer_lf;
  else if (trailer_.size() < trailer_beginning)
    trailer_ += c;
  return {};
}

/// Trailers are passed over (RFC 9110 6.5.1), but for one that would frame the body anew.
result<void> chunk_reader::end_trailer() {
  where_ = trailer_.empty() ? place::end : place::trailer;
  const bool framing = begins_with_framing(trailer_);
  trailer_.clear();
  if (framing) return bad_chunk("a Content-Length or Transfer-Encoding behind the last one");
  return {};
}

}  // namespace pofetch::http
