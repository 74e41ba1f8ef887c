#include "cli/commands/commands.hpp"
#include "cli/commands/login_options.hpp"
#include "cli/commands/stop_signals.hpp"
#include "core/consequence.hpp"

#include <atomic>
#include <csignal>

namespace pofetch::cli {

exit_state command_login(const options& values) {
  engine::browser_login job(browser_wishes_of(values, [&values](std::string_view text) {
    if (!values.quiet) tell(text);
  }));
  std::atomic<int> stopped{0};
  const stop_signals signals([&](int signal) {
    stopped = signal;
    job.request_stop();
  });
  const result<void> done = job.run(values.save);
  if (done) {
    if (!values.quiet)
      tell("Signed in. The session is in " + values.save.string() +
           ", for you alone; give it to pofetch run with "
           "--cookies.");
    return exit_state::ok;
  }
  complain(done.error());
  if (stopped != 0) return stopped == SIGINT ? exit_state::interrupted : exit_state::terminated;
  return core::consequence_of(done.error().code).exit;
}

}  // namespace pofetch::cli
