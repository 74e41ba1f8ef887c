#pragma once

#include "core/digest_fields.hpp"

#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::core {

/// What to do with an answer, once its head is there.
enum class transfer_action {
  append,      ///< the body goes on where the bytes so far end: write behind them
  start_over,  ///< rewind the file (a no-op if it is empty), then write
  refetch,  ///< drop this answer, rewind, and ask again at once; costs no try, happens once at most in a row
  fail,     ///< drop this answer; `why` says what is wrong
};

struct transfer_step {
  transfer_action action = transfer_action::fail;
  /// With `fail` and `refetch`.
  std::optional<failure> why{};
};

struct transfer_options {
  /// For messages: `PO 12, file quote.pdf`.
  std::string what;
  /// Size that the source announced.
  std::optional<std::uint64_t> size{};
  std::uint64_t max_size = std::numeric_limits<std::uint64_t>::max();
};

/// One attachment over all its tries: decides what to ask for, what an answer means for the bytes so far, and
/// whether the body is whole. Knows no socket and no file. A body that broke off goes on only under a
/// strong entity-tag (RFC 9110 13.1.5), and only if the part that comes is exactly the rest of the same
/// version: never are two versions joined.
///
/// Calls of one try: `request_fields`, `on_head`, `on_bytes` for each piece written, then `on_body_end`
/// when the exchange succeeded or `on_broken` when it did not (also after `fail` and `refetch`).
class transfer {
 public:
  explicit transfer(transfer_options options);

  /// `Accept-Encoding: identity`, and `Range` with `If-Range` where the body can go on.
  [[nodiscard]] std::vector<http_field> request_fields() const;

  [[nodiscard]] transfer_step on_head(const http_response& head);

  /// Bytes written behind the ones so far. Failure too_large above `max_size`.
  [[nodiscard]] result<void> on_bytes(std::uint64_t count);

  /// The exchange succeeded. Failures: truncated (less than the server announced), digest_mismatch (not the
  /// size that the source announced; the next try starts from nothing).
  [[nodiscard]] result<void> on_body_end();

  /// The exchange failed: keeps the bytes so far if they can be resumed, else forgets them (the next
  /// answer is `start_over`).
  void on_broken() noexcept;

  /// The content turned out to be wrong: the next try starts from nothing.
  void forget() noexcept;

  /// Before the first try: resumes after `size` bytes that an earlier run left. False, and nothing is
  /// changed, if they cannot be resumed (no strong entity-tag, not the size that the source announced, too
  /// large).
  [[nodiscard]] bool take_up(const body_note& note, std::uint64_t size);

  /// What a later run must know to go on from here; nothing if it could not (no strong entity-tag, or the
  /// length of the whole is unknown).
  [[nodiscard]] std::optional<body_note> note() const;

  /// Bytes so far.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// Length of the whole body, if the server said so.
  [[nodiscard]] std::optional<std::uint64_t> total() const noexcept { return total_; }
  /// Will the next request ask for the rest only?
  [[nodiscard]] bool can_resume() const noexcept { return size_ > 0 && !etag_.empty(); }
  /// Digests of the whole body, of all answers that it was put together from.
  [[nodiscard]] const std::vector<announced_digest>& digests() const noexcept { return digests_; }

 private:
  [[nodiscard]] transfer_step on_whole(const http_response& head);
  [[nodiscard]] transfer_step on_part(const http_response& head);
  [[nodiscard]] transfer_step fail(errc code, std::string message) const;
  [[nodiscard]] transfer_step refetch(std::string_view why);
  void learn_digests(const http_response& head);

  transfer_options options_;
  std::uint64_t size_ = 0;
  std::optional<std::uint64_t> total_;
  /// The answer said where its body ends, by a length, chunks or a coding: it may be empty.
  bool announced_ = false;
  std::string etag_;
  std::vector<announced_digest> digests_;
};

/// Failure digest_mismatch if the source announced another size.
[[nodiscard]] result<void> check_complete(std::uint64_t size, std::optional<std::uint64_t> announced,
                                          std::string_view what);

}  // namespace pofetch::core
