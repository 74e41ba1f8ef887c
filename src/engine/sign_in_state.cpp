#include "engine/sign_in_state.hpp"

#include "core/url.hpp"
#include "http/cookie_text.hpp"

#include <chrono>
#include <utility>

namespace pofetch::engine {

namespace {

void warn_about_key(const network_config& network, progress& events) {
  const std::string& file = network.client_key.empty() ? network.client_cert : network.client_key;
  if (file.empty()) return;
  if (auto warning = http::warn_if_readable_by_others("private key", file))
    events.notice(notice_level::warning, *warning);
}

}  // namespace

sign_in_state::sign_in_state(const batch_options& options, http::shared_state& shared)
    : options_(options), shared_(shared) {}

result<void> sign_in_state::load(progress& events) {
  warn_about_key(options_.network, events);
  const auto where = core::origin_of(options_.base_url);
  if (!options_.cookie_file.empty()) {
    version_ = http::version_of(options_.cookie_file);
    auto cookies = http::read_cookie_file(options_.cookie_file);
    if (!cookies) return cookies.error();
    if (auto warning = http::warn_if_readable_by_others("cookie file", options_.cookie_file))
      events.notice(notice_level::warning, *warning);
    if (where && options_.cookie_header.empty())
      if (auto warning =
              http::warn_if_useless(options_.cookie_file, *cookies, *where, std::chrono::system_clock::now()))
        events.notice(notice_level::warning, *warning);
    for (auto& each : *cookies) shared_.cookies.put(std::move(each));
  }
  if (!options_.cookie_header.empty()) {
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
  if (!changed() || file_replaced()) return {};
  const auto now = shared_.cookies.changed();
  auto written = http::write_cookie_file(options_.cookie_file, shared_.cookies.all());
  if (!written) return written;
  saved_ = now;
  version_ = http::version_of(options_.cookie_file);
  return {};
}

bool sign_in_state::file_replaced() const {
  return !options_.cookie_file.empty() && http::version_of(options_.cookie_file) != version_;
}

result<void> sign_in_state::reload() {
  version_ = http::version_of(options_.cookie_file);
  auto cookies = http::read_cookie_file(options_.cookie_file);
  if (!cookies) return cookies.error();
  shared_.cookies.sign_in(std::move(*cookies));
  saved_ = shared_.cookies.changed();
  return {};
}

result<void> sign_in_state::take(std::string_view text, std::string_view shown) {
  auto cookies = http::parse_cookie_text(text, shown);
  if (!cookies) return cookies.error();
  shared_.cookies.sign_in(std::move(*cookies));
  return save();
}

}  // namespace pofetch::engine
