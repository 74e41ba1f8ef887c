#pragma once

#include "service/server/connection.hpp"

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace pofetch::service {

/// The body of the request that stands at the front of the buffer, by Beast's parser.
class connection::body final : public upload {
 public:
  body(connection& owner, const request_head& head);

  /// Lets the parser see the head of a message with a body as well. False: it does not accept it.
  [[nodiscard]] bool begin(std::string_view head_text, std::uint64_t limit);

  [[nodiscard]] awaitable<piece> next() override;

  [[nodiscard]] bool at_end() const { return done_; }
  /// The client waits for a word before it sends its body.
  [[nodiscard]] bool is_awaited() const { return head_.expects_continue && !continued_; }

 private:
  /// What is in the buffer, through the parser.
  [[nodiscard]] piece take();
  [[nodiscard]] piece broken(std::string_view slug);
  /// Bytes have come: is the client as fast as it must be?
  void watch_pace(std::size_t got);

  using parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

  connection& owner_;
  const request_head& head_;
  /// Null: there is no body, and it is large.
  std::unique_ptr<parser> parser_;
  std::function<void(std::uint64_t, boost::beast::string_view, boost::beast::error_code&)> on_chunk_;
  std::string piece_;
  std::ptrdiff_t fields_ = 0;
  std::size_t in_window_ = 0;
  /// How long it may still be waited for the rest of what must come within ten seconds of waiting.
  std::chrono::steady_clock::duration left_;
  std::chrono::steady_clock::time_point waiting_since_{};
  bool continued_ = false;
  bool done_ = false;
  bool wants_more_ = false;
};

}  // namespace pofetch::service
