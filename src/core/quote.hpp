#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pofetch::core {

/// A text from outside, fit to stand in a message: one line of at most `most` bytes of UTF-8, without control
/// characters and secrets, white space collapsed.
[[nodiscard]] std::string quote_for_message(std::string_view text, std::size_t most = 120);

}  // namespace pofetch::core
