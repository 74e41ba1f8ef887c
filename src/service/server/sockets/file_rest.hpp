#pragma once

#include <cstdint>

namespace pofetch::service {

/// What of a file is still to be sent. Does not own it.
struct file_rest {
  int file = -1;
  std::uint64_t at = 0;
  std::uint64_t left = 0;
};

}  // namespace pofetch::service
