// Any bytes as a Set-Cookie field: what is kept belongs to the host that sent it, goes to no other, and has
// no control character in it.
#include "fuzz/fuzz_input.hpp"
#include "http/cookie_jar.hpp"
#include "http/set_cookie.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const std::string_view field = fuzz::text_of(data, size);
  const core::origin from{"https", "app.tenant.example", 443};
  const core::origin plain{"http", "app.tenant.example", 80};
  const core::origin stranger{"https", "app.stranger.example", 443};
  const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
  http::cookie_jar jar;
  jar.store(field, from, "/order_headers/1", http::cookie_jar::accept::all, now);
  if (const auto made = http::parse_set_cookie(field, from, "/order_headers/1", now)) {
    fuzz::require(http::domain_matches(from.host, made->domain));
    fuzz::require(http::is_sendable_cookie(made->name, made->value));
    fuzz::require(made->name.size() + made->value.size() <= http::max_cookie_bytes);
    fuzz::require(made->path.starts_with('/'));
    if (made->secure) fuzz::require(jar.header_for(plain, made->path, now).empty());
  } else {
    fuzz::require(jar.all().empty());
  }
  for (const char* path : {"/", "/order_headers/1"})
    for (const char c : jar.header_for(from, path, now))
      fuzz::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  fuzz::require(jar.header_for(stranger, "/order_headers/1", now).empty());
  return 0;
}
