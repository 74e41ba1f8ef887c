#pragma once

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pofetch {

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
  /// It holds as much as it wants to: nothing more is read from the socket before `drain` has ended. Asked
  /// after every read, so it may be passed by what one read gives, decoded.
  [[nodiscard]] virtual bool full() const noexcept { return false; }
  /// Called while it is full; ends when there is room again. On the exchange's executor, cancellable, and not
  /// under the idle timeout: what never takes anything has to fail. A failure ends the exchange with that
  /// failure.
  [[nodiscard]] virtual awaitable<result<void>> drain() { co_return result<void>(); }
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

  /// The host of this address has had enough, as one of its answers showed (a firewall's 403): it is left
  /// alone for a moment, and asked more slowly after that, as after a 429.
  virtual void spare(std::string_view /*url*/) {}

  /// Requests sent so far, redirects and second sends included. Any thread.
  [[nodiscard]] virtual std::uint64_t requests() const noexcept = 0;
};

}  // namespace pofetch
