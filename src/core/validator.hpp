#pragma once

#include <pofetch/http_message.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::core {

// By what a server can be asked whether something is still what it was (RFC 9110 8.8, 13.1): an entity-tag,
// or the time of the last change. Kept as one text, as it was sent.

/// A time of change says something only once it is so old: what changes twice within a second, or while it is
/// read, has the same one again.
inline constexpr std::chrono::seconds settling_time{2};

/// The entity-tag of an answer, weak or strong; without one its Last-Modified, if that is `settling_time`
/// before the answer's Date (`now` without one). Empty: there is none that can be relied on.
[[nodiscard]] std::string validator_of(const http_response& head, std::chrono::system_clock::time_point now);

/// If-None-Match or If-Modified-Since for it.
[[nodiscard]] http_field condition_of(const std::string& validator);

enum class sameness { same, other, unknown };

/// What the fields of an answer, 304 or whole, say of it against the one that had this validator. Entity-tags
/// are compared weakly, dates to the letter: a file may be replaced by an older one.
[[nodiscard]] sameness compare(const http_response& head, std::string_view validator);

/// May this time of change, as a source writes it, be relied on, for something that was looked at at that
/// time?
[[nodiscard]] bool is_settled(std::string_view changed_at, std::chrono::system_clock::time_point looked_at);

}  // namespace pofetch::core
