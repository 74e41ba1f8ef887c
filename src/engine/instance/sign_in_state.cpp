#include "engine/instance/sign_in_state.hpp"

#include "core/setting_text.hpp"
#include "core/url.hpp"
#include "http/cookie_text.hpp"
#include "os/file_rights.hpp"

#include <chrono>
#include <utility>

namespace pofetch::engine {

namespace {

void warn_about_key(const network_config& network, progress& events) {
  const std::string& file = network.client_key.empty() ? network.client_cert : network.client_key;
  if (file.empty()) return;
  if (auto warning = os::warn_if_readable_by_others("private key", file))
    events.on(event::notice{notice_level::warning, *warning});
}

}  // namespace

sign_in_state::sign_in_state(const instance_options& options, http::cookie_jar& jar)
    : options_(options), jar_(jar) {}

result<void> sign_in_state::load(progress& events) {
  const std::lock_guard lock(mutex_);
  warn_about_key(options_.network, events);
  if (const auto where = core::origin_of(options_.base_url)) instance_ = *where;
  if (!options_.cookie_file.empty()) {
    version_ = http::version_of(options_.cookie_file);
    auto file = http::read_cookie_file(options_.cookie_file, instance());
    if (!file) return file.error();
    text_ = std::move(file->text);
    if (auto warning = os::warn_if_readable_by_others("cookie file", options_.cookie_file))
      events.on(event::notice{notice_level::warning, *warning});
    if (!file->read.warning.empty()) events.on(event::notice{notice_level::warning, file->read.warning});
    auto& cookies = file->read.cookies;
    if (instance_ && options_.cookie_header.empty())
      if (auto warning = http::warn_if_useless(options_.cookie_file, cookies, *instance_,
                                               std::chrono::system_clock::now()))
        events.on(event::notice{notice_level::warning, *warning});
    for (auto& each : cookies) jar_.put(std::move(each));
  }
  if (!options_.cookie_header.empty()) {
    if (!instance_)
      return make_failure(errc::config,
                          core::spelled("POFETCH_COOKIE needs @base_url: it says whose cookies they are"));
    auto cookies = http::cookies_from_header(options_.cookie_header, instance_->host);
    if (!cookies) return cookies.error();
    for (auto& each : *cookies) jar_.put(std::move(each));
  }
  saved_ = jar_.changed();
  return {};
}

bool sign_in_state::changed() const { return !options_.cookie_file.empty() && jar_.changed() != saved_; }

result<void> sign_in_state::save() {
  const std::lock_guard lock(mutex_);
  return save_locked();
}

result<void> sign_in_state::save_locked() {
  if (!changed() || file_replaced_locked()) return {};
  const auto now = jar_.changed();
  std::string text = http::renewed_cookie_text(text_, jar_.all(), instance());
  auto written = http::write_cookie_file(options_.cookie_file, text);
  if (!written) return written;
  text_ = std::move(text);
  saved_ = now;
  version_ = http::version_of(options_.cookie_file);
  return {};
}

bool sign_in_state::file_replaced() const {
  const std::lock_guard lock(mutex_);
  return file_replaced_locked();
}

bool sign_in_state::file_replaced_locked() const {
  return !options_.cookie_file.empty() && http::version_of(options_.cookie_file) != version_;
}

result<void> sign_in_state::reload() {
  const std::lock_guard lock(mutex_);
  version_ = http::version_of(options_.cookie_file);
  auto file = http::read_cookie_file(options_.cookie_file, instance());
  if (!file) return file.error();
  text_ = std::move(file->text);
  jar_.sign_in(std::move(file->read.cookies));
  saved_ = jar_.changed();
  return {};
}

result<void> sign_in_state::take(std::string_view text, std::string_view shown) {
  const std::lock_guard lock(mutex_);
  auto fresh = http::parse_cookie_text(text, shown, instance());
  if (!fresh) return fresh.error();
  jar_.sign_in(std::move(fresh->cookies));
  return save_locked();
}

}  // namespace pofetch::engine
