#include "core/po_number.hpp"
#include "core/retry_policy.hpp"
#include "engine/examined_source.hpp"
#include "engine/findings.hpp"
#include "sources/api_orders.hpp"
#include "sources/api_probe.hpp"
#include "sources/coupa_api.hpp"
#include "sources/shared_token.hpp"
#include "sources/signed_transport.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::engine {

namespace {

sources::api_client_options client_options(const examined_parts& parts, unsigned most_retries) {
  sources::api_client_options api;
  api.base_url = parts.options.base_url;
  api.retry = core::retry_options_of(parts.pool);
  api.retry.retries = std::min(api.retry.retries, most_retries);
  api.max_answer = parts.pool.max_page_size;
  return api;
}

class examined_api final : public examined_source {
 public:
  examined_api(const examined_parts& parts, api_credentials who)
      : options_(parts.options),
        who_(std::move(who)),
        token_(parts.options.token_wait),
        signed_(parts.http, parts.time, token_, who_.client, core::retry_options_of(parts.pool),
                parts.events),
        wire_(who_.by_token() ? static_cast<transport&>(signed_) : parts.http),
        patient_(wire_, parts.time, client_options(parts, parts.pool.retries), parts.events),
        strict_(wire_, parts.time, client_options(parts, 0), parts.events),
        source_(wire_, parts.time, client_options(parts, parts.pool.retries), parts.events),
        orders_url_(sources::orders_url(parts.options.base_url, {})) {}

  awaitable<result<sources::session_state>> probe() override { return sources::probe_api(patient_); }

  [[nodiscard]] finding judge(const result<sources::session_state>& state) const override {
    return on_api(state, options_, token_.told_lifetime());
  }

  awaitable<result<bool>> ask() override {
    auto state = co_await sources::probe_api(strict_);
    if (!state) co_return state.error();
    co_return *state == sources::session_state::alive;
  }

  awaitable<result<std::string>> any_order() override {
    auto page = co_await sources::read_orders(patient_, orders_url_, 0);
    if (!page) co_return page.error();
    for (const auto& each : *page) {
      const core::po_cell cell = core::parse_po_cell(each.number);
      if (cell.orders.size() == 1 && cell.rejected.empty()) co_return each.number;
    }
    co_return make_failure(errc::not_found, "the REST API lists no purchase order to this user");
  }

  attachment_source& attachments() override { return source_; }

 private:
  const batch_options& options_;
  api_credentials who_;
  sources::shared_token token_;
  sources::signed_transport signed_;
  transport& wire_;
  sources::api_client patient_;
  /// Nothing is tried again, and so nothing is hidden.
  sources::api_client strict_;
  sources::coupa_api source_;
  std::string orders_url_;
};

}  // namespace

std::unique_ptr<examined_source> examine_api(const examined_parts& parts, api_credentials who) {
  return std::make_unique<examined_api>(parts, std::move(who));
}

}  // namespace pofetch::engine
