#pragma once

#include <string>

namespace pofetch::test {

/// By a connection of its own; rows as text, `|` between columns, `;` between rows; what the server refuses
/// in its own words. Throws if it cannot be reached.
[[nodiscard]] std::string query_postgres(const std::string& url, const std::string& sql);

}  // namespace pofetch::test
