#pragma once

#include "service/server/heads/request_head.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

/// An address under which browsers may reach the service: `https://pofetch.example.com[:8443]`.
struct public_name {
  std::string origin;  ///< scheme://host[:port], lower case, without a port that goes without saying
  std::string host;    ///< without port
};

/// Takes an address of --public-url apart. False: it is no web address, or has more than a path behind it.
[[nodiscard]] bool read_public_url(std::string_view url, public_name& into);

enum class host_verdict {
  good,
  malformed,  ///< empty, or no host: 400
  unknown,    ///< a name that is not ours, which may have been bound to our address: 421
};

/// Is this a Host under which we want to be spoken to? IP addresses need no DNS, so that nobody can bind them
/// to another address; of names only localhost, what is below it, and those of --public-url.
[[nodiscard]] host_verdict check_host(std::string_view host, const std::vector<public_name>& ours);

/// May a request to the API come from where the browser says that it comes from? Without a word from a
/// browser: yes. Origin decides only where Sec-Fetch-Site is not said.
[[nodiscard]] bool same_site(const request_head& head, const std::vector<public_name>& ours, bool tls);

}  // namespace pofetch::service
