#pragma once

#include <pofetch/error.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace pofetch::http {

/// More redirects than this within one exchange are refused.
inline constexpr unsigned max_redirects = 10;

/// One answer that may lead elsewhere.
struct redirect_question {
  int status = 0;
  /// Method of the request that was answered.
  std::string_view method;
  /// Its address.
  std::string_view url;
  /// The Location field; empty if there is none.
  std::string_view location;
  /// Redirects followed so far in this exchange.
  unsigned followed = 0;
  /// See http_request; may be empty.
  const std::function<bool(std::string_view url)>& stop_before;
};

struct redirect_answer {
  /// False: the answer at hand is the result of the exchange.
  bool follow = false;
  /// Where to: absolute and normalised.
  std::string url{};
  /// How: the same method, or GET without body after a 303 to anything but HEAD (RFC 9110 15.4.4).
  std::string method{};
};

/// What to do with an answer (RFC 9110 15.4). 301, 302, 307 and 308 are followed for GET and HEAD only,
/// 303 always. Failures: protocol (Location is no usable address), blocked_redirect (from HTTPS to HTTP),
/// too_many_redirects.
[[nodiscard]] result<redirect_answer> decide_redirect(const redirect_question& question);

}  // namespace pofetch::http
