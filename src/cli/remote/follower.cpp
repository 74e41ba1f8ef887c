#include "cli/remote/follower.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::cli {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::minutes patience{10};
constexpr std::chrono::milliseconds first_pause{3'000};
constexpr std::chrono::milliseconds longest_pause{30'000};

}  // namespace

follower::follower(service_client& from, std::string id, screen& shown, bool known)
    : from_(from), id_(std::move(id)), route_("/batches/" + id_), shown_(shown), heard_(known) {}

awaitable<result<void>> follower::follow() {
  for (;;) {
    auto heard = co_await listen();
    if (heard && ended_) heard = co_await take_last_look();
    if (heard && ended_) break;
    failure why = heard ? make_failure(errc::truncated, "the stream of events has ended") : heard.error();
    auto waited = co_await wait_after(std::move(why));
    if (!waited) co_return waited;
  }
  show_end();
  co_return result<void>();
}

/// One connection, as long as it holds.
awaitable<result<void>> follower::listen() {
  if (ended_) co_return result<void>();
  reader_.begin_again();
  service_client::byte_taker take = [this](std::string_view bytes) { return take_bytes(bytes); };
  std::string route = route_ + "/events";
  std::string last = reader_.last_id();
  auto status = co_await from_.listen(std::move(route), std::move(last), std::move(take));
  if (ended_) co_return result<void>();
  if (!status) co_return status.error();
  constexpr int nothing_more = 204;
  if (*status == nothing_more) ended_ = true;
  co_return result<void>();
}

/// The whole batch once more: an event may say less.
awaitable<result<void>> follower::take_last_look() {
  auto whole = co_await from_.get(route_);
  if (!whole) co_return whole.error();
  if (!batch_.take_whole(whole->body))
    co_return make_failure(errc::protocol,
                           fmt::format("{} answers with something that is no batch.", from_.where().shown));
  // Somebody has taken it up again meanwhile.
  if (!service::is_ended(batch_.record().state)) ended_ = false;
  std::string route = route_ + "/errors";
  auto page = co_await from_.get(std::move(route));
  if (!page) co_return page.error();
  const boost::json::object read = object_in(page->body);
  errors_.clear();
  if (const auto* const items = read.if_contains("items"); items != nullptr && items->is_array())
    for (const auto& each : items->as_array())
      if (each.is_object()) errors_.push_back(each.as_object());
  co_return result<void>();
}

awaitable<result<void>> follower::wait_after(failure why) {
  if (!is_passing(why) || !heard_) co_return why;
  const auto now = clock::now();
  if (now - last_contact_ >= patience) {
    gave_up_ = true;
    co_return why;
  }
  if (!std::exchange(lost_, true))
    say(notice_level::warning, fmt::format("the service is out of reach ({}); trying again.", why.message));
  const auto first = reader_.retry().value_or(first_pause);
  pause_ = std::min(longest_pause, pause_.count() == 0 ? first : pause_ * 2);
  const auto pause = std::min<std::chrono::milliseconds>(
      std::max(pause_, why.retry_after.value_or(std::chrono::milliseconds{0})), patience);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, pause);
  co_await timer.async_wait(asio::use_awaitable);
  co_return result<void>();
}

result<void> follower::take_bytes(std::string_view bytes) {
  note_contact();
  auto fed = reader_.feed(bytes, [this](const server_event& one) { take(one); });
  // Nobody knows when the other side is going to close.
  if (fed && ended_) return make_failure(errc::cancelled, "the batch has ended");
  return fed;
}

void follower::note_contact() {
  heard_ = true;
  last_contact_ = clock::now();
  pause_ = std::chrono::milliseconds{0};
  if (std::exchange(lost_, false)) say(notice_level::info, "The service is there again.");
}

void follower::take(const server_event& one) {
  const boost::json::object data = object_in(one.data);
  if (one.name == "snapshot")
    static_cast<void>(batch_.take_whole(one.data));
  else
    batch_.take(one.name, data);
  if (one.name == "po") show_po(data);
  if (one.name == "notice") show_notice(data);
  if (one.name == "throttled") show_throttling(data);
  if (!batch_.is_known()) return;
  shown_.model().tell(batch_.standing());
  show_start();
  show_state();
  show_sign_in(batch_.sign_in());
  if (one.name == "end") ended_ = true;
}

}  // namespace pofetch::cli
