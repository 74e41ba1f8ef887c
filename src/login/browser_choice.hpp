#pragma once

#include <pofetch/error.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace pofetch::login {

enum class browser_kind { chrome, edge, firefox };

/// A driver program and the browser that it is to start.
struct browser_choice {
  browser_kind kind = browser_kind::chrome;
  std::filesystem::path driver;
  /// The browser's own program; empty: the driver finds it.
  std::filesystem::path program{};
};

/// Finds the driver. `driver`: its path, or empty to look on PATH and in the usual places. `browser`: chrome,
/// chromium, edge, firefox, the path of a browser's program, or empty for the first that there is. Failure
/// config says what to install.
[[nodiscard]] result<browser_choice> choose_browser(std::string_view driver, std::string_view browser);

/// How the browser is to come up.
struct browser_wishes {
  std::filesystem::path profile;
  bool headless = false;
};

/// Body of WebDriver's New Session (W3C WebDriver 8.1) for this browser.
[[nodiscard]] std::string new_session_body(const browser_choice& choice, const browser_wishes& wishes);

/// What a refused New Session means, in plain words with the next step. `said`: the driver's own words.
/// `as_root`: Chromium and its relatives do not start then, because root gets no sandbox.
[[nodiscard]] failure refused_session(const browser_choice& choice, std::string_view said, bool as_root);

}  // namespace pofetch::login
