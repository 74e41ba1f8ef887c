#pragma once

#include "http/certificate_facts.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::http {

/// What was found out on the way to a host, as far as it led.
struct way_facts {
  /// `the proxy http://host:3128`; empty: there is none on this way.
  std::string proxy{};
  /// Of the host, or of the proxy, which then finds the host by itself. Empty: the name is not known.
  std::vector<std::string> addresses{};
  std::chrono::milliseconds resolving{};
  /// TCP, the proxy's consent and TLS.
  std::chrono::milliseconds connecting{};
  std::optional<certificate_facts> certificate{};
};

}  // namespace pofetch::http
