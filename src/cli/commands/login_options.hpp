#pragma once

#include "cli/options.hpp"
#include "cli/screen/screen.hpp"
#include "engine/instance/browser_sign_in.hpp"

#include <functional>
#include <string_view>
#include <utility>

namespace pofetch::cli {

/// What the options say about signing in with a browser.
[[nodiscard]] inline engine::browser_sign_in_options browser_wishes_of(
    const options& values, std::function<void(std::string_view)> say) {
  engine::browser_sign_in_options made;
  made.base_url = values.batch.base_url;
  made.driver = values.driver;
  made.browser = values.browser;
  made.headless = values.headless;
  made.timeout = values.sign_in_timeout;
  made.pool = values.batch.pool;
  made.network = values.batch.network;
  made.say = std::move(say);
  return made;
}

/// The batch's options; with `--on-expiry login` it signs in with a browser when its session ends. `shown`
/// must outlive the batch. Failure config: there is no such browser, which is better known before hours of
/// work than after them.
[[nodiscard]] inline result<batch_options> with_sign_in(const options& values, screen& shown) {
  batch_options made = values.batch;
  if (made.on_expiry != expiry_action::login) return made;
  const auto wishes = browser_wishes_of(values, [&shown](std::string_view text) { shown.say(text); });
  const result<void> found = engine::find_browser(wishes);
  if (!found) return found.error();
  made.sign_in = [wishes] { return engine::sign_in_with_browser(wishes); };
  return made;
}

}  // namespace pofetch::cli
