#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::records {

/// The texts as one JSON array of strings. Bytes that are no UTF-8 are kept as they are.
[[nodiscard]] std::string to_json(const std::vector<std::string>& texts);

/// The inverse. Failure `ledger`: it is not an array of strings; `advice` ends its message.
[[nodiscard]] result<std::vector<std::string>> from_json(std::string_view json, std::string_view advice = {});

}  // namespace pofetch::records
