#pragma once

#include "core/url.hpp"
#include "http/address_rule.hpp"
#include "http/body_pipe.hpp"
#include "http/client_lane.hpp"
#include "http/connection_pool.hpp"
#include "http/time_limits.hpp"
#include "http/upload_body.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>
#include <pofetch/transport.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::http {

/// One exchange from the request to the last byte of the final answer: the hops, one after another, each on
/// a connection of the pool. Lives as long as the call; see `transport::exchange` for the promises.
class exchange {
 public:
  /// `body`: goes in place of the request's own, see `client::upload`; null: there is none.
  exchange(client_lane& lane, client_guest& guest, const http_request& request, body_sink& sink,
           upload_body* body = nullptr);

  [[nodiscard]] awaitable<result<http_response>> run();

  /// Opens a connection to the request's origin and leaves it to the pool; sends nothing.
  [[nodiscard]] awaitable<result<void>> reach();

 private:
  // One hop.
  result<void> enter(std::string_view url);
  [[nodiscard]] awaitable<result<void>> ask();
  [[nodiscard]] awaitable<result<void>> obtain(bool fresh);
  [[nodiscard]] awaitable<bool> await_start();
  void step_back();
  [[nodiscard]] awaitable<result<void>> converse();
  [[nodiscard]] awaitable<result<void>> send_upload();
  [[nodiscard]] awaitable<result<void>> read_head(bool or_interim);
  [[nodiscard]] async::semaphore::priority urgency() const;
  [[nodiscard]] hop_facts facts() const;
  void note_connection();
  void compose(std::string& out) const;
  void append_cookies(std::string& out) const;
  void take_head();
  void obey_server();
  void tell(int status, errc why) const;
  void take_cookies();

  // The body of an answer.
  [[nodiscard]] awaitable<result<void>> deliver();
  [[nodiscard]] result<void> begin_body();
  void take_coding(const body_coding& coding);
  [[nodiscard]] bool is_named_gzip(content_coding how) const;
  [[nodiscard]] awaitable<result<void>> pump();
  [[nodiscard]] awaitable<void> leave();
  void settle();

  [[nodiscard]] awaitable<result<std::size_t>> receive(const time_limits& limits);
  [[nodiscard]] awaitable<std::size_t> allowance();
  [[nodiscard]] awaitable<void> sleep(std::chrono::steady_clock::duration span);
  [[nodiscard]] failure about(failure why) const;
  [[nodiscard]] failure cut_short(failure why) const;

  client_lane& lane_;
  client_guest& guest_;
  const http_request& request_;
  body_sink& sink_;
  upload_body* const upload_;
  time_limits limits_;
  bool started_ = false;
  /// Number of the request under way, over all lanes.
  std::uint64_t asked_ = 0;

  // The hop at hand.
  std::string method_;
  core::web_address url_;
  bool own_ = false;
  unsigned followed_ = 0;
  std::optional<core::origin> first_origin_;
  std::optional<core::address_class> first_hop_;

  host_line* line_ = nullptr;  // to the host at hand
  connection_pool::lease lease_;
  std::chrono::steady_clock::time_point sent_{};
  host_load::flight flight_;
  bool heard_ = false;   // a byte of the answer has come
  bool unsent_ = false;  // the server has answered before all was sent
  std::uint64_t cookie_era_ = 0;
  /// What hosts other than the instance set on the way: each gets its own back, for the rest of this
  /// exchange. There are load balancers that let nobody through without.
  std::unique_ptr<cookie_jar> on_the_way_;
  http_response head_;
  body_pipe pipe_;
  bool drop_body_ = false;  // an error answer in a coding that is not understood
};

}  // namespace pofetch::http
