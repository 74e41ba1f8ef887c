#include "engine/instance_lane.hpp"

#include "core/retry_policy.hpp"
#include "sources/api_probe.hpp"
#include "sources/coupa_api.hpp"
#include "sources/coupa_web.hpp"
#include "sources/signed_transport.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::engine {

namespace {

sources::coupa_web_options web_options(const instance_options& options, const instance_lane::share& part) {
  sources::coupa_web_options web;
  web.base_url = options.base_url;
  web.retry = core::retry_options_of(options.pool);
  web.seed = part.index;
  web.max_page_size = options.pool.max_page_size;
  web.worker = part.first_worker;
  return web;
}

}  // namespace

instance_lane::instance_lane(boost::asio::any_io_executor executor, instance& where, const share& part)
    : executor_(std::move(executor)), where_(where), part_(part), time_(executor_) {}

result<std::unique_ptr<instance_lane>> instance_lane::make(boost::asio::any_io_executor executor,
                                                           instance& where, const share& part) {
  std::unique_ptr<instance_lane> made(new instance_lane(std::move(executor), where, part));
  auto opened = made->open();
  if (!opened) return opened.error();
  return made;
}

result<void> instance_lane::open() {
  const instance_options& options = where_.options;
  auto fields = http::parse_header_lines(options.headers);
  if (!fields) return fields.error();
  if (!where_.api.api_key.empty()) fields->push_back({"X-COUPA-API-KEY", where_.api.api_key});
  http::client_config config =
      http::make_client_config(options.pool, options.network, options.base_url, *fields, part_.connections);
  config.connections_before = part_.connections_before;
  auto client = http::client::make(executor_, std::move(config), where_.shared);
  if (!client) return client.error();
  http_ = std::move(*client);
  if (where_.api.by_token())
    signed_ = std::make_unique<sources::signed_transport>(
        *http_, time_, where_.token, where_.api.client, core::retry_options_of(options.pool), where_.events);
  if (options.own_source)
    source_ = options.own_source(wire(), time_);
  else if (where_.source == source_kind::api)
    source_ =
        std::make_unique<sources::coupa_api>(wire(), time_, api_options(options.pool.retries), where_.events);
  else if (where_.source != source_kind::manifest)
    source_ = std::make_unique<sources::coupa_web>(*http_, time_, web_options(options, part_), where_.events);
  return {};
}

sources::api_client_options instance_lane::api_options(unsigned most_retries) const {
  const instance_options& options = where_.options;
  sources::api_client_options api;
  api.base_url = options.base_url;
  api.retry = core::retry_options_of(options.pool);
  api.retry.retries = std::min(api.retry.retries, most_retries);
  api.seed = part_.index;
  api.max_answer = options.pool.max_page_size;
  api.worker = part_.first_worker;
  return api;
}

awaitable<result<sources::session_state>> instance_lane::probe(unsigned most_retries) {
  if (where_.source != source_kind::api) {
    auto state = co_await sources::probe_session(*http_, where_.options.base_url);
    co_return state;
  }
  sources::api_client api(wire(), time_, api_options(most_retries), where_.events);
  auto state = co_await sources::probe_api(api);
  co_return state;
}

}  // namespace pofetch::engine
