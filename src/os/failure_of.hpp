#pragma once

#include <pofetch/error.hpp>

#include <string>
#include <string_view>

namespace pofetch::os {

/// The code of an error of the operating system: `disk_full` for ENOSPC and EDQUOT, `permission` for EACCES,
/// EPERM and EROFS, else `disk`.
[[nodiscard]] errc code_of(int error) noexcept;

/// What the system says of it: "No such file or directory".
[[nodiscard]] std::string words_of(int error);

/// The failure with the code of `code_of`. `what` begins the sentence: "'a/b.pdf' cannot be written"; what
/// follows are the system's words, or better ones for a purchasing clerk.
[[nodiscard]] failure failure_of(int error, std::string_view what);

}  // namespace pofetch::os
