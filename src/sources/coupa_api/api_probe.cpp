#include "sources/coupa_api/api_probe.hpp"

#include "core/percent.hpp"

#include <fmt/format.h>

namespace pofetch::sources {

awaitable<result<session_state>> probe_api(api_client& api) {
  const api_query asked{"the first request",
                        fmt::format("{}/purchase_orders?limit=1&fields={}", api_root(api.base_url()),
                                    core::encode_component(R"(["id"])")),
                        order_scope};
  auto answer = co_await api.get(asked);
  if (answer && answer->is_array()) co_return session_state::alive;
  if (answer) co_return wrong_shape(asked, "a list of purchase orders");
  failure why = answer.error();
  const bool none_there = why.code == errc::not_found && why.http_status == 404;
  const bool busy =
      why.code == errc::rate_limited || (why.code == errc::http_status && why.http_status >= 500);
  if (none_there) co_return session_state::alive;
  if (busy) co_return session_state::unknown;
  if (why.code == errc::not_found) why.code = errc::session_expired;
  co_return why;
}

}  // namespace pofetch::sources
