#include "engine/instance/instance_lane.hpp"

#include "core/retry_policy.hpp"

#include <utility>

namespace pofetch::engine {

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
  auto client = where_.client_on(executor_, who_.part, who_.weight);
  if (!client) return client.error();
  http_ = std::move(*client);
  if (where_.keys) signed_ = where_.keys->sign(*http_, time_, core::retry_options_of(who_.pool), who_.events);
  source_ = driver().open(place());
  return {};
}

sources::workplace instance_lane::place() noexcept {
  return {where_.options, who_.pool, wire(), time_, who_.events, who_.index, who_.first_worker};
}

}  // namespace pofetch::engine
