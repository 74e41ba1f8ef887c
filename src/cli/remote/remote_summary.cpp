#include "cli/remote/remote_summary.hpp"

#include "cli/commands/resume_command.hpp"
#include "cli/text/human_text.hpp"
#include "cli/text/printable.hpp"
#include "cli/text/totals_text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <chrono>
#include <string_view>

namespace pofetch::cli {

namespace {

/// Others on the machine can see the words of a command, and the shell's history keeps them.
constexpr std::string_view token_field = "-H @<(printf 'Authorization: Bearer %s' \"$POFETCH_TOKEN\")";

std::string options_of_curl(std::string_view options, bool with_token) {
  return with_token ? fmt::format("{} {}", options, token_field) : std::string(options);
}

std::string headline(const service::batch_record& now) {
  const auto span = std::chrono::milliseconds{static_cast<std::int64_t>(now.sums.elapsed_seconds * 1000)};
  return fmt::format("Batch {} is {} after {}: {} in the list.\n", now.id, to_string(now.state),
                     human_duration(span), human_count(now.sums.totals.purchase_orders, "purchase order"));
}

std::string error_lines(const std::vector<boost::json::object>& errors) {
  constexpr std::size_t most = 5;
  std::string text;
  for (std::size_t i = 0; i < errors.size() && i < most; ++i) {
    const auto* const count = errors[i].if_contains("count");
    const std::uint64_t times =
        count != nullptr && count->is_number() ? count->to_number<std::uint64_t>() : 0;
    text += fmt::format("  {} {:>12}  {}\n", padded(text_in(errors[i], "code"), 20), human_count(times),
                        fitted(printable_masked(text_in(errors[i], "meaning")), 200));
  }
  return text.empty() ? text : "Commonest errors:\n" + text;
}

}  // namespace

std::string shown_address(const batch_address& where) { return where.service.shown + "/" + where.id; }

std::string remote_summary(const follower& followed, const batch_address& where, bool with_token) {
  const service::batch_record& now = followed.batch().record();
  std::string text = headline(now) + status_table(now.sums.totals);
  text += labelled("Files", files_text(now.sums.totals));
  if (now.sums.requests > 0)
    text += labelled("Requests", fmt::format("{}, {} retried", human_count(now.sums.requests),
                                             human_count(now.sums.retries)));
  text += error_lines(followed.errors());
  const std::string batch = "/batches/" + where.id;
  text +=
      labelled("Report", where.service.curl(batch + "/report", options_of_curl("-o report.csv", with_token)));
  if (now.state == service::batch_state::incomplete)
    text += fmt::format("To try again what is missing:\n  {}\n",
                        where.service.curl(batch + "/retry", options_of_curl("-X POST", with_token)));
  return text;
}

std::string left_running(const batch_address& where, bool with_token) {
  const std::string options = options_of_curl("-X POST", with_token);
  return fmt::format(
      "The batch goes on at the service. To look on again:\n  pofetch watch {}\nTo end it:\n  {}\n",
      shell_quoted(shown_address(where)), where.service.curl("/batches/" + where.id + "/cancel", options));
}

}  // namespace pofetch::cli
