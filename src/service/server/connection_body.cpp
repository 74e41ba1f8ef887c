#include "service/server/connection_body.hpp"

#include <boost/beast/http/error.hpp>

#include <chrono>
#include <iterator>

namespace pofetch::service {

namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t piece_size = 64U << 10;
/// At least 1 KiB a second, over ten seconds.
constexpr std::chrono::seconds pace_window{10};
constexpr std::size_t pace_bytes = 10U << 10;

}  // namespace

connection::body::body(connection& owner, const request_head& head)
    : owner_(owner), head_(head), left_(pace_window) {}

bool connection::body::begin(std::string_view head_text, std::uint64_t limit) {
  done_ = head_.framing == body_framing::none;
  if (done_) return true;
  boost::beast::error_code error;
  parser_ = std::make_unique<parser>();
  parser_->header_limit(static_cast<std::uint32_t>(max_head_bytes + 1));
  parser_->body_limit(limit);
  const std::size_t used = parser_->put(boost::asio::buffer(head_text.data(), head_text.size()), error);
  if (error == beast_http::error::need_more) error = {};
  if (error || used != head_text.size() || !parser_->is_header_done()) return false;
  fields_ = std::distance(parser_->get().begin(), parser_->get().end());
  on_chunk_ = [](std::uint64_t, boost::beast::string_view extension, boost::beast::error_code& refused) {
    if (!good_chunk_extension({extension.data(), extension.size()}))
      refused = beast_http::error::bad_chunk_extension;
  };
  parser_->on_chunk_header(on_chunk_);
  parser_->eager(true);
  return true;
}

upload::piece connection::body::broken(std::string_view slug) {
  done_ = true;
  wants_more_ = false;
  owner_.broken_ = true;
  return {{}, slug};
}

upload::piece connection::body::take() {
  wants_more_ = false;
  if (piece_.empty()) piece_.resize(piece_size);
  auto& into = parser_->get().body();
  into.data = piece_.data();
  into.size = piece_.size();
  into.more = true;
  boost::beast::error_code error;
  const std::size_t used = parser_->put(boost::asio::buffer(owner_.buffer_), error);
  owner_.buffer_.erase(0, used);
  const std::size_t got = piece_.size() - into.size;
  if (error == beast_http::error::need_buffer) error = {};
  wants_more_ = error == beast_http::error::need_more || (!error && used == 0 && got == 0);
  if (error && !wants_more_)
    return broken(error == beast_http::error::body_limit ? "too-large" : "bad-request");
  // What is no body must not pile up either: the line before a chunk.
  if (wants_more_ && owner_.buffer_.size() > piece_size) return broken("bad-request");
  if (parser_->is_done()) {
    // Fields behind the body have been added to those of the head.
    if (std::distance(parser_->get().begin(), parser_->get().end()) != fields_) return broken("bad-request");
    done_ = true;
    wants_more_ = false;
  }
  return {std::string_view(piece_.data(), got)};
}

void connection::body::watch_pace(std::size_t got) {
  in_window_ += got;
  const auto now = std::chrono::steady_clock::now();
  left_ -= now - waiting_since_;
  waiting_since_ = now;
  if (in_window_ < pace_bytes) return;
  in_window_ = 0;
  left_ = pace_window;
  owner_.patience_.expire_after(left_);
}

awaitable<upload::piece> connection::body::next() {
  constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  if (is_awaited() && !done_) {
    continued_ = true;
    const bool sent = co_await owner_.write(go_on);
    if (!sent) co_return broken("request-timeout");
  }
  // What the handler took for the bytes before is not the client's time.
  waiting_since_ = std::chrono::steady_clock::now();
  owner_.patience_.expire_after(left_);
  piece found;
  while (!done_) {
    if (!owner_.buffer_.empty()) {
      found = take();
      if (!found.bytes.empty() || !found.slug.empty()) break;
    } else {
      wants_more_ = true;
    }
    if (done_ || !wants_more_) continue;
    const std::size_t before = owner_.buffer_.size();
    const bool more = co_await owner_.read_more(piece_size);
    if (more) watch_pace(owner_.buffer_.size() - before);
    if (!more || left_ <= left_.zero()) {
      found = broken("request-timeout");
      break;
    }
  }
  owner_.patience_.disarm();
  co_return found;
}

}  // namespace pofetch::service
