#pragma once

#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace coupa_sim {

/// Compresses piece by piece (RFC 1952). Throws std::runtime_error if zlib refuses.
class gzip_stream {
 public:
  gzip_stream();
  ~gzip_stream();

  gzip_stream(const gzip_stream&) = delete;
  gzip_stream& operator=(const gzip_stream&) = delete;

  /// Appends to `out` what is ready by now; with `last` everything, the trailer included.
  void compress(std::string_view bytes, bool last, std::string& out);

 private:
  std::unique_ptr<z_stream_s> stream_;
};

}  // namespace coupa_sim
