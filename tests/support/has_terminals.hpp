#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace pofetch::test {

/// Can this machine make pseudo terminals? A chroot without /dev/pts cannot. Says SKIPPED if not.
[[nodiscard]] inline bool has_terminals() {
  const int end = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  const bool there = end >= 0 && ::grantpt(end) == 0 && ::unlockpt(end) == 0 && ::ptsname(end) != nullptr &&
                     ::access(::ptsname(end), R_OK | W_OK) == 0;
  if (end >= 0) ::close(end);
  if (!there) MESSAGE("SKIPPED: what is shown on a terminal; none can be made here (is /dev/pts mounted?)");
  return there;
}

}  // namespace pofetch::test
