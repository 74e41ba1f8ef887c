#include "cli/commands/commands.hpp"
#include "cli/commands/resume_command.hpp"
#include "cli/remote/remote_batch.hpp"
#include "cli/remote/remote_summary.hpp"
#include "cli/remote/submission.hpp"
#include "cli/remote/watching.hpp"
#include "cli/text/totals_text.hpp"
#include "core/consequence.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <memory>
#include <utility>

namespace pofetch::cli {

namespace {

exit_state refused_list(const failure& why) {
  complain(why);
  return core::consequence_of(why.code).exit;
}

awaitable<> hand_over_into(service_client& to, list_upload& list, std::string query, std::string key,
                           result<service_answer>& answer) {
  auto got = co_await hand_over(to, list, std::move(query), std::move(key));
  answer = std::move(got);
}

/// What somebody needs to find it again; for programs one line.
std::string submitted_text(const batch_address& where, const service::batch_record& made,
                           const options& values) {
  const std::string address = shown_address(where);
  if (values.progress == progress_mode::json)
    return boost::json::serialize(boost::json::object{{"event", "batch_submitted"},
                                                      {"id", where.id},
                                                      {"address", address},
                                                      {"state", std::string(to_string(made.state))}}) +
           "\n";
  if (values.quiet) return address + "\n";
  std::string text = labelled("Batch", where.id) + labelled("Address", address);
  text += labelled("Profile", made.profile) + labelled("State", to_string(made.state));
  if (!values.remote.watch) text += labelled("To look on", "pofetch watch " + shell_quoted(address));
  return text;
}

/// Nobody knows whether the batch is there.
exit_state unanswered(int signal, const std::string& key) {
  complain(
      fmt::format("stopped before the service had answered; the same command with --key {} finds the batch "
                  "if it was made, and makes it if not.",
                  key));
  return exit_of_signal(signal);
}

}  // namespace

exit_state command_submit(const settings::resolution& decided) {
  const options& values = decided.values;
  stoppable_loop loop;  // before the first thread
  const auto service = read_service_address(values.remote.address);
  if (!service) return refused_list(service.error());
  const auto client = service_client::make(loop.executor(), *service, values);
  if (!client) return refused_list(client.error());
  const auto list = list_upload::open(values.batch.input);
  if (!list) return refused_list(list.error());
  const std::string key = values.remote.key.empty() ? new_key() : values.remote.key;
  result<service_answer> answer = make_failure(errc::cancelled, {});
  loop.run(hand_over_into(**client, **list, query_of(decided), key, answer));
  if (loop.signal() != 0 && !answer) return unanswered(loop.signal(), key);
  if (!answer) return refused_list(answer.error());
  remote_batch made;
  if (!made.take_whole(answer->body)) {
    complain(fmt::format("{} answers with something that is no batch; is it pofetch serve?", service->shown));
    return exit_state::usage;
  }
  const batch_address where{*service, made.record().id};
  if (!print(submitted_text(where, made.record(), values))) return exit_state::machine;
  return values.remote.watch ? watch_batch(loop, **client, where, values, true) : exit_state::ok;
}

}  // namespace pofetch::cli
