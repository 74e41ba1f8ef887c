#include "engine/instance/instance_lane.hpp"

#include "core/retry_policy.hpp"
#include "sources/coupa_api/api_probe.hpp"
#include "sources/coupa_api/coupa_api.hpp"
#include "sources/coupa_api/token/signed_transport.hpp"
#include "sources/coupa_web/coupa_web.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::engine {

namespace {

sources::coupa_web_options web_options(const std::string& base_url, const instance_lane::guest& who) {
  sources::coupa_web_options web;
  web.base_url = base_url;
  web.retry = core::retry_options_of(who.pool);
  web.seed = who.index;
  web.max_page_size = who.pool.max_page_size;
  web.worker = who.first_worker;
  return web;
}

}  // namespace

instance_lane::instance_lane(boost::asio::any_io_executor executor, instance& where, const guest& who)
    : executor_(std::move(executor)), where_(where), who_(who), time_(executor_) {}

result<std::unique_ptr<instance_lane>> instance_lane::make(boost::asio::any_io_executor executor,
                                                           instance& where, const guest& who) {
  std::unique_ptr<instance_lane> made(new instance_lane(std::move(executor), where, who));
  auto opened = made->open();
  if (!opened) return opened.error();
  return made;
}

result<void> instance_lane::open() {
  const instance_options& options = where_.options;
  auto client = where_.client_on(executor_, who_.part, who_.weight);
  if (!client) return client.error();
  http_ = std::move(*client);
  if (where_.api.by_token())
    signed_ = std::make_unique<sources::signed_transport>(*http_, time_, where_.token, where_.api.client,
                                                          core::retry_options_of(who_.pool), who_.events);
  if (options.own_source)
    source_ = options.own_source(wire(), time_);
  else if (where_.source == source_kind::api)
    source_ =
        std::make_unique<sources::coupa_api>(wire(), time_, api_options(who_.pool.retries), who_.events);
  else if (where_.source != source_kind::manifest)
    source_ =
        std::make_unique<sources::coupa_web>(*http_, time_, web_options(options.base_url, who_), who_.events);
  return {};
}

sources::api_client_options instance_lane::api_options(unsigned most_retries) const {
  sources::api_client_options api;
  api.base_url = where_.options.base_url;
  api.retry = core::retry_options_of(who_.pool);
  api.retry.retries = std::min(api.retry.retries, most_retries);
  api.seed = who_.index;
  api.max_answer = who_.pool.max_page_size;
  api.worker = who_.first_worker;
  return api;
}

awaitable<result<sources::session_state>> instance_lane::probe(unsigned most_retries) {
  if (where_.source != source_kind::api) {
    auto state = co_await sources::probe_session(*http_, where_.options.base_url);
    co_return state;
  }
  sources::api_client api(wire(), time_, api_options(most_retries), who_.events);
  auto state = co_await sources::probe_api(api);
  co_return state;
}

}  // namespace pofetch::engine
