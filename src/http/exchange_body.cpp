// The body of an answer: handed to the sink, or left for the sake of the connection.
#include "core/file_title.hpp"
#include "core/mask_url.hpp"
#include "core/media_sniff.hpp"
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

/// Somebody else's limits, for what is worth no longer wait.
time_limits impatient(time_limits limits) {
  limits.idle = std::min(limits.idle, patience_for_rest);
  limits.request_deadline = std::min(limits.request_deadline, steady::now() + patience_for_rest);
  return limits;
}

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
    if (pipe_.passed_over() > 0)
      head_.remark.append(head_.remark.empty() ? "" : "; ")
          .append(
              fmt::format("{} bytes behind the end of the encoded body were left out", pipe_.passed_over()));
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
  auto coding = coding_of(head_.fields);
  if (has_body && !coding && !error_answer) return about(coding.error());
  if (has_body && coding) take_coding(*coding);
  drop_body_ = !coding;
  const bool too_large = has_body && head_.content_length.value_or(0) > request_.max_body;
  if (too_large && !error_answer)
    return make_failure(errc::too_large,
                        fmt::format("{}: the body of {} bytes is larger than the {} that are "
                                    "allowed",
                                    core::mask_url(url_.text), *head_.content_length, request_.max_body));
  auto begun = sink_.begin(head_);
  if (begun && too_large) return about(too_large_failure(request_.max_body));
  return begun;
}

void exchange::take_coding(const body_coding& coding) {
  if (!coding.no_codings.empty())
    head_.remark =
        fmt::format("the server says that it is encoded as \"{}\", which is no coding", coding.no_codings);
  if (coding.how == content_coding::identity || is_named_gzip(coding.how)) return;
  head_.decoded = true;
  pipe_.decode_with(lane_.take_decoder(), coding.how);
}

/// A file that is a gzip file itself, called gzip-coded because of that (Apache's AddEncoding, storages):
/// what was asked for without any coding is taken as the file. A page is always undone.
bool exchange::is_named_gzip(content_coding how) const {
  if (how != content_coding::gzip || request_.urgent) return false;
  const std::string name =
      core::file_title({head_.field("Content-Disposition"), request_.file_name, head_.url, request_.url});
  return core::is_gzip_file(name, head_.field("Content-Type"));
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
    if (!drop_body_ && pipe_.full()) {
      auto drained = co_await pipe_.drain();
      if (!drained) co_return drained.error();
    }
    // Some servers leave out the line end behind the last chunk, and wait.
    const bool whole = reader.is_body_whole();
    if (whole) limits_ = impatient(limits_);
    auto got = co_await receive(limits_);
    if (!got && !whole) co_return cut_short(got.error());
    if (got && *got > 0) continue;
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
  const time_limits limits = impatient(limits_);
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
  if (line.reader().keep_alive() && line.received().empty() && !unsent_) lease_.keep();
  lease_ = {};
}

}  // namespace pofetch::http
