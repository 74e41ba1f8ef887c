#pragma once

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/network_config.hpp>
#include <pofetch/pool_config.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace pofetch::engine {

/// Signing in with a real browser.
struct browser_sign_in_options {
  std::string base_url;
  /// See `login::choose_browser`.
  std::string driver{};
  std::string browser{};
  bool headless = false;
  /// For the whole of it, the person's part included.
  std::chrono::milliseconds timeout{std::chrono::minutes{10}};
  /// How the instance is reached. The browser itself goes by the settings of the machine.
  pool_config pool{};
  network_config network{};
  /// Lines for the person. Called on the executor; may be empty.
  std::function<void(std::string_view)> say{};
};

/// Is there a driver for the browser of these options? Failure config says what to install.
[[nodiscard]] result<void> find_browser(const browser_sign_in_options& options);

/// Starts a browser with an empty profile, opens the instance, waits until somebody has signed in there, and
/// returns the instance's cookies as Netscape cookies.txt. That it worked is known by asking the instance
/// with these cookies. The browser is closed and its profile removed in every case, also when it is
/// cancelled. Failures: config (no driver, no browser, they do not fit), session_expired (nobody signed in,
/// in time or at all), and what is wrong with the way to the instance.
[[nodiscard]] awaitable<result<std::string>> sign_in_with_browser(browser_sign_in_options options);

/// The same as one call that blocks and stores the cookies.
class browser_login {
 public:
  explicit browser_login(browser_sign_in_options options);

  browser_login(const browser_login&) = delete;
  browser_login& operator=(const browser_login&) = delete;

  /// Writes `save` with mode 0600. Call once. Failures as above, config if there is no writing to `save`
  /// (before anything is started), cancelled.
  result<void> run(const std::filesystem::path& save);
  /// Any thread.
  void request_stop();

 private:
  awaitable<result<std::string>> work();

  browser_sign_in_options options_;
  boost::asio::io_context context_{1};
  boost::asio::cancellation_signal stop_;
  bool stopped_ = false;
};

}  // namespace pofetch::engine
