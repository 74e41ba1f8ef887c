#pragma once

#include "cli/options.hpp"
#include "cli/remote/service_address.hpp"
#include "http/client.hpp"
#include "http/cookie_jar.hpp"
#include "http/host_limits.hpp"
#include "http/trust_store.hpp"

#include <pofetch/awaitable.hpp>
#include <pofetch/http_message.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace pofetch::cli {

/// A whole answer of a service.
struct service_answer {
  http_response head;
  std::string body;
};

/// Talks to one service on one executor. Nothing is tried again. An answer that refuses is a failure whose
/// message is the service's own, with what to do next: session_expired for a missing token or scope, config
/// for a request that cannot be served, rate_limited, http_status from 500 on. Every wait ends: 10 s for a
/// connection, 60 s without a byte.
class service_client {
 public:
  /// `values`: certificates and proxy. Failure config: one of them cannot be used, or the file of the token.
  [[nodiscard]] static result<std::unique_ptr<service_client>> make(boost::asio::any_io_executor executor,
                                                                    service_address where,
                                                                    const options& values);

  /// `route` stands behind `/v1`. Failure protocol: an answer of more than 16 MiB.
  [[nodiscard]] awaitable<result<service_answer>> get(std::string route);
  /// The fields are those of the body.
  [[nodiscard]] awaitable<result<service_answer>> post(std::string route, std::vector<http_field> fields,
                                                       http::upload_body& body);
  /// A stream of events: `take` gets its bytes as they come. Returns its status, 200 or 204, when it has
  /// ended in order.
  using byte_taker = std::function<result<void>(std::string_view bytes)>;
  [[nodiscard]] awaitable<result<int>> listen(std::string route, std::string last_id, byte_taker take);

  [[nodiscard]] bool has_token() const noexcept { return has_token_; }
  [[nodiscard]] const service_address& where() const noexcept { return where_; }

 private:
  explicit service_client(service_address where) : where_(std::move(where)) {}
  [[nodiscard]] http_request request_to(std::string_view route) const;

  service_address where_;
  bool has_token_ = false;
  http::cookie_jar cookies_;
  http::trust_store trust_;
  http::host_limits limits_{{}};
  std::unique_ptr<http::client> client_;
};

/// May the same request succeed a moment later?
[[nodiscard]] bool is_passing(const failure& why) noexcept;

}  // namespace pofetch::cli
