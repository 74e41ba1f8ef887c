#include "service/batches/run_watch.hpp"

#include "core/mask_url.hpp"
#include "core/unicode.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace pofetch::service {

namespace json = boost::json;

namespace {

json::object po_event(const po_outcome& outcome) {
  std::uint64_t downloaded = 0;
  std::uint64_t bytes = 0;
  for (const attachment_record& each : outcome.attachments) {
    if (each.status != attachment_status::completed) continue;
    ++downloaded;
    bytes += each.bytes;
  }
  json::object made{{"po_number", core::to_utf8(outcome.po.number)},
                    {"status", std::string(to_string(outcome.status))},
                    {"attachments_found", outcome.attachments.size()},
                    {"attachments_downloaded", downloaded},
                    {"bytes", bytes},
                    {"error", nullptr}};
  if (outcome.error)
    made["error"] =
        json::object{{"code", code_word(*outcome.error)}, {"message", core::to_utf8(outcome.error->message)}};
  return made;
}

std::string_view level_word(notice_level level) {
  switch (level) {
    case notice_level::info:
      return "info";
    case notice_level::warning:
      return "warning";
    case notice_level::error:
      return "error";
  }
  return {};
}

}  // namespace

run_news run_watch::take() {
  const std::lock_guard lock(guard_);
  run_news news;
  news.now = now_;
  for (const auto& [host, each] : spared_) news.now.throttled.push_back(each);
  news.events.assign(std::make_move_iterator(events_.begin()), std::make_move_iterator(events_.end()));
  events_.clear();
  news.lost = std::exchange(lost_, 0);
  news.done = std::exchange(done_, std::nullopt);
  told_ = false;
  return news;
}

bool run_watch::keep(std::string name, const json::object& data) {
  if (events_.size() == most_events) {
    events_.pop_front();
    ++lost_;
  }
  events_.push_back({std::move(name), json::serialize(data)});
  return !std::exchange(told_, true);
}

void run_watch::on(const progress_event& what) {
  if (meter_ != nullptr) meter_->on(what);
  const overloaded take{[this](const event::batch_started& one) { return take_in(one); },
                        [this](const event::bytes_received& one) { return take_in(one); },
                        [this](const event::attachment_finished& one) { return take_in(one); },
                        [this](const event::retrying& one) { return take_in(one); },
                        [this](const event::po_finished& one) { return take_in(one); },
                        [this](const event::notice& one) { return take_in(one); },
                        [this](const event::sign_in_needed& one) { return take_in(one); },
                        [this](const event::signed_in& one) { return take_in(one); },
                        [this](const event::throttled& one) { return take_in(one); },
                        [](const auto&) { return false; }};
  bool wake = false;
  {
    const std::lock_guard lock(guard_);
    wake = std::visit(take, what);
  }
  if (wake) wake_();
}

bool run_watch::take_in(const event::batch_started& one) {
  const batch_totals& totals = *one.totals;
  now_.started = true;
  now_.intake = *one.intake;
  now_.totals = totals;
  // What the run takes up is still to be done.
  std::uint64_t work = 0;
  for (std::size_t i = 0; i < totals.by_status.size(); ++i) {
    const std::uint64_t all = totals.by_status[i];
    const bool usual = core::is_taken_up(static_cast<po_status>(i), false);
    const std::uint64_t more =
        taken_ ? std::min((*taken_)[i], all) : (usual ? all : std::min(totals.again[i], all));
    now_.totals.by_status[i] -= more;
    work += more;
  }
  now_.totals.by_status[static_cast<std::size_t>(po_status::pending)] += work;
  return false;
}

bool run_watch::take_in(const event::bytes_received& one) {
  now_.bytes += one.count;
  return false;
}

bool run_watch::take_in(const event::attachment_finished& one) {
  const attachment_status status = one.record->status;
  if (status != attachment_status::completed && status != attachment_status::committing) return false;
  ++now_.totals.attachments_downloaded;
  now_.totals.bytes += one.record->bytes;
  now_.totals.attachments_found = std::max(now_.totals.attachments_found, now_.totals.attachments_downloaded);
  return false;
}

bool run_watch::take_in(const event::retrying&) {
  ++now_.retries;
  return false;
}

bool run_watch::take_in(const event::po_finished& one) {
  const po_outcome& outcome = *one.outcome;
  if (outcome.status != po_status::pending || !outcome.error) ++now_.looked_up;
  if (outcome.status != po_status::pending) {
    auto& left = now_.totals.by_status[static_cast<std::size_t>(po_status::pending)];
    if (left > 0) --left;
    ++now_.totals.by_status[static_cast<std::size_t>(outcome.status)];
    ++now_.finished;
  }
  found_ += outcome.attachments.size();
  now_.totals.attachments_found = std::max(now_.totals.attachments_found, found_);
  return keep("po", po_event(outcome));
}

bool run_watch::take_in(const event::notice& one) {
  return keep("notice", {{"level", std::string(level_word(one.level))},
                         {"text", core::to_utf8(core::mask_secrets_in_text(one.text))}});
}

bool run_watch::take_in(const event::sign_in_needed& one) {
  now_.sign_in = core::to_utf8(one.advice);
  return keep("sign_in", {{"needed", true}, {"advice", now_.sign_in}});
}

bool run_watch::take_in(const event::signed_in&) {
  now_.sign_in.clear();
  return keep("sign_in", {{"needed", false}});
}

bool run_watch::take_in(const event::throttled& one) {
  const json::object data{{"host", core::to_utf8(one.host)},
                          {"in_flight_limit", one.in_flight},
                          {"in_flight_most", one.most},
                          {"requests_per_second", one.per_second},
                          {"pause_seconds", static_cast<double>(one.pause.count()) / 1000},
                          {"over", one.over()}};
  if (one.over())
    spared_.erase(one.host);
  else
    spared_[one.host] = data;
  return keep("throttled", data);
}

void run_watch::ended(batch_result done) {
  {
    const std::lock_guard lock(guard_);
    done_ = std::move(done);
    told_ = true;
  }
  wake_();
}

}  // namespace pofetch::service
