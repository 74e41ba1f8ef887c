#pragma once

#include <string>
#include <string_view>

namespace pofetch::lists {

/// Text from a list as a message quotes it: in single quotes, without control characters, URLs masked,
/// cut to about 80 bytes.
[[nodiscard]] std::string show(std::string_view text);

}  // namespace pofetch::lists
