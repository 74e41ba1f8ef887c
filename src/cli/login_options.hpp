#pragma once

#include "cli/options.hpp"
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

}  // namespace pofetch::cli
