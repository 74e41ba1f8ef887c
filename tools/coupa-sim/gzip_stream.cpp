#include "coupa-sim/gzip_stream.hpp"

#include <zlib.h>

#include <stdexcept>

namespace coupa_sim {

gzip_stream::gzip_stream() : stream_(std::make_unique<z_stream_s>()) {
  constexpr int gzip_window = 15 + 16;
  if (deflateInit2(stream_.get(), Z_BEST_SPEED, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib could not start to compress");
  }
}

gzip_stream::~gzip_stream() { deflateEnd(stream_.get()); }

void gzip_stream::compress(std::string_view bytes, bool last, std::string& out) {
  constexpr std::size_t step = 16 * 1024;
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_->avail_in = static_cast<uInt>(bytes.size());
  do {
    const std::size_t before = out.size();
    out.resize(before + step);
    stream_->next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream_->avail_out = static_cast<uInt>(step);
    deflate(stream_.get(), last ? Z_FINISH : Z_NO_FLUSH);
    out.resize(before + step - stream_->avail_out);
  } while (stream_->avail_out == 0);
}

}  // namespace coupa_sim
