// Any bytes as a page of Coupa: no crash, and every attachment has an http(s) address and a key of its own.
#include "fuzz/fuzz_input.hpp"
#include "sources/page_reader.hpp"

#include <set>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  http_response head;
  head.status = 200;
  head.url = "https://tenant.example/order_headers/123";
  head.fields.push_back({"Content-Type", "text/html; charset=utf-8"});
  sources::page_reader reader("123");
  (void)reader.begin(head);
  // In two pieces, so that the seams are exercised.
  const std::size_t half = size / 2;
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  if (reader.write({bytes, half})) (void)reader.write({bytes + half, size - half});
  const auto facts = reader.finish();
  if (!facts) return 0;
  std::set<std::string> keys;
  for (const auto& each : facts->attachments) {
    fuzz::require(each.url.rfind("http://", 0) == 0 || each.url.rfind("https://", 0) == 0);
    fuzz::require(keys.insert(each.key).second);
  }
  return 0;
}
