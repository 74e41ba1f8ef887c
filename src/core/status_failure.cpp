#include "core/status_failure.hpp"

#include "core/mask_url.hpp"
#include "core/retry_after.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pofetch::core {

std::string_view reason_phrase(int status) noexcept {
  static constexpr std::pair<int, std::string_view> phrases[] = {{100, "Continue"},
                                                                 {101, "Switching Protocols"},
                                                                 {200, "OK"},
                                                                 {201, "Created"},
                                                                 {202, "Accepted"},
                                                                 {203, "Non-Authoritative Information"},
                                                                 {204, "No Content"},
                                                                 {205, "Reset Content"},
                                                                 {206, "Partial Content"},
                                                                 {300, "Multiple Choices"},
                                                                 {301, "Moved Permanently"},
                                                                 {302, "Found"},
                                                                 {303, "See Other"},
                                                                 {304, "Not Modified"},
                                                                 {307, "Temporary Redirect"},
                                                                 {308, "Permanent Redirect"},
                                                                 {400, "Bad Request"},
                                                                 {401, "Unauthorized"},
                                                                 {402, "Payment Required"},
                                                                 {403, "Forbidden"},
                                                                 {404, "Not Found"},
                                                                 {405, "Method Not Allowed"},
                                                                 {406, "Not Acceptable"},
                                                                 {407, "Proxy Authentication Required"},
                                                                 {408, "Request Timeout"},
                                                                 {409, "Conflict"},
                                                                 {410, "Gone"},
                                                                 {411, "Length Required"},
                                                                 {412, "Precondition Failed"},
                                                                 {413, "Content Too Large"},
                                                                 {414, "URI Too Long"},
                                                                 {415, "Unsupported Media Type"},
                                                                 {416, "Range Not Satisfiable"},
                                                                 {417, "Expectation Failed"},
                                                                 {421, "Misdirected Request"},
                                                                 {422, "Unprocessable Content"},
                                                                 {425, "Too Early"},
                                                                 {426, "Upgrade Required"},
                                                                 {429, "Too Many Requests"},
                                                                 {431, "Request Header Fields Too Large"},
                                                                 {500, "Internal Server Error"},
                                                                 {501, "Not Implemented"},
                                                                 {502, "Bad Gateway"},
                                                                 {503, "Service Unavailable"},
                                                                 {504, "Gateway Timeout"},
                                                                 {505, "HTTP Version Not Supported"}};
  const auto* found = std::find_if(std::begin(phrases), std::end(phrases),
                                   [status](const auto& row) { return row.first == status; });
  return found == std::end(phrases) ? std::string_view() : found->second;
}

bool is_plain_missing(const failure& why) noexcept {
  return why.code == errc::not_found && why.http_status != 403;
}

failure failure_for_status(int status, std::string_view subject, std::string_view masked_url,
                           std::optional<std::chrono::milliseconds> retry_after) {
  const std::string_view phrase = reason_phrase(status);
  std::string message = fmt::format("{}: the server answered {}{}{} where a success was expected, at {}.",
                                    subject, status, phrase.empty() ? "" : " ", phrase, masked_url);
  if (retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*retry_after).count();
    message.insert(message.size() - 1, fmt::format(", and asked to wait {} s", seconds));
  }
  if (status < 100 || status > 599) return make_failure(errc::protocol, std::move(message));
  const errc code = status == 429 ? errc::rate_limited : errc::http_status;
  return {code, status, std::move(message), retry_after};
}

failure failure_for_response(const http_response& head, std::string_view subject,
                             std::chrono::system_clock::time_point now) {
  const auto wait = parse_retry_after(head.field("Retry-After"), now);
  return failure_for_status(head.status, subject, mask_url(head.url), wait);
}

}  // namespace pofetch::core
