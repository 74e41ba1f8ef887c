#pragma once

#include <pofetch/body_note.hpp>
#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::core {

using pofetch::announced_digest;

/// `MD5`, `SHA-1`, `SHA-256`, `SHA-512`.
[[nodiscard]] std::string_view to_string(digest_algorithm algorithm) noexcept;

/// Length of a digest in bytes.
[[nodiscard]] std::size_t digest_size(digest_algorithm algorithm) noexcept;

/// Every digest of the whole file as it reaches the sink: Repr-Digest and Content-Digest (RFC 9530), Digest
/// (RFC 3230), Content-MD5 (RFC 2616 14.15). None if the body was decoded, because all of them count the
/// encoded bytes; Content-Digest and Content-MD5 not with a 206, where they are of the part sent. Malformed
/// entries and unknown algorithms are passed over.
[[nodiscard]] std::vector<announced_digest> announced_digests(const http_response& head);

/// The manifest's or ledger's SHA-256 in hexadecimal. Nothing if it is not 64 such digits.
[[nodiscard]] std::optional<announced_digest> sha256_digest(std::string_view hex, std::string_view origin);

/// Failure digest_mismatch if `actual` (raw bytes) is not the announced digest. `file` names it in the
/// message.
[[nodiscard]] result<void> check_digest(const announced_digest& announced, std::string_view actual,
                                        std::string_view file);

}  // namespace pofetch::core
