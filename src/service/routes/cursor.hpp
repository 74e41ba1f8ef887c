#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pofetch::service {

/// Where the next page begins, for clients to give back as it is: a version, the place, and what was asked
/// for.
[[nodiscard]] std::string make_cursor(std::string_view place, std::string_view question);
/// The place. Nothing: it is no cursor, or one of another question.
[[nodiscard]] std::optional<std::string> read_cursor(std::string_view cursor, std::string_view question);

}  // namespace pofetch::service
