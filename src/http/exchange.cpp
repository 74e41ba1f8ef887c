#include "http/exchange.hpp"

#include "core/mask_url.hpp"
#include "http/redirect_policy.hpp"
#include "http/request_text.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::http {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

exchange::exchange(client_lane& lane, client_guest& guest, const http_request& request, body_sink& sink,
                   upload_body* body)
    : lane_(lane),
      guest_(guest),
      request_(request),
      sink_(sink),
      upload_(body),
      method_(request.method),
      pipe_(sink, request.max_body) {
  limits_.connect = lane.config.connect_timeout;
  limits_.idle = lane.config.idle_timeout;
  limits_.request = lane.config.request_timeout;
}

awaitable<result<http_response>> exchange::run() {
  auto usable = check_method(request_.method);
  if (usable) usable = check_fields(request_.fields);
  if (usable) usable = enter(request_.url);
  if (!usable) co_return usable.error();
  for (;;) {
    auto answered = co_await ask();
    if (!answered) tell(0, answered.error().code);
    if (!answered) co_return answered.error();
    obey_server();
    tell(head_.status, errc::http_status);
    const redirect_question question{
        head_.status, method_, url_.text, head_.field("Location"), followed_, request_.stop_before};
    auto next = decide_redirect(question);
    if (!next) co_return next.error();
    if (!next->follow || upload_ != nullptr) break;
    co_await leave();
    ++followed_;
    method_ = std::move(next->method);
    auto entered = enter(next->url);
    if (!entered) co_return entered.error();
  }
  auto delivered = co_await deliver();
  if (!delivered) co_return delivered.error();
  co_return std::move(head_);
}

awaitable<result<void>> exchange::reach() {
  auto usable = enter(request_.url);
  if (!usable) co_return usable;
  auto obtained = co_await obtain(false);
  if (obtained) lease_.keep();
  lease_ = {};
  co_return obtained;
}

result<void> exchange::enter(std::string_view url) {
  auto address = core::parse_address(url);
  if (!address) return address.error();
  url_ = std::move(*address);
  own_ = lane_.is_own(url_.where);
  line_ = &lane_.lines->to(url_.where.host);
  if (!first_origin_) first_origin_ = url_.where;
  return {};
}

awaitable<result<std::size_t>> exchange::receive(const time_limits& limits) {
  // Others of this lane may stand in line though the host bears more by now, as another lane has found out.
  lane_.share_out(*line_);
  if (!lane_.limits.byte_rate.limits()) {
    auto all = co_await lease_.get()->receive(limits);
    if (all) guest_.seen.bytes_received.fetch_add(*all, std::memory_order_relaxed);
    co_return all;
  }
  const std::size_t most = co_await allowance();
  auto got = co_await lease_.get()->receive(limits, most);
  lane_.byte_credit += most - (got ? *got : 0);
  if (got) guest_.seen.bytes_received.fetch_add(*got, std::memory_order_relaxed);
  co_return got;
}

/// How many bytes may be read now. Booked before they are read: however many connections there are, none
/// takes more than the ceiling allows, and what one does not need another one gets.
awaitable<std::size_t> exchange::allowance() {
  const std::size_t piece = lane_.limits.byte_piece;
  if (lane_.byte_credit > 0) {
    const std::size_t left = std::min(lane_.byte_credit, piece);
    lane_.byte_credit -= left;
    co_return left;
  }
  const auto wait = lane_.limits.byte_rate.book(steady::now(), static_cast<double>(piece));
  if (wait > steady::duration::zero()) co_await sleep(wait);
  co_return piece;
}

awaitable<void> exchange::sleep(steady::duration span) {
  asio::steady_timer timer(lane_.executor, span);
  co_await timer.async_wait(asio::use_awaitable);
}

failure exchange::about(failure why) const {
  why.message = fmt::format("{}: {}", core::mask_url(url_.text), why.message);
  return why;
}

/// A failure of the connection in the middle of a body, with how much had come.
failure exchange::cut_short(failure why) const {
  const auto got = lease_.get()->reader().body_bytes();
  const std::string of = head_.content_length ? fmt::format(" of {}", *head_.content_length) : std::string();
  why.message = fmt::format("{}: {}; {}{} bytes had come", core::mask_url(url_.text), why.message, got, of);
  return why;
}

}  // namespace pofetch::http
