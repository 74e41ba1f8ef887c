#include "engine/instance/instance.hpp"

#include "core/url.hpp"
#include "sources/own/own_driver.hpp"

#include <map>
#include <string>
#include <utility>

namespace pofetch::engine {

double request_ceiling(const instance_options& options) {
  const double wanted = options.pool.requests_per_second;
  const sources::driver* const how = sources::find_driver(options.source.word());
  return how != nullptr && wanted <= 0 ? how->facts().requests_per_second : wanted;
}

http::ceilings ceilings_of(const instance_options& options) {
  return {request_ceiling(options), options.pool.limit_rate, options.pool.max_connections,
          options.pool.adaptive};
}

namespace {

/// One for an origin, as long as somebody has it.
std::shared_ptr<http::host_limits> limits_at(const std::string& base_url, const http::ceilings& most) {
  static std::mutex guard;
  static std::map<std::string, std::weak_ptr<http::host_limits>> known;
  const auto origin = core::origin_of(base_url);
  if (!origin) return std::make_shared<http::host_limits>(most);
  const std::lock_guard lock(guard);
  std::erase_if(known, [](const auto& each) { return each.second.expired(); });
  auto& place = known[core::to_string(*origin)];
  auto limits = place.lock();
  if (limits) {
    limits->tighten(most);
  } else {
    limits = std::make_shared<http::host_limits>(most);
    place = limits;
  }
  return limits;
}

const sources::driver* driver_of(const instance_options& options) {
  return options.own_source ? &sources::own_driver() : sources::find_driver(options.source.word());
}

}  // namespace

instance::instance(instance_options how, progress& receiver, std::shared_ptr<http::host_limits> own_limits)
    : options(std::move(how)),
      events(receiver),
      source(driver_of(options)),
      limits(own_limits ? std::move(own_limits) : limits_at(options.base_url, ceilings_of(options))),
      sign_in(options, cookies) {}

result<void> instance::load_credentials(const std::function<bool()>& stopped) {
  auto loaded = driver().load_credentials(options, events, stopped);
  if (!loaded) return loaded.error();
  keys = std::move(*loaded);
  return {};
}

result<std::unique_ptr<http::client>> instance::client_on(boost::asio::any_io_executor executor,
                                                          const share& part, unsigned weight) {
  const std::lock_guard lock(mutex_);
  std::erase_if(lanes_, [](const standing& each) { return each.lane.expired(); });
  for (const standing& each : lanes_)
    if (each.executor == executor)
      if (auto lane = each.lane.lock()) return std::make_unique<http::client>(std::move(lane), weight);
  auto fields = http::parse_header_lines(options.headers);
  if (!fields) return fields.error();
  if (keys) {
    for (http_field& each : keys->fields()) fields->push_back(std::move(each));
  }
  http::client_config config =
      http::make_client_config(options.pool, options.network, options.base_url, *fields, part.connections);
  config.connections_before = part.before;
  auto made = http::client::make(executor, std::move(config), {*limits, cookies, trust, watch_}, weight);
  if (made) lanes_.push_back({std::move(executor), (*made)->lane()});
  return made;
}

}  // namespace pofetch::engine
