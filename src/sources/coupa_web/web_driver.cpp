#include "sources/coupa_web/web_driver.hpp"

#include "core/retry_policy.hpp"
#include "core/setting_text.hpp"
#include "core/url.hpp"
#include "sources/coupa_web/coupa_web.hpp"
#include "sources/coupa_web/session_probe.hpp"
#include "sources/driver.hpp"

namespace pofetch::sources {

namespace {

constexpr std::string_view rest_pages = "/api/";

class pages_driver final : public driver {
 public:
  [[nodiscard]] driver_facts facts() const noexcept override { return web_facts; }

  [[nodiscard]] awaitable<result<session_state>> probe(workplace at,
                                                       unsigned /*most_retries*/) const override {
    return probe_session(at.http, at.options.base_url);
  }

  [[nodiscard]] std::unique_ptr<attachment_source> open(const workplace& at) const override {
    coupa_web_options web;
    web.base_url = at.options.base_url;
    web.retry = core::retry_options_of(at.pool);
    web.seed = at.index;
    web.max_page_size = at.pool.max_page_size;
    web.worker = at.worker;
    return std::make_unique<coupa_web>(at.http, at.time, std::move(web), at.events);
  }

  [[nodiscard]] std::optional<page_area> pages(const std::string& origin) const override {
    return page_area{origin + "/", origin + std::string(rest_pages)};
  }

  [[nodiscard]] bool has_page(std::string_view page) const override {
    return !page.empty() && !core::path_of(page).starts_with(rest_pages);
  }

  [[nodiscard]] std::string advice(const failure& /*why*/) const override {
    return core::spelled(
        "sign in with 'pofetch login --base-url URL --save cookies.txt', and give the file with @cookies");
  }
};

}  // namespace

const driver& web_driver() {
  static const pages_driver one;
  return one;
}

}  // namespace pofetch::sources
