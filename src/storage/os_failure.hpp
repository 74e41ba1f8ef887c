#pragma once

#include <pofetch/error.hpp>

#include <string_view>

namespace pofetch::storage {

/// An error of the operating system as a failure: `disk_full` for ENOSPC and EDQUOT, `permission` for
/// EACCES, EPERM and EROFS, else `disk`. `what` begins the sentence: "'a/b.pdf' cannot be written".
[[nodiscard]] failure os_failure(int error, std::string_view what);

}  // namespace pofetch::storage
