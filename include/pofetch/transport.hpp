#pragma once

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch {

struct http_field {
  std::string name;
  std::string value;
};

/// One request. Credentials (cookies, tokens, --header) are no part of it: the transport adds them,
/// and only for the instance's own origin.
struct http_request {
  std::string method = "GET";
  /// Absolute, http or https.
  std::string url;
  /// Added as they are; a name or value with a control character is refused.
  std::vector<http_field> fields{};
  std::string body{};
  /// The user wrote the URL himself: the address of its own host is not checked.
  bool user_named = false;
  /// Discovery: goes before downloads when connections are short, so that there is always work.
  bool urgent = false;
  /// A decoded body above this many bytes ends the exchange with `too_large`.
  std::uint64_t max_body = std::numeric_limits<std::uint64_t>::max();
  /// A redirect whose absolute target satisfies this is not followed: its 3xx answer is the result.
  std::function<bool(std::string_view url)> stop_before{};
};

/// The head of the final answer.
struct http_response {
  int status = 0;
  /// Address that gave this answer, after redirects. May carry secrets.
  std::string url;
  std::vector<http_field> fields;
  /// Announced length of the body as sent (before content decoding), if any.
  std::optional<std::uint64_t> content_length{};
  /// The body was content-encoded and is handed over decoded: offsets and lengths of the wire do not
  /// count in the sink.
  bool decoded = false;

  /// First field of that name (case-insensitive), empty if there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
};

/// Where a body goes. Called on the exchange's executor; may block only as long as a write into the
/// page cache does.
class body_sink {
 public:
  virtual ~body_sink() = default;
  /// Once, before any byte, for the final answer (not for redirects that are followed). A failure ends
  /// the exchange with that failure.
  virtual result<void> begin(const http_response& head) = 0;
  /// The next bytes, decoded. The view is valid during the call only.
  virtual result<void> write(std::span<const std::byte> bytes) = 0;
};

/// HTTP as the rest of the engine sees it: one exchange, redirects followed, the body pushed into a
/// sink. One object belongs to one executor. Nothing is tried again, but for a kept-alive connection
/// that turns out to be dead before the first byte of an answer.
class transport {
 public:
  virtual ~transport() = default;

  /// Returns the head once the body is whole and handed over. Whatever the status, an answer is a
  /// success here. Failures: timeout, connection, tls, truncated, too_large, too_many_redirects,
  /// blocked_redirect, protocol, digest_mismatch (gzip check sum), unsupported (content coding), and
  /// whatever the sink returned. `request` and `sink` must outlive the call.
  [[nodiscard]] virtual awaitable<result<http_response>> exchange(const http_request& request,
                                                                 body_sink& sink) = 0;

  /// Requests sent so far, redirects and second sends included. Any thread.
  [[nodiscard]] virtual std::uint64_t requests() const noexcept = 0;
};

}  // namespace pofetch
