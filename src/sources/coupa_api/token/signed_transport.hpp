#pragma once

#include "core/retry_policy.hpp"
#include "sources/coupa_api/token/access_token.hpp"
#include "sources/coupa_api/token/shared_token.hpp"

#include <pofetch/clock.hpp>
#include <pofetch/progress.hpp>
#include <pofetch/transport.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// A transport that signs in what goes to the instance's own origin with the run's access token, fetches that
/// token, and renews it: before it runs out, and when the API answers 401. Requests to other origins pass as
/// they are; the transport below keeps Authorization from leaving the origin with a redirect. Belongs to one
/// executor, like the transport that it uses; `token` is shared by all lanes.
class signed_transport final : public transport {
 public:
  /// Everything given must outlive it.
  signed_transport(transport& http, clock& time, shared_token& token, const client_credentials& who,
                   core::retry_options retry, progress& events);

  /// See the port. Failures also: session_expired (there is no token to be had, or a fresh one is refused),
  /// and before there was a first token, unexpected_content (see `judge_token`).
  [[nodiscard]] awaitable<result<http_response>> exchange(const http_request& request,
                                                          body_sink& sink) override;

  void spare(std::string_view url) override { http_.spare(url); }

  [[nodiscard]] std::uint64_t requests() const noexcept override { return http_.requests(); }

 private:
  struct grant {
    std::string value;
    std::uint64_t generation = 0;
  };
  [[nodiscard]] awaitable<result<grant>> obtain();
  [[nodiscard]] awaitable<> renew();
  [[nodiscard]] awaitable<result<access_token>> fetch();
  [[nodiscard]] awaitable<result<access_token>> ask(const http_request& request);

  transport& http_;
  clock& time_;
  shared_token& token_;
  const client_credentials& who_;
  core::retry_options retry_;
  progress& events_;
};

}  // namespace pofetch::sources
