#include "sources/coupa_api/api_driver.hpp"

#include "core/retry_policy.hpp"
#include "core/url.hpp"
#include "sources/coupa_api/api_advice.hpp"
#include "sources/coupa_api/api_client.hpp"
#include "sources/coupa_api/api_options.hpp"
#include "sources/coupa_api/api_orders.hpp"
#include "sources/coupa_api/api_probe.hpp"
#include "sources/coupa_api/coupa_api.hpp"
#include "sources/coupa_api/token/api_credentials.hpp"
#include "sources/driver.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::sources {

namespace {

constexpr std::string_view api_pages = "/api/";

api_client_options client_options(const workplace& at, unsigned most_retries) {
  api_client_options api;
  api.base_url = at.options.base_url;
  api.retry = core::retry_options_of(at.pool);
  api.retry.retries = std::min(api.retry.retries, most_retries);
  api.seed = at.index;
  api.max_answer = at.pool.max_page_size;
  api.worker = at.worker;
  return api;
}

class rest_listing final : public order_listing {
 public:
  [[nodiscard]] std::size_t page_size() const noexcept override { return api_client::page_size; }

  [[nodiscard]] std::string url(const std::string& base_url, const order_filter& filter) const override {
    return orders_url(base_url, filter);
  }

  [[nodiscard]] awaitable<result<order_page>> read(workplace at, std::string url,
                                                   std::uint64_t offset) const override {
    api_client api(at.http, at.time, client_options(at, at.pool.retries), at.events);
    const auto asked = at.time.wall();
    auto orders = co_await read_orders(api, url, offset);
    if (!orders) co_return orders.error();
    order_page page;
    page.at = api.server_time().value_or(asked);
    page.orders = std::move(*orders);
    co_return page;
  }

  [[nodiscard]] result<std::unique_ptr<po_list>> open(page_reader read,
                                                      const std::vector<std::string>& folder_columns,
                                                      bool may_be_empty) const override {
    return api_orders::open(std::move(read), folder_columns, may_be_empty);
  }
};

class rest_driver final : public driver {
 public:
  [[nodiscard]] driver_facts facts() const noexcept override { return api_driver_facts; }

  [[nodiscard]] result<void> check(const batch_options& options) const override {
    return check_api_options(options);
  }

  [[nodiscard]] result<std::unique_ptr<credentials>> load_credentials(
      const instance_options& options, progress& events,
      const std::function<bool()>& stopped) const override {
    auto loaded = load_api_credentials(options, events, stopped);
    if (!loaded) return loaded.error();
    return std::unique_ptr<credentials>(new api_sign_in(std::move(*loaded), options.token_wait));
  }

  [[nodiscard]] awaitable<result<session_state>> probe(workplace at, unsigned most_retries) const override {
    api_client api(at.http, at.time, client_options(at, most_retries), at.events);
    auto state = co_await probe_api(api);
    co_return state;
  }

  /// An API that is busy or ill for the moment has refused nobody.
  [[nodiscard]] awaitable<result<session_state>> probe_again(workplace at) const override {
    auto state = co_await probe(at, at.pool.retries);
    if (state) co_return session_state::alive;
    if (state.error().code == errc::session_expired) co_return session_state::expired;
    co_return session_state::unknown;
  }

  [[nodiscard]] std::unique_ptr<attachment_source> open(const workplace& at) const override {
    return std::make_unique<coupa_api>(at.http, at.time, client_options(at, at.pool.retries), at.events);
  }

  [[nodiscard]] const order_listing* listing() const noexcept override { return &listing_; }

  [[nodiscard]] std::optional<page_area> pages(const std::string& origin) const override {
    return page_area{origin + std::string(api_pages)};
  }

  [[nodiscard]] bool has_page(std::string_view page) const override {
    return core::path_of(page).starts_with(api_pages);
  }

  [[nodiscard]] finding on_sign_in(const result<session_state>& state, const instance_options& options,
                                   const credentials* known) const override {
    return on_api(state, options, known == nullptr ? std::nullopt : known->told_lifetime());
  }

  [[nodiscard]] std::string advice(const failure& why) const override { return api_advice(why, true); }

  [[nodiscard]] bool lacks_rights(const failure& why) const override { return why.http_status == 403; }

 private:
  rest_listing listing_;
};

}  // namespace

const driver& api_driver() {
  static const rest_driver one;
  return one;
}

}  // namespace pofetch::sources
