#pragma once

#include <pofetch/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::http {

/// Finds the end of a head while it arrives (RFC 9112 2.2): an empty line behind the status line. Lines end
/// with CRLF or with LF alone; empty lines before the status line are passed over.
class head_end {
 public:
  /// `bytes`: all that has come of the head so far, the same as at the call before with more behind it. Its
  /// length; nothing: more is needed. Failure protocol for what can be no head: it does not begin with a
  /// status line, or holds a NUL or a CR alone.
  [[nodiscard]] result<std::optional<std::size_t>> find(std::string_view bytes);

 private:
  std::size_t line_ = 0;  ///< where the line at hand begins
  bool begun_ = false;    ///< the status line is complete
};

/// A head in the one form that leaves no questions.
struct regular_head {
  /// Status line and fields, each with CRLF, and the empty line. Only what can be read is in it; what frames
  /// the body is there once.
  std::string text;
  /// The framing is sound, but so odd that no further answer is read from the connection.
  bool must_close = false;
};

/// Reads a head (with its empty line) as a client may and as others do, and writes it down as it should have
/// been: folded lines in one (RFC 9112 5.2), without lines and fields that cannot be read and decide nothing.
/// Failure protocol where two readers could disagree about where the message ends. The cases are a table in
/// README.md of this folder.
[[nodiscard]] result<regular_head> regular_head_of(std::string_view head);

/// Does this line begin with the name of a field that frames a body, whatever stands before or behind it?
[[nodiscard]] bool begins_with_framing(std::string_view line) noexcept;

/// Failure protocol: what came is no proper answer, and why.
[[nodiscard]] failure not_http(std::string_view why);

}  // namespace pofetch::http
