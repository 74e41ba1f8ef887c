#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::service {

/// From the system's source for keys. Throws std::runtime_error where that gives none.
[[nodiscard]] std::string random_bytes(std::size_t count);

/// 32 bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);

/// 26 digits of base32 (Crockford's, lower case): 48 bits of time in milliseconds, then 80 of chance. Later
/// ones sort behind earlier ones.
[[nodiscard]] std::string new_batch_id(std::chrono::system_clock::time_point now);
[[nodiscard]] bool is_batch_id(std::string_view text) noexcept;

/// 16 hexadecimal digits: a request, or one start of the service.
[[nodiscard]] std::string new_mark();

/// Base64 for addresses (RFC 4648 section 5), without padding.
[[nodiscard]] std::string base64_url(std::string_view bytes);

}  // namespace pofetch::service
