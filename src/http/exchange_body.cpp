// The body of an answer: handed to the sink, or left for the sake of the connection.
#include "core/mask_url.hpp"
#include "http/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::http {

using steady = std::chrono::steady_clock;

namespace {

/// Rest of a body that is worth reading to save the connection, and how long for.
constexpr std::uint64_t worth_reading = 64U << 10;
constexpr std::chrono::milliseconds patience_for_rest{1'000};

}  // namespace

/// Hands the final answer to the sink.
awaitable<result<void>> exchange::deliver() {
  auto begun = begin_body();
  if (!begun) {
    // A page that is not found must not cost a connection.
    co_await leave();
    co_return begun;
  }
  lease_.get()->reader().set_body_consumer(drop_body_ ? nullptr : &pipe_);
  auto pumped = co_await pump();
  if (pumped && !drop_body_) {
    pumped = pipe_.finish();
    if (!pumped) pumped = about(pumped.error());
  }
  lane_.give_back(pipe_.take_decoder());
  if (pumped)
    settle();
  else
    lease_ = {};
  co_return pumped;
}

result<void> exchange::begin_body() {
  const bool error_answer = head_.status >= 400;
  const bool has_body = !lease_.get()->reader().done();
  auto coding = coding_of(head_.field("Content-Encoding"));
  if (has_body && !coding && !error_answer) return about(coding.error());
  if (has_body && coding && *coding != content_coding::identity) {
    head_.decoded = true;
    pipe_.decode_with(lane_.take_decoder(), *coding);
  }
  drop_body_ = !coding;
  const bool too_large = has_body && head_.content_length.value_or(0) > request_.max_body;
  if (too_large && !error_answer)
    return make_failure(errc::too_large,
                        fmt::format("{}: the body of {} bytes is larger than the {} that are "
                                    "allowed",
                                    core::mask_url(url_), *head_.content_length, request_.max_body));
  auto begun = sink_.begin(head_);
  if (begun && too_large) return about(too_large_failure(request_.max_body));
  return begun;
}

/// Reads the body to its end.
awaitable<result<void>> exchange::pump() {
  connection& line = *lease_.get();
  response_reader& reader = line.reader();
  while (!reader.done()) {
    if (!line.received().empty()) {
      auto used = reader.feed(line.received());
      if (!used && pipe_.sink_refused()) co_return used.error();
      if (!used) co_return about(used.error());
      line.consume(*used);
      if (reader.done()) break;
    }
    auto got = co_await receive(limits_);
    if (!got) co_return cut_short(got.error());
    if (*got > 0) continue;
    auto ended = reader.feed_end();
    if (!ended) co_return about(ended.error());
  }
  co_return result<void>{};
}

/// Ends with an answer whose body nobody wants: reads a small rest for the sake of the connection.
awaitable<void> exchange::leave() {
  connection& line = *lease_.get();
  response_reader& reader = line.reader();
  lane_.give_back(pipe_.take_decoder());
  reader.set_body_consumer(nullptr);
  time_limits limits = limits_;
  limits.idle = std::min(limits.idle, patience_for_rest);
  limits.request_deadline = std::min(limits.request_deadline, steady::now() + patience_for_rest);
  const bool small = reader.done() ||
                     (!reader.ends_with_connection() && reader.content_length().value_or(0) <= worth_reading);
  while (small && !reader.done() && reader.body_bytes() <= worth_reading) {
    if (!line.received().empty()) {
      auto used = reader.feed(line.received());
      if (!used) break;
      line.consume(*used);
      if (reader.done()) break;
    }
    auto got = co_await receive(limits);
    if (!got || *got == 0) break;
  }
  settle();
}

/// The message is whole, or nobody cares: keeps the connection if it can be used again.
void exchange::settle() {
  connection& line = *lease_.get();
  line.reader().set_body_consumer(nullptr);
  if (line.reader().keep_alive() && line.received().empty()) lease_.keep();
  lease_ = {};
}

}  // namespace pofetch::http
