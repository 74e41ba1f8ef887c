#include "core/basic_auth.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "core/percent.hpp"
#include "core/url_parts.hpp"

#include <algorithm>

namespace pofetch::core {

std::optional<std::string> basic_credentials(std::string_view userinfo) {
  const auto colon = userinfo.find(':');
  const std::string user = decode_percent(userinfo.substr(0, colon));
  std::string password;
  if (colon != std::string_view::npos) password = decode_percent(userinfo.substr(colon + 1));
  const std::string both = user + ":" + password;
  if (user.find(':') != std::string::npos || std::any_of(both.begin(), both.end(), is_control))
    return std::nullopt;
  return base64_encode(both);
}

std::string_view userinfo_of(std::string_view url) noexcept {
  const std::string_view authority = split_url(trim(url)).authority.value_or("");
  const auto at = authority.rfind('@');
  return at == std::string_view::npos ? std::string_view() : authority.substr(0, at);
}

}  // namespace pofetch::core
