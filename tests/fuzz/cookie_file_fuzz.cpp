// Any bytes as a cookie file (Netscape or JSON) and as a Cookie header: what is read can be sent, and a file
// that is written, anew or in its own form, reads back as the same cookies.
#include "fuzz/fuzz_input.hpp"
#include "http/cookie_jar.hpp"
#include "http/cookie_json.hpp"
#include "http/cookie_text.hpp"

namespace {

/// What is not renewed stays byte for byte, and what is reads back as it is meant.
void renew(std::string_view text, std::vector<pofetch::http::cookie> cookies,
           const pofetch::core::origin& to) {
  using namespace pofetch;
  fuzz::require(http::renewed_cookie_text(text, cookies, &to) == text);
  for (auto& each : cookies) each.value = "renewed";
  const auto again =
      http::parse_cookie_text(http::renewed_cookie_text(text, cookies, &to), "cookies.txt", &to);
  fuzz::require(again && again->cookies == cookies);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const std::string_view text = fuzz::text_of(data, size);
  if (const auto sent = http::cookies_from_header(text, "tenant.example"))
    for (const auto& each : *sent) fuzz::require(http::cookie_defect(each).empty());
  const core::origin to{"https", "tenant.example", 443};
  if (const auto own = http::parse_cookie_text(text, "cookies.txt", &to)) renew(text, own->cookies, to);
  const auto read = http::parse_cookie_text(text, "cookies.txt");
  if (!read) {
    fuzz::require(read.error().code == errc::config && read.error().message.size() < 1000);
    return 0;
  }
  const auto* const cookies = &read->cookies;
  const auto again = http::parse_cookie_text(http::format_cookie_text(*cookies), "cookies.txt");
  fuzz::require(again && again->cookies == *cookies);
  http::cookie_jar jar;
  for (const auto& each : *cookies) {
    fuzz::require(http::cookie_defect(each).empty());
    jar.put(each);
  }
  for (const char c : jar.header_for(to, "/", std::chrono::system_clock::time_point{}))
    fuzz::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  return 0;
}
