#pragma once

#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace pofetch::core {

/// `Not Found` for 404; empty for a status that RFC 9110 does not name.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// Does the system say that the thing is not there? Not a 403: then it may be there, and only this user may
/// not see it.
[[nodiscard]] bool is_plain_missing(const failure& why) noexcept;

/// The failure that stands for an answer that is no success: `rate_limited` for 429, `protocol` for a number
/// that is no HTTP status, else `http_status`. `subject` says for a person what was asked for (`PO 12, file
/// quote.pdf`); `masked_url` has passed `mask_url`.
[[nodiscard]] failure failure_for_status(int status, std::string_view subject, std::string_view masked_url,
                                         std::optional<std::chrono::milliseconds> retry_after = {});

/// The same for a response: masks its URL and reads its Retry-After.
[[nodiscard]] failure failure_for_response(
    const http_response& head, std::string_view subject,
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace pofetch::core
