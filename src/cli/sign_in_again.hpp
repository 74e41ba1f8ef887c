#pragma once

#include "cli/login_options.hpp"
#include "cli/screen.hpp"

#include <string_view>

namespace pofetch::cli {

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
