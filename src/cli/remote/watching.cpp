#include "cli/remote/watching.hpp"

#include "cli/commands/commands.hpp"
#include "cli/remote/follower.hpp"
#include "cli/remote/remote_summary.hpp"
#include "cli/screen/screen.hpp"
#include "core/consequence.hpp"
#include "os/read_write.hpp"

#include <csignal>
#include <memory>
#include <unistd.h>

namespace pofetch::cli {

namespace {

void show(const std::string& text) { static_cast<void>(os::write_all(STDERR_FILENO, text)); }

awaitable<> follow_into(follower& work, result<void>& done) {
  auto followed = co_await work.follow();
  done = std::move(followed);
}

exit_state end_of_batch(const follower& work, const service_client& from, const batch_address& where,
                        const options& values) {
  const service::batch_record& now = work.batch().record();
  if (now.state == service::batch_state::failed && now.reason)
    complain(now.reason->message + " " + now.reason->next_step);
  if (!values.quiet) show(remote_summary(work, where, from.has_token()));
  return exit_of(now);
}

}  // namespace

exit_state exit_of_signal(int signal) noexcept {
  return signal == SIGINT ? exit_state::interrupted : exit_state::terminated;
}

exit_state watch_batch(stoppable_loop& loop, service_client& from, const batch_address& where,
                       const options& values, bool known) {
  const result<std::unique_ptr<screen>> opened = screen::open(values, false);
  if (!opened) {
    complain(opened.error().message);
    return exit_state::usage;
  }
  screen& shown = **opened;
  follower work(from, where.id, shown, known);
  result<void> done;
  loop.run(follow_into(work, done));
  shown.finish();
  if (loop.signal() != 0) {
    if (!values.quiet) show(left_running(where, from.has_token()));
    return exit_of_signal(loop.signal());
  }
  if (done) return end_of_batch(work, from, where, values);
  complain(done.error().message);
  if (!work.has_lost_it()) return core::consequence_of(done.error().code).exit;
  if (!values.quiet) show(left_running(where, from.has_token()));
  return exit_state::machine;
}

}  // namespace pofetch::cli
