// Any bytes as a link of a page, a Location field or an address of the network: what is resolved is normal
// and stays so, its origin survives being written, and a redirect never leads from HTTPS to HTTP or on
// without end.
#include "core/address.hpp"
#include "core/percent.hpp"
#include "core/url.hpp"
#include "fuzz/fuzz_input.hpp"
#include "http/redirect_policy.hpp"

#include <arpa/inet.h>
#include <string>

namespace {

using namespace pofetch;
constexpr std::string_view base = "https://tenant.example/order_headers/1?token=abc";

void check_target(const std::string& url) {
  const auto origin = core::origin_of(url);
  fuzz::require(origin && (origin->scheme == "http" || origin->scheme == "https") && !origin->host.empty());
  for (const char c : url) fuzz::require(static_cast<unsigned char>(c) > 0x20 && c != 0x7f);
  fuzz::require(url.find('#') == std::string::npos);
  // What has been resolved once stays as it is.
  const auto again = core::normalize_url(url);
  fuzz::require(again && *again == url);
  const auto written = core::origin_of(core::to_string(*origin));
  fuzz::require(written && *written == *origin);
  fuzz::require(core::same_origin(url, core::to_string(*origin)));
  fuzz::require(core::path_of(url).starts_with('/'));
  // Origin and rest make the address again.
  const auto parsed = core::parse_address(url);
  fuzz::require(parsed && parsed->text == url && parsed->where == *origin);
  fuzz::require(parsed->authority() == core::host_header(*origin) && parsed->path() == core::path_of(url));
  fuzz::require(core::to_string(*origin).append(parsed->target()) == url);
}

void check_redirect(std::string_view location) {
  const std::function<bool(std::string_view)> never;
  const http::redirect_question question{302, "GET", base, location, 0, never};
  if (const auto answer = http::decide_redirect(question); answer && answer->follow) {
    fuzz::require(answer->url.starts_with("https://") && answer->method == "GET");
    check_target(answer->url);
  }
  const http::redirect_question last{302, "GET", base, location, http::max_redirects, never};
  if (const auto answer = http::decide_redirect(last)) fuzz::require(!answer->follow);
}

void check_address(const std::string& text) {
  core::ipv4_bytes v4{};
  core::ipv6_bytes v6{};
  const auto kind = core::classify_address(text);
  if (::inet_pton(AF_INET, text.c_str(), v4.data()) == 1 && text.find('\0') == std::string::npos)
    fuzz::require(kind == core::classify_address(v4));
  if (::inet_pton(AF_INET6, text.c_str(), v6.data()) == 1 && text.find('\0') == std::string::npos) {
    fuzz::require(kind == core::classify_address(v6));
    fuzz::require(core::classify_address('[' + text + ']') == kind);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  if (const auto target = core::resolve(base, text)) check_target(*target);
  if (const auto target = core::normalize_url(text)) check_target(*target);
  check_redirect(text);
  check_address(text);
  fuzz::require(core::decode_percent(core::encode_component(text)) == text);
  (void)core::query_value(text, "filename");
  (void)core::last_path_segment(text);
  return 0;
}
