#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace pofetch::http {

/// One cookie as RFC 6265 5.3 keeps it.
struct cookie {
  std::string name;
  /// A secret: never show it.
  std::string value;
  /// Lower case, without a leading dot; an IPv6 address without its brackets.
  std::string domain;
  std::string path = "/";
  /// Goes to `domain` only, not to the hosts below it.
  bool host_only = true;
  /// Goes over https only.
  bool secure = false;
  /// Not for scripts; kept so that a file written back says the same.
  bool http_only = false;
  /// Nothing: until the session ends.
  std::optional<std::chrono::system_clock::time_point> expires{};

  bool operator==(const cookie&) const = default;
};

/// Of two with the same name, domain and path the newer one replaces the older one.
[[nodiscard]] inline bool same_identity(const cookie& a, const cookie& b) {
  return a.name == b.name && a.domain == b.domain && a.path == b.path;
}

}  // namespace pofetch::http
