#pragma once

#include "os/unique_fd.hpp"

#include <string>

namespace pofetch::storage {

/// An opened file, or the errno that says why not.
struct opened {
  os::unique_fd fd;
  int error = 0;
};

/// Opens `path`, relative to the open folder `root`, without ever leaving the root or following a
/// symbolic link, at any level (openat2(2)). `flags` as for open(2); O_CLOEXEC is added. A link gives
/// ELOOP or ENOTDIR. `path` must have passed `levels_of`.
[[nodiscard]] opened open_beneath(int root, const std::string& path, int flags);

/// The same level by level, for kernels and sandboxes without openat2.
[[nodiscard]] opened open_stepwise(int root, const std::string& path, int flags);

}  // namespace pofetch::storage
