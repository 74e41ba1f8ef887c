#include "core/status_failure.hpp"

#include "core/mask_url.hpp"
#include "core/retry_after.hpp"

#include <fmt/format.h>

namespace pofetch::core {

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 203:
      return "Non-Authoritative Information";
    case 204:
      return "No Content";
    case 205:
      return "Reset Content";
    case 206:
      return "Partial Content";
    case 300:
      return "Multiple Choices";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 407:
      return "Proxy Authentication Required";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 425:
      return "Too Early";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return {};
  }
}

failure failure_for_status(int status, std::string_view what, std::string_view masked_url,
                           std::optional<std::chrono::milliseconds> retry_after) {
  const std::string_view phrase = reason_phrase(status);
  std::string message = fmt::format("{}: the server answered {}{}{} where a success was expected, at {}.",
                                    what, status, phrase.empty() ? "" : " ", phrase, masked_url);
  if (retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*retry_after).count();
    message.insert(message.size() - 1, fmt::format(", and asked to wait {} s", seconds));
  }
  if (status < 100 || status > 599) return make_failure(errc::protocol, std::move(message));
  const errc code = status == 429 ? errc::rate_limited : errc::http_status;
  return {code, status, std::move(message), retry_after};
}

failure failure_for_response(const http_response& head, std::string_view what,
                             std::chrono::system_clock::time_point now) {
  const auto wait = parse_retry_after(head.field("Retry-After"), now);
  return failure_for_status(head.status, what, mask_url(head.url), wait);
}

}  // namespace pofetch::core
