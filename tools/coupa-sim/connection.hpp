#pragma once

#include "coupa-sim/dice.hpp"
#include "coupa-sim/faults.hpp"
#include "coupa-sim/options.hpp"
#include "coupa-sim/reply_stream.hpp"
#include "coupa-sim/route.hpp"
#include "coupa-sim/site.hpp"
#include "coupa-sim/stats.hpp"
#include "coupa-sim/wire.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <string>

namespace coupa_sim {

/// What all connections share.
struct shared_site {
  const options& wanted;
  site& application;
  stats& seen;
  workplaces& places;
};

/// Serves one client, request after request. Lives on the executor of its socket.
class connection {
 public:
  connection(std::shared_ptr<wire> line, const shared_site& shared);

  /// Until the client leaves, the answer says so, or `stop` is called.
  [[nodiscard]] boost::asio::awaitable<void> run();

  /// Ends `run` soon. On the connection's executor.
  void stop();

 private:
  using request = boost::beast::http::request<boost::beast::http::string_body>;

  enum class reading { done, closed, malformed };
  [[nodiscard]] boost::asio::awaitable<reading> read_request();
  [[nodiscard]] boost::asio::awaitable<bool> serve_one();
  [[nodiscard]] boost::asio::awaitable<void> work(const route& where, unsigned status);
  [[nodiscard]] boost::asio::awaitable<bool> write_reply(reply_stream& reply);
  [[nodiscard]] boost::asio::awaitable<void> wait(std::chrono::milliseconds span);
  [[nodiscard]] boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point when);
  [[nodiscard]] boost::asio::awaitable<void> refuse();
  [[nodiscard]] boost::asio::awaitable<void> say_goodbye();
  [[nodiscard]] site_reply answer(const route& where, std::uint64_t nth);
  [[nodiscard]] std::chrono::milliseconds delay();
  void log(unsigned status, std::uint64_t bytes, std::chrono::steady_clock::time_point since) const;

  std::shared_ptr<wire> wire_;
  shared_site shared_;
  boost::asio::steady_timer timer_;
  dice jitter_;
  request request_;
  std::string unread_;
  std::array<char, 8192> input_;
  std::uint64_t sent_ = 0;  ///< bytes of the current answer
  bool counts_ = true;      ///< it is no question about the simulator itself
  bool stopped_ = false;
};

}  // namespace coupa_sim
