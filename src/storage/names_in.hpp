#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <vector>

namespace pofetch::storage {

/// All names in the open folder, of whatever kind, without `.` and `..`; in no order. Failure: disk.
[[nodiscard]] result<std::vector<std::string>> names_in(int folder);

}  // namespace pofetch::storage
