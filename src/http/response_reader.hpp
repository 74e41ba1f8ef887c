#pragma once

#include "http/byte_consumer.hpp"

#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pofetch::http {

/// Takes the bytes of one HTTP/1.1 response apart (RFC 9112), without any input or output of its own. The
/// head is collected; the body goes to a consumer straight out of the caller's buffer. One object serves
/// many responses, one after another.
class response_reader {
 public:
  /// `header_limit` bounds the head with the interim ones before it, each chunk header, and the last one
  /// together with the trailers, in bytes.
  explicit response_reader(std::size_t header_limit);
  ~response_reader();

  response_reader(const response_reader&) = delete;
  response_reader& operator=(const response_reader&) = delete;

  /// Gets ready for the answer to a request. `to_head`: it was HEAD, so no body follows.
  void start(bool to_head);

  /// Parses from the front of `bytes` and returns how many were used; the rest has to be presented again,
  /// with more behind it. Stops at the end of the head, so that the caller can decide what becomes of
  /// the body, and at the end of the message. 0 used: more is needed. Failures: protocol, and those of the
  /// consumer. What is read, and whether it is refused, does not depend on the pieces in which it comes; the
  /// words of a refusal may: what is wrong in a head is found at once or when its end is there. Which broken
  /// heads and chunks are read all the same: head_text.hpp, chunk_reader.hpp.
  result<std::size_t> feed(std::span<const char> bytes);

  /// The peer has closed the connection in an orderly way. That ends a body without announced length, and one
  /// in chunks of which the last has come; anything else is cut short: failure truncated.
  result<void> feed_end();

  /// From here on the body goes to `where` (nullptr: it is dropped). Before the head is complete: no effect
  /// on it.
  void set_body_consumer(byte_consumer* where) noexcept;

  [[nodiscard]] bool has_head() const noexcept;
  /// An interim answer has come (RFC 9110 15.2): the server wants the body that it was asked about.
  [[nodiscard]] bool has_interim() const noexcept;
  /// The message is whole.
  [[nodiscard]] bool done() const noexcept;
  /// Nothing of the body is missing, though the end of its framing may be.
  [[nodiscard]] bool is_body_whole() const noexcept;

  // After `has_head`.
  [[nodiscard]] int status() const noexcept;
  /// Moves the fields out.
  [[nodiscard]] std::vector<http_field> take_fields();
  [[nodiscard]] std::optional<std::uint64_t> content_length() const;
  /// The end of the body is the end of the connection.
  [[nodiscard]] bool ends_with_connection() const;
  /// After `done`: may the connection carry another request?
  [[nodiscard]] bool keep_alive() const;

  /// Bytes of the body so far, as sent (chunk framing left out).
  [[nodiscard]] std::uint64_t body_bytes() const noexcept;

 private:
  struct parser;
  std::size_t header_limit_;
  std::unique_ptr<parser> parser_;
};

}  // namespace pofetch::http
