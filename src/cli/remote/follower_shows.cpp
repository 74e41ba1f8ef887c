// What a follower tells the screen: the events of a service as those of a run.
#include "cli/remote/follower.hpp"

#include <pofetch/pool_config.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace pofetch::cli {

namespace {

std::uint64_t count_in(const boost::json::object& from, std::string_view name) {
  const auto* const found = from.if_contains({name.data(), name.size()});
  if (found == nullptr || !found->is_number()) return 0;
  boost::system::error_code bad;
  const auto count = found->to_number<std::uint64_t>(bad);
  return bad ? 0 : count;
}

po_status status_of(std::string_view word) {
  for (int i = 0; i < po_status_count; ++i)
    if (to_string(static_cast<po_status>(i)) == word) return static_cast<po_status>(i);
  return po_status::pending;
}

/// What a state means for somebody who looks on; empty: nothing has to be said.
std::string_view words_for(service::batch_state state) {
  using enum service::batch_state;
  switch (state) {
    case queued:
      return "The batch waits in the queue of the service.";
    case running:
      return "The batch is running.";
    case pausing:
      return "The batch is about to pause.";
    case paused:
      return "The batch is paused; it goes on when somebody resumes it.";
    case cancelled:
      return "The batch was cancelled.";
    default:
      return "";
  }
}

}  // namespace

void follower::say(notice_level level, std::string text) {
  shown_.events().on(event::notice{level, std::move(text)});
}

void follower::show_po(const boost::json::object& data) {
  po_outcome made;
  made.po.number = text_in(data, "po_number");
  made.status = status_of(text_in(data, "status"));
  if (const auto* const error = data.if_contains("error"); error != nullptr && error->is_object())
    made.error =
        failure_from_word(text_in(error->as_object(), "code"), text_in(error->as_object(), "message"));
  // The event has sums only; a screen wants to know how many, and how much.
  constexpr std::uint64_t most = 100'000;
  made.attachments.resize(std::min(most, count_in(data, "attachments_found")));
  const std::uint64_t whole =
      std::min<std::uint64_t>(made.attachments.size(), count_in(data, "attachments_downloaded"));
  for (std::uint64_t i = 0; i < whole; ++i) made.attachments[i].status = attachment_status::completed;
  if (whole > 0) made.attachments.front().bytes = count_in(data, "bytes");
  shown_.events().on(event::po_finished{0, share(std::move(made))});
}

void follower::show_notice(const boost::json::object& data) {
  const std::string level = text_in(data, "level");
  const bool calm = level != "error" && level != "warning";
  say(calm ? notice_level::info : (level == "error" ? notice_level::error : notice_level::warning),
      text_in(data, "text"));
}

void follower::show_throttling(const boost::json::object& data) {
  event::throttled now;
  now.host = text_in(data, "host");
  now.in_flight = static_cast<unsigned>(count_in(data, "in_flight_limit"));
  now.most = static_cast<unsigned>(count_in(data, "in_flight_most"));
  const auto number = [&data](const char* name) {
    const auto* const found = data.if_contains(name);
    return found != nullptr && found->is_number() ? found->to_number<double>() : 0;
  };
  now.per_second = number("requests_per_second");
  now.pause = std::chrono::milliseconds{static_cast<std::int64_t>(number("pause_seconds") * 1000)};
  shown_.events().on(now);
}

void follower::show_state() {
  const service::batch_record& now = batch_.record();
  if (told_state_ == now.state) return;
  const bool first = !std::exchange(told_state_, now.state);
  if (now.state == service::batch_state::blocked && now.reason) {
    // An event of its own says who has to sign in.
    if (now.reason->code != to_string(errc::session_expired))
      say(notice_level::warning, now.reason->message + " " + now.reason->next_step);
    return;
  }
  if (first && now.state == service::batch_state::running) return;
  if (const std::string_view text = words_for(now.state); !text.empty())
    say(notice_level::info, std::string(text));
}

void follower::show_sign_in(const std::string& advice) {
  if (advice.empty() == !asked_to_sign_in_) return;
  if (!advice.empty()) {
    asked_to_sign_in_ = clock::now();
    return shown_.events().on(event::sign_in_needed{advice});
  }
  const auto waited =
      std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - *asked_to_sign_in_);
  asked_to_sign_in_.reset();
  shown_.events().on(event::signed_in{waited});
}

/// The list is read, so that there is something to count.
void follower::show_start() {
  const service::batch_record& now = batch_.record();
  if (told_start_ || now.sums.totals.purchase_orders == 0) return;
  told_start_ = true;
  intake_counts intake;
  intake.rows = now.rows;
  intake.repeated = now.repeated;
  intake.invalid = now.invalid;
  const std::uint64_t workers = count_in(now.options, "workers");
  const pool_config usual;
  shown_.events().on(event::batch_started{share(now.sums.totals), share(std::move(intake)),
                                          workers == 0 ? usual.workers : static_cast<unsigned>(workers)});
}

void follower::show_end() {
  const service::batch_record& now = batch_.record();
  shown_.model().tell(batch_.standing());
  run_record run;
  run.requests = now.sums.requests;
  run.retries = now.sums.retries;
  run.elapsed_seconds = now.sums.elapsed_seconds;
  run.interrupted = now.state == service::batch_state::cancelled;
  shown_.events().on(event::batch_finished{share(now.sums.totals), share(std::move(run))});
}

}  // namespace pofetch::cli
