#pragma once

#include "core/url.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::core {

/// Which hosts are reached without the proxy, as NO_PROXY tells it elsewhere: `*` (all), `example.com` or
/// `.example.com` or `*.example.com` (that host and those below it), `10.1.2.3`, `10.0.0.0/8`, `[::1]`,
/// `fd00::/8`, each with `:PORT` behind it for that port alone. Without case. Addresses and networks hold for
/// addresses in URLs; names are not resolved for them.
class no_proxy_rules {
 public:
  no_proxy_rules() = default;

  /// Rules may stand in one text, separated by commas or spaces. Failure config names the first that cannot
  /// be understood.
  [[nodiscard]] static result<no_proxy_rules> parse(const std::vector<std::string>& texts);

  [[nodiscard]] bool matches(const origin& host) const;

 private:
  struct rule {
    bool all = false;
    std::string name{};                   ///< lower case, no dot at either end; empty: a network
    std::vector<std::uint8_t> network{};  ///< 4 or 16 bytes
    unsigned bits = 0;                    ///< of the network that count
    std::uint16_t port = 0;               ///< 0: every port
  };

  [[nodiscard]] static std::optional<rule> parse_rule(std::string_view text);
  [[nodiscard]] static bool matches(const rule& one, const origin& host,
                                    const std::vector<std::uint8_t>& address);

  std::vector<rule> rules_;
};

}  // namespace pofetch::core
