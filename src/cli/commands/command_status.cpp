#include "cli/commands/commands.hpp"
#include "cli/text/human_text.hpp"
#include "cli/text/printable.hpp"
#include "cli/text/totals_text.hpp"
#include "core/consequence.hpp"
#include "core/mask_url.hpp"
#include "core/timestamp.hpp"

#include <fmt/format.h>

namespace pofetch::cli {

namespace {

std::string nodes_text(const std::vector<node_status>& nodes) {
  std::string text;
  for (const node_status& each : nodes) {
    const std::string_view state = !each.alive    ? "dead, its orders are about to be free"
                                   : each.working ? "works"
                                                  : "waits";
    text += labelled(
        text.empty() ? "Nodes" : "",
        fmt::format("{}: {}, holds {}, last sign of life {} ago, version {}", printable(each.name), state,
                    human_count(each.holds, "order"), human_duration(each.silent), printable(each.version)));
  }
  return text.empty() ? labelled("Nodes", "none") : text;
}

std::string state_text(const batch_status& now) {
  if (!now.nodes.empty()) {
    if (now.wanted == "pause") return "paused";
    return now.wanted == "stop" ? "stopping" : "running";
  }
  if (now.holder) return fmt::format("running ({})", printable(*now.holder));
  if (!now.run.finished_at) return "stopped before its end (killed, or the machine went down)";
  const std::string_view how = now.run.interrupted ? "stopped before its end" : "finished";
  return fmt::format("{}, {}", how, core::rfc3339(*now.run.finished_at));
}

std::string status_text(const std::filesystem::path& folder, const batch_status& now) {
  const run_info& info = now.run.info;
  std::string text = labelled("Batch", printable(now.name.empty() ? folder.string() : now.name));
  text += labelled("List", fmt::format("{}, source {}", printable(info.input), printable(info.source)));
  if (!info.base_url.empty()) text += labelled("Instance", printable(core::mask_url(info.base_url)));
  text += labelled("Last run", fmt::format("started {}", core::rfc3339(info.started_at)));
  text += labelled("State", state_text(now));
  if (!now.name.empty()) text += nodes_text(now.nodes);
  text += labelled("Purchase orders", human_count(now.totals.purchase_orders));
  text += status_table(now.totals);
  text += labelled("Files", files_text(now.totals));
  const auto& totals = now.totals;
  if (!totals.oldest_look || !totals.newest_look) return text + labelled("Last looked at", "not yet");
  return text +
         labelled("Last looked at", fmt::format("oldest {}, newest {}", core::rfc3339(*totals.oldest_look),
                                                core::rfc3339(*totals.newest_look)));
}

}  // namespace

exit_state command_status(const options& values) {
  const bool shared = !values.batch.nodes.address.empty();
  const result<batch_status> now =
      shared ? read_status(values.batch.nodes) : read_status(home_of(values.batch));
  if (!now) {
    complain(now.error());
    return core::consequence_of(now.error().code).exit;
  }
  return print(status_text(values.batch.out, *now)) ? exit_state::ok : exit_state::machine;
}

}  // namespace pofetch::cli
