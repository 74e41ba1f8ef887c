#include "engine/instance.hpp"

#include "engine/api_options.hpp"

#include <utility>

namespace pofetch::engine {

namespace {

http::run_limits limits_of(const instance_options& options) {
  return {request_ceiling(options), options.pool.limit_rate, options.pool.max_connections,
          options.pool.adaptive};
}

}  // namespace

instance::instance(const instance_options& how, progress& receiver)
    : options(how),
      events(receiver),
      source(how.own_source ? source_kind::own : how.source),
      shared(limits_of(how)),
      sign_in(how, shared),
      token(how.token_wait) {}

result<void> instance::load_credentials(const std::function<bool()>& stopped) {
  if (source != source_kind::api) return {};
  auto loaded = load_api_credentials(options, events, stopped);
  if (!loaded) return loaded.error();
  api = std::move(*loaded);
  return {};
}

}  // namespace pofetch::engine
