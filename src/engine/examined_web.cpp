#include "core/retry_policy.hpp"
#include "engine/examined_source.hpp"
#include "engine/findings.hpp"
#include "sources/coupa_web.hpp"

namespace pofetch::engine {

namespace {

sources::coupa_web_options web_options(const examined_parts& parts) {
  sources::coupa_web_options web;
  web.base_url = parts.options.base_url;
  web.retry = core::retry_options_of(parts.pool);
  web.max_page_size = parts.pool.max_page_size;
  return web;
}

class examined_web final : public examined_source {
 public:
  explicit examined_web(const examined_parts& parts)
      : parts_(parts), source_(parts.http, parts.time, web_options(parts), parts.events) {}

  awaitable<result<sources::session_state>> probe() override {
    return sources::probe_session(parts_.http, parts_.options.base_url);
  }

  [[nodiscard]] finding judge(const result<sources::session_state>& state) const override {
    return on_session(state, parts_.options.base_url);
  }

  awaitable<result<bool>> ask() override {
    auto state = co_await sources::probe_session(parts_.http, parts_.options.base_url);
    if (!state) co_return state.error();
    co_return *state == sources::session_state::alive;
  }

  awaitable<result<std::string>> any_order() override {
    co_return make_failure(errc::unsupported, "no purchase order was looked at");
  }

  attachment_source& attachments() override { return source_; }

 private:
  examined_parts parts_;
  sources::coupa_web source_;
};

}  // namespace

std::unique_ptr<examined_source> examine_web(const examined_parts& parts) {
  return std::make_unique<examined_web>(parts);
}

}  // namespace pofetch::engine
