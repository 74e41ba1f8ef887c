#pragma once

#include "coupa-sim/stats.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace coupa_sim {

/// Where a request target leads.
enum class place {
  home,
  orders,           ///< /order_headers
  order,            ///< /order_headers/<n>; `prefix` as written before the digits
  requisition,      ///< /requisition_headers/<n>
  new_requisition,  ///< /requisition_headers/new
  file,             ///< any of the download routes
  show,             ///< /attachments/<id>: leads back to the PO's page
  storage,          ///< /storage/<id>?signature=...
  sign_in_form,     ///< /sessions/new
  sessions,         ///< /sessions
  sso,              ///< /sso: the company's own sign-in, under the other host name
  sso_back,         ///< /sessions/sso?ticket=...: comes back from there
  token,            ///< /oauth2/token
  api,              ///< /api/...
  control,          ///< /_sim/...
  nowhere,
};

struct route {
  place where = place::nowhere;
  request_kind kind = request_kind::other;
  std::uint64_t number = 0;  ///< of the PO, requisition or file
  std::uint64_t po = 0;      ///< the PO that it belongs to, 0 if none
  std::string_view prefix{};
  std::string_view path{};  ///< without the query
  std::string_view query{};
};

/// Reads a request target in origin form. The views point into it.
[[nodiscard]] route find_route(std::string_view target);

/// Decoded value of a query or form field; empty if there is none.
[[nodiscard]] std::string query_value(std::string_view query, std::string_view name);

/// All digits, at least one, and within 64 bits.
[[nodiscard]] bool parse_digits(std::string_view text, std::uint64_t& out);

}  // namespace coupa_sim
