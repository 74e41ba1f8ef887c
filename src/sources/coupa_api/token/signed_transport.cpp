#include "sources/coupa_api/token/signed_transport.hpp"

#include "async/retry.hpp"
#include "core/mask_url.hpp"
#include "core/setting_text.hpp"
#include "core/url.hpp"
#include "sources/coupa_api/api_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::sources {

namespace {

/// Tries of the first token: a start must not hang for long on an address that is wrong.
constexpr unsigned first_retries = 2;
/// How often one request is sent with another token.
constexpr unsigned most_tokens = 2;

/// Keeps a 401 of the API from the sink that waits for the body.
class refusal_filter final : public body_sink {
 public:
  refusal_filter(body_sink& below, const std::string& base_url) : below_(below), base_url_(base_url) {}

  result<void> begin(const http_response& head) override {
    refused_ = head.status == 401 && is_api_address(head.url, base_url_);
    if (refused_) return {};
    return below_.begin(head);
  }
  result<void> write(std::span<const std::byte> bytes) override {
    if (refused_) return {};
    return below_.write(bytes);
  }
  [[nodiscard]] bool full() const noexcept override { return !refused_ && below_.full(); }
  [[nodiscard]] awaitable<result<void>> drain() override { return below_.drain(); }
  [[nodiscard]] bool refused() const noexcept { return refused_; }

 private:
  body_sink& below_;
  const std::string& base_url_;
  bool refused_ = false;
};

/// Whoever has the duty to renew gives it back, also when cancelled.
class duty {
 public:
  explicit duty(shared_token& token) : token_(token) {}
  duty(const duty&) = delete;
  duty& operator=(const duty&) = delete;
  ~duty() {
    if (!done_) token_.abandon();
  }
  void put(access_token fresh, shared_token::time_point now) {
    done_ = true;
    token_.put(std::move(fresh), now);
  }
  void give_up(failure why, shared_token::time_point now) {
    done_ = true;
    token_.give_up(std::move(why), now);
  }

 private:
  shared_token& token_;
  bool done_ = false;
};

}  // namespace

signed_transport::signed_transport(transport& http, clock& time, shared_token& token,
                                   const client_credentials& who, core::retry_options retry, progress& events)
    : http_(http), time_(time), token_(token), who_(who), retry_(retry), events_(events) {}

awaitable<result<http_response>> signed_transport::exchange(const http_request& request, body_sink& sink) {
  if (!core::same_origin(request.url, who_.base_url)) co_return co_await http_.exchange(request, sink);
  for (unsigned tokens = 1; tokens <= most_tokens; ++tokens) {
    auto token = co_await obtain();
    if (!token) co_return token.error();
    http_request with_token = request;
    with_token.fields.push_back(http_field{"Authorization", "Bearer " + token->value});
    refusal_filter filter(sink, who_.base_url);
    auto answer = co_await http_.exchange(with_token, filter);
    if (!filter.refused()) co_return answer;
    token_.refuse(token->generation);
  }
  co_return make_failure(errc::session_expired,
                         core::sentence("{}: the REST API refuses the access token (401) although it has "
                                        "just been renewed; check the rights of the client and @base_url",
                                        core::mask_url(request.url)));
}

awaitable<result<signed_transport::grant>> signed_transport::obtain() {
  for (;;) {
    auto told = token_.next(time_.now());
    if (told.what == shared_token::action::use) {
      grant given;
      given.value = std::move(told.value);
      given.generation = told.generation;
      co_return given;
    }
    if (told.what == shared_token::action::fail) co_return *told.why;
    if (told.what == shared_token::action::renew) {
      co_await renew();
      continue;
    }
    co_await time_.sleep_until(told.until);
  }
}

awaitable<> signed_transport::renew() {
  duty mine(token_);
  const bool first = !token_.had_one();
  auto fresh = co_await fetch();
  if (fresh) {
    mine.put(std::move(*fresh), time_.now());
    events_.on(event::notice{notice_level::info,
                             first ? "an access token was fetched" : "the access token was renewed"});
    co_return;
  }
  const failure why = fresh.error();
  failure told = why;
  told.retry_after.reset();
  // Without a token nobody may ask for anything: that is never the fault of what was to be asked for.
  const bool ill = why.code == errc::http_status || why.code == errc::rate_limited;
  if (!first || ill)
    told = make_failure(errc::session_expired,
                        fmt::format("{}: {}",
                                    first ? "there is no access token to be had; run again later"
                                          : "the access token could not be renewed",
                                    why.message));
  if (!first) events_.on(event::notice{notice_level::warning, told.message});
  mine.give_up(std::move(told), time_.now());
}

awaitable<result<access_token>> signed_transport::fetch() {
  core::retry_options options = retry_;
  if (!token_.had_one()) options.retries = std::min(options.retries, first_retries);
  core::retry_policy policy(options, 1);
  const http_request request = token_request(who_);
  auto attempt = [this, &request] { return ask(request); };
  auto notify = [this](const failure& why, std::chrono::milliseconds delay) {
    events_.on(event::retrying{0, why, delay});
  };
  co_return co_await async::with_retries(time_, policy, attempt, notify);
}

awaitable<result<access_token>> signed_transport::ask(const http_request& request) {
  json_body body;
  auto answer = co_await http_.exchange(request, body);
  if (!answer) co_return answer.error();
  co_return judge_token(who_, *answer, body, time_.wall());
}

}  // namespace pofetch::sources
