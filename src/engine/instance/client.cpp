#include "engine/instance/handles.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace pofetch {

namespace asio = boost::asio;

namespace {

using client_state = std::shared_ptr<client::state>;

result<purchase_order> order_of(const sources::driver& source, const std::string& number) {
  const core::po_cell cell = source.read_numbers(number);
  if (cell.orders.size() != 1 || !cell.rejected.empty())
    return make_failure(errc::input, "one PO number such as 4500012 or PO4500012 was expected");
  purchase_order po;
  po.number = cell.orders.front().number;
  po.prefix = cell.orders.front().prefix;
  return po;
}

awaitable<result<discovery>> discover_with(client_state self, std::string number) {
  co_await require_executor(self->lane->executor());
  const auto po = order_of(self->lane->driver(), number);
  if (!po) co_return po.error();
  auto found = co_await self->lane->source().discover(*po);
  co_return found;
}

awaitable<result<void>> check_with(client_state self) {
  co_await require_executor(self->lane->executor());
  const engine::instance& where = self->lane->where();
  auto state = co_await self->lane->probe(where.options.pool.retries);
  if (!state) co_return state.error();
  if (*state != sources::session_state::expired) co_return result<void>();
  co_return make_failure(errc::session_expired,
                         "the instance asks to sign in: the session has expired, or there are no cookies");
}

}  // namespace

awaitable<> require_executor(asio::any_io_executor wanted) {
  const asio::any_io_executor here = co_await asio::this_coro::executor;
  if (here != wanted) throw std::logic_error("a pofetch::client is awaited on another executor than its own");
}

client::client(std::shared_ptr<state> made) : state_(std::move(made)) {}

result<client> client::open(executor_type executor, const session& where) {
  const auto& owner = where.shared();
  engine::instance& instance = owner->where;
  const sources::driver_facts how = instance.driver().facts();
  if (!how.needs_instance)
    return make_failure(
        errc::config, fmt::format("a client needs an instance: the source {} has none", to_string(how.kind)));
  engine::instance_lane::guest caller{instance.events, instance.options.pool};
  caller.part.connections = instance.options.pool.max_connections;
  auto lane = engine::instance_lane::make(executor, instance, caller);
  if (!lane) return lane.error();
  // The last handle may go on any thread; connections are closed on their own.
  auto release = [executor](state* gone) {
    std::unique_ptr<state> owned(gone);
    asio::post(executor, [owned = std::move(owned)] {});
  };
  std::shared_ptr<state> made(new state{owner, std::move(*lane)}, std::move(release));
  return client(std::move(made));
}

client::executor_type client::get_executor() const { return state_->lane->executor(); }

awaitable<result<discovery>> client::discover(std::string number) const {
  return discover_with(state_, std::move(number));
}

awaitable<result<void>> client::check_sign_in() const { return check_with(state_); }

}  // namespace pofetch
