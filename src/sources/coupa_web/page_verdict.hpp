#pragma once

#include "sources/coupa_web/coupa_page.hpp"

#include <pofetch/error.hpp>
#include <pofetch/http_message.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace pofetch::sources {

/// A page that was asked for.
struct page_query {
  enum class kind { purchase_order, requisition } what = kind::purchase_order;
  std::string number;  ///< digits
  std::string url;
  /// The purchase order for which it is read, for messages.
  std::string po_number;
  /// What an earlier answer had (see core/validator.hpp): it is asked for only if it has another one now. May
  /// be empty.
  std::string validator{};
};

/// `PO 12`, or `PO 12, requisition 7`: how messages call it.
[[nodiscard]] std::string label_of(const page_query& asked);

/// Does a firewall or another go-between speak in the place of the instance?
[[nodiscard]] bool is_of_somebody_else(const http_response& head, const page_facts& facts);

/// Does the answer lead, or come, from the instance at `base_url` to another origin?
[[nodiscard]] bool leaves_instance(const http_response& head, std::string_view base_url);

/// The failure for an answer that does so, though neither its address nor the session is one for signing in.
[[nodiscard]] failure leads_elsewhere(const page_query& asked, const http_response& head);

/// Is this answer the page that was asked for? Failures, the first that applies:
/// session_expired: 401, a sign-in page, a redirect to one or to another origin;
/// not_found: there is none (HTTP status 404), or this user may not see it (403: what a circuit breaker
/// counts);
/// http_status, rate_limited, protocol: another answer that is no success; a 403 by which something in
/// between refuses is one of these, since it says nothing about the order; unexpected_content: a page with
/// status 200 that is something else, or the page of another order, or one whose attachments are not
/// understood at all.
[[nodiscard]] result<void> judge_page(const page_query& asked, const http_response& head,
                                      const page_facts& facts, std::string_view base_url,
                                      std::chrono::system_clock::time_point now);

}  // namespace pofetch::sources
