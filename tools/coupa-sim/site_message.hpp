#pragma once

#include "coupa-sim/content.hpp"
#include "coupa-sim/faults.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coupa_sim {

/// What the site looks at in a request. The views live as long as the request.
struct site_request {
  std::string_view method;
  std::string_view host;
  std::string_view cookie;
  std::string_view authorization;
  std::string_view api_key;  ///< X-COUPA-API-KEY
  std::string_view accept;
  std::string_view accept_encoding;
  std::string_view range;
  std::string_view if_range;
  std::string_view if_none_match;
  std::string_view if_modified_since;
  std::string_view body;
};

/// What is to be sent.
struct site_reply {
  unsigned status = 200;
  std::string fields;  ///< `Name: value\r\n` lines, framing not included
  std::string body;    ///< unless there is a file
  std::optional<content> file{};
  std::uint64_t from = 0;  ///< the part of the file to send
  std::uint64_t length = 0;
  bool chunked = false;
  bool gzip = false;  ///< to be compressed; implies chunked
  fault broken = fault::none;
};

}  // namespace coupa_sim
