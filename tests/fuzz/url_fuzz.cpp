// Any bytes as a link of a page or a Location field.
#include "core/mask_url.hpp"
#include "core/url.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const std::string_view text = fuzz::text_of(data, size);
  const auto target = core::resolve("https://tenant.example/order_headers/1?token=abc", text);
  if (target) {
    const auto origin = core::origin_of(*target);
    fuzz::require(origin && (origin->scheme == "http" || origin->scheme == "https") && !origin->host.empty());
    for (const char c : *target) fuzz::require(static_cast<unsigned char>(c) > 0x20 && c != 0x7f);
    // What has been resolved once stays as it is.
    const auto again = core::normalize_url(*target);
    fuzz::require(again && *again == *target);
  }
  (void)core::mask_url(text);
  (void)core::mask_secrets_in_text(text);
  (void)core::url_key(text);
  return 0;
}
