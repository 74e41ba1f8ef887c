#pragma once

#include <pofetch/awaitable.hpp>
#include <pofetch/error.hpp>
#include <pofetch/transport.hpp>

#include <string>
#include <string_view>

namespace pofetch::login {

/// One browser, driven by the W3C WebDriver protocol over a transport that reaches its driver. Every command
/// is cancellable and is not tried again. Failures: those of the transport, and protocol with the driver's
/// own words where it refuses.
class webdriver {
 public:
  /// `address`: the driver's, without a slash at the end. The transport must outlive it.
  webdriver(transport& http, std::string address);

  /// Is the driver ready for a session? A failure: there is no answer, or none of a driver.
  [[nodiscard]] awaitable<result<bool>> is_ready();
  /// Starts the browser, `body` as from `new_session_body`.
  [[nodiscard]] awaitable<result<void>> begin(std::string body);
  [[nodiscard]] awaitable<result<void>> open(std::string url);
  /// Address of the page in the window.
  [[nodiscard]] awaitable<result<std::string>> where();
  /// Turns to a window that is open. Failure: there is none any more.
  [[nodiscard]] awaitable<result<void>> turn_to_open_window();
  /// Cookies that the browser would send with this page, as JSON in the form of the driver. A secret.
  [[nodiscard]] awaitable<result<std::string>> cookies();
  /// Closes the browser.
  [[nodiscard]] awaitable<result<void>> end();

 private:
  [[nodiscard]] awaitable<result<std::string>> command(std::string method, std::string path,
                                                       std::string body);
  [[nodiscard]] std::string session_path(std::string_view what) const;

  transport& http_;
  std::string address_;
  std::string session_;
};

}  // namespace pofetch::login
