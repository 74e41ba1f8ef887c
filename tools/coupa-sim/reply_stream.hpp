#pragma once

#include "coupa-sim/gzip_stream.hpp"
#include "coupa-sim/site.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace coupa_sim {

/// Turns a reply into the bytes of an HTTP/1.1 answer, block by block, without I/O.
class reply_stream {
 public:
  /// `head_only`: the answer to HEAD. `keep_alive`: else `Connection: close` is announced.
  reply_stream(site_reply reply, bool head_only, bool keep_alive);

  /// The next bytes to write, about 64 KiB at most; empty at the end. Valid until the next call.
  [[nodiscard]] std::string_view next();

  /// After the end: the answer was left off in its middle on purpose.
  [[nodiscard]] bool left_off() const noexcept { return left_off_; }

  [[nodiscard]] unsigned status() const noexcept { return reply_.status; }
  [[nodiscard]] fault broken() const noexcept { return reply_.broken; }

 private:
  [[nodiscard]] std::string head(bool keep_alive) const;
  [[nodiscard]] std::string_view next_piece();
  void append_chunk(std::string_view piece, bool last);

  site_reply reply_;
  bool framed_;          ///< Transfer-Encoding: chunked
  std::uint64_t total_;  ///< bytes of the body before framing and compression
  std::uint64_t end_;    ///< as many of them are sent
  std::uint64_t sent_ = 0;
  bool started_ = false;
  bool done_ = false;
  bool left_off_ = false;
  std::string out_;  ///< head, then what needs framing
  std::string packed_;
  std::unique_ptr<gzip_stream> gzip_;
};

}  // namespace coupa_sim
