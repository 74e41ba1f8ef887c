#pragma once

#include <zlib.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace pofetch::testing {

/// Windows of zlib's `deflateInit2`: which format the bytes get.
inline constexpr int gzip_format = 15 + 16;
inline constexpr int zlib_format = 15;
inline constexpr int raw_format = -15;

inline std::string gzipped(std::string_view text, int format = gzip_format) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, format, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib cannot be used");
  std::string out(deflateBound(&stream, text.size()), '\0');
  std::string in(text);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("zlib cannot compress");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace pofetch::testing
