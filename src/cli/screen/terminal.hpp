#pragma once

#include <cstddef>

namespace pofetch::cli {

struct terminal_size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// Can bars be drawn there: a terminal, and TERM is neither empty nor `dumb`?
[[nodiscard]] bool can_draw(int descriptor);

/// As the terminal is now; 80 x 24 if it does not say.
[[nodiscard]] terminal_size size_of_terminal(int descriptor);

/// May colours be used there (https://no-color.org)?
[[nodiscard]] bool can_colour(int descriptor);

}  // namespace pofetch::cli
