// Any bytes as a cookie file, and as a Set-Cookie field; what goes out again has no control character in it.
#include "fuzz/fuzz_input.hpp"
#include "http/cookie_jar.hpp"
#include "http/cookie_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const std::string_view text = fuzz::text_of(data, size);
  http::cookie_jar jar;
  if (auto cookies = http::parse_cookie_text(text, "cookies.txt"))
    for (auto& each : *cookies) jar.put(std::move(each));
  const core::origin from{"https", "tenant.example", 443};
  const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
  jar.store(text, from, "/order_headers/1", http::cookie_jar::accept::all, now);
  for (const char c : jar.header_for(from, "/", now))
    fuzz::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  return 0;
}
