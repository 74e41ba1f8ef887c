#pragma once

#include "http/byte_consumer.hpp"

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace pofetch::http {

/// Takes the chunked framing off a body (RFC 9112 7.1), in pieces of any size and without holding any of it.
/// Reads what servers write where there is one way to read it: blanks behind a size, LF alone, zeros before
/// it, extensions, trailers, which count for nothing. Refuses the rest; see README.md of this folder.
class chunk_reader {
 public:
  /// Gets ready for a body. `line_limit` bounds, in bytes, each size line (with the line end before it), and
  /// the last one together with the trailers.
  void start(std::size_t line_limit);

  /// The next bytes; what they hold of the body goes to `out`. How many were used: all, unless the end came.
  /// Failures: protocol, and those of `out`.
  result<std::size_t> feed(std::span<const char> bytes, byte_consumer& out);

  /// The last chunk has come: nothing of the body is missing, whatever becomes of the trailers.
  [[nodiscard]] bool is_body_whole() const noexcept { return last_; }
  /// All of it, the trailers too.
  [[nodiscard]] bool done() const noexcept { return where_ == place::end; }

 private:
  enum class place {
    size,       ///< at the digits
    padding,    ///< blanks behind them
    extension,  ///< behind a semicolon
    size_lf,    ///< behind the CR of a size line
    data,
    data_end,  ///< behind the data: CR or LF
    data_lf,
    trailer,     ///< at or within a line behind the last chunk
    trailer_lf,  ///< behind its CR
    end,
  };

  result<void> step(char c);
  result<void> in_size(char c);
  result<void> behind_size(char c);
  result<void> in_trailer(char c);
  void end_size_line();
  result<void> end_trailer();

  std::size_t line_limit_ = 0;
  std::size_t line_bytes_ = 0;
  place where_ = place::end;
  std::uint64_t size_ = 0;  ///< of the chunk at hand, what has not come yet
  unsigned digits_ = 0;     ///< of the size; one is enough to know
  bool last_ = false;
  /// The beginning of the trailer at hand.
  std::string trailer_;
};

}  // namespace pofetch::http
