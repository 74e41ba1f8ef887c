#include "engine/sign_in_state.hpp"

#include "core/url.hpp"
#include "http/cookie_file.hpp"
#include "http/cookie_text.hpp"

#include <utility>

namespace pofetch::engine {

sign_in_state::sign_in_state(const batch_options& options, http::shared_state& shared)
    : options_(options), shared_(shared) {}

result<void> sign_in_state::load(progress& events) {
  if (!options_.cookie_file.empty()) {
    auto cookies = http::read_cookie_file(options_.cookie_file);
    if (!cookies) return cookies.error();
    if (auto warning = http::warn_if_readable_by_others(options_.cookie_file))
      events.notice(notice_level::warning, *warning);
    for (auto& each : *cookies) shared_.cookies.put(std::move(each));
  }
  if (!options_.cookie_header.empty()) {
    auto where = core::origin_of(options_.base_url);
    if (!where)
      return make_failure(errc::config, "POFETCH_COOKIE needs --base-url: it says whose cookies they are");
    auto cookies = http::cookies_from_header(options_.cookie_header, where->host);
    if (!cookies) return cookies.error();
    for (auto& each : *cookies) shared_.cookies.put(std::move(each));
  }
  saved_ = shared_.cookies.changed();
  return {};
}

bool sign_in_state::changed() const {
  return !options_.cookie_file.empty() && shared_.cookies.changed() != saved_;
}

result<void> sign_in_state::save() {
  if (!changed()) return {};
  const auto version = shared_.cookies.changed();
  auto written = http::write_cookie_file(options_.cookie_file, shared_.cookies.all());
  if (written) saved_ = version;
  return written;
}

}  // namespace pofetch::engine
