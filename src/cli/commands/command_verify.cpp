#include "cli/commands/commands.hpp"
#include "cli/text/human_text.hpp"
#include "cli/text/printable.hpp"
#include "core/consequence.hpp"

#include <fmt/format.h>

#include <string>

namespace pofetch::cli {

namespace {

std::string damage_line(const damage& found) {
  return fmt::format("{}: {} (PO {})\n", printable(found.path), printable(found.problem),
                     printable(found.po_number));
}

std::string verify_totals(const verify_result& done) {
  const std::string read = fmt::format("{}, {}", human_count(done.files, "file"), human_bytes(done.bytes));
  if (done.wrong == 0) return fmt::format("{}: all as recorded.\n", read);
  return fmt::format(
      "{}: {} wrong or missing. The next run fetches what is wrong or missing again, and nothing else.\n",
      read, human_count(done.wrong));
}

}  // namespace

exit_state command_verify(const options& values) {
  const auto show = [](const damage& found) { print(damage_line(found)); };
  const batch_options& batch = values.batch;
  const result<verify_result> done =
      batch.nodes.address.empty() ? verify_batch(batch, show) : verify_batch(batch.nodes, batch.out, show);
  if (!done) {
    complain(done.error());
    return core::consequence_of(done.error().code).exit;
  }
  if (!values.quiet) print(verify_totals(*done));
  return done->wrong == 0 ? exit_state::ok : exit_state::incomplete;
}

}  // namespace pofetch::cli
