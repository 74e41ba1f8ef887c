// Any bytes as the value of a header that pofetch reads.
#include "core/content_disposition.hpp"
#include "core/content_range.hpp"
#include "core/digest_fields.hpp"
#include "core/file_name.hpp"
#include "core/retry_after.hpp"
#include "fuzz/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pofetch;
  const std::string value(fuzz::text_of(data, size));
  if (const auto name = core::filename_from(value)) {
    const std::string safe = core::safe_file_name(*name, "file");
    fuzz::require(safe.find('/') == std::string::npos && safe != "." && safe != "..");
  }
  const auto now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
  if (const auto wait = core::parse_retry_after(value, now)) fuzz::require(wait->count() >= 0);
  (void)core::parse_content_range(value);
  (void)core::strong_etag(value);
  http_response head;
  for (const char* name : {"Repr-Digest", "Content-Digest", "Digest", "Content-MD5"})
    head.fields.push_back({name, value});
  for (const auto& digest : core::announced_digests(head))
    fuzz::require(digest.bytes.size() == core::digest_size(digest.algorithm));
  return 0;
}
