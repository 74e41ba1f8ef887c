#pragma once

#include "sources/coupa_api/json_body.hpp"

#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace pofetch::sources {

inline constexpr std::string_view order_scope = "core.purchase_order.read";
inline constexpr std::string_view requisition_scope = "core.requisition.read";

/// One thing that is asked of the REST API.
struct api_query {
  /// `PO 12, attachments`: how messages call it.
  std::string label;
  std::string url;
  /// What a token needs for it.
  std::string_view scope = order_scope;
};

/// What the answer amounts to: JSON, or the failure that stands for it. session_expired: 401, a sign-in page
/// or a redirect; not_found: 404, or 403 (HTTP status 403; the message names the scope); http_status,
/// rate_limited: another status; unexpected_content: something else than JSON.
[[nodiscard]] result<boost::json::value> judge_answer(const api_query& asked, const http_response& head,
                                                      json_body& body, std::string_view base_url,
                                                      std::chrono::system_clock::time_point now);

/// The failure for JSON of another shape than was expected.
[[nodiscard]] failure wrong_shape(const api_query& asked, std::string_view expected);

/// A request for JSON that goes before downloads; nothing of another origin or of a sign-in page is followed.
[[nodiscard]] http_request api_request(const api_query& asked, const std::string& base_url,
                                       std::uint64_t max_body);

/// `https://tenant/api` for the address of the instance.
[[nodiscard]] std::string api_root(std::string_view base_url);

/// Does this address belong to the API of the instance?
[[nodiscard]] bool is_api_address(std::string_view url, std::string_view base_url);

}  // namespace pofetch::sources
