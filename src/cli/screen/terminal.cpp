#include "cli/screen/terminal.hpp"

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace pofetch::cli {

namespace {

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

}  // namespace

bool can_draw(int descriptor) {
  const std::string_view kind = variable("TERM");
  return ::isatty(descriptor) == 1 && !kind.empty() && kind != "dumb";
}

terminal_size size_of_terminal(int descriptor) {
  terminal_size size;
  winsize answer{};
  if (::ioctl(descriptor, TIOCGWINSZ, &answer) != 0) return size;
  if (answer.ws_col > 0) size.columns = answer.ws_col;
  if (answer.ws_row > 0) size.rows = answer.ws_row;
  return size;
}

bool can_colour(int descriptor) { return can_draw(descriptor) && variable("NO_COLOR").empty(); }

}  // namespace pofetch::cli
