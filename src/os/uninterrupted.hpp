#pragma once

#include <cerrno>

namespace pofetch::os {

/// Makes a call of the system, again and again while a signal interrupts it, which file systems on the
/// network or in a program of the user's let happen to any that waits. Its result; errno tells why it is -1.
template <class Call>
[[nodiscard]] auto uninterrupted(Call call) noexcept {
  for (;;) {
    const auto outcome = call();
    if (outcome != -1 || errno != EINTR) return outcome;
  }
}

}  // namespace pofetch::os
