#pragma once

namespace pofetch {

/// The exit states of the command line; a library user gets the same.
enum class exit_state : int {
  ok = 0,
  incomplete = 1,
  usage = 2,
  sign_in = 3,
  machine = 4,
  interrupted = 130,
  terminated = 143,
};

}  // namespace pofetch
