#include "cli/commands/commands.hpp"
#include "cli/text/printable.hpp"
#include "core/consequence.hpp"
#include "core/setting_text.hpp"
#include "os/read_write.hpp"

#include <fmt/format.h>

#include <string>
#include <unistd.h>

namespace pofetch::cli {

namespace {

void say(std::string_view lead, std::string_view text) {
  static_cast<void>(
      os::write_all(STDERR_FILENO, fmt::format("pofetch: {}{}\n", lead, printable_masked(text))));
}

}  // namespace

void complain(std::string_view text) { say("", text); }

void complain(const failure& why) {
  complain(why.message);
  const std::string step = core::spelled(core::consequence_of(why.code).to_go_on);
  if (!step.empty()) complain(step);
}

void tell(std::string_view text) {
  static_cast<void>(os::write_all(STDERR_FILENO, printable_masked(text) + "\n"));
}

void warn(std::string_view text) { say("warning: ", text); }

bool print(std::string_view text) { return os::write_all(STDOUT_FILENO, text) == 0; }

}  // namespace pofetch::cli
