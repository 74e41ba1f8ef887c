// Any bytes as digest fields, Content-Range and ETag: a digest has the length of its algorithm and holds for
// itself alone, a range lies within its total and reads back when written, and a transfer never joins what
// does not fit.
#include "core/content_range.hpp"
#include "core/digest_fields.hpp"
#include "core/encoding.hpp"
#include "core/transfer.hpp"
#include "fuzz/fuzz_input.hpp"

namespace {

using namespace pofetch;

void check_digests(const std::string& value, int status) {
  http_response head;
  head.status = status;
  for (const char* name : {"Repr-Digest", "Content-Digest", "Digest", "Content-MD5"})
    head.fields.push_back({name, value});
  for (const auto& digest : core::announced_digests(head)) {
    fuzz::require(digest.bytes.size() == core::digest_size(digest.algorithm));
    fuzz::require(core::check_digest(digest, digest.bytes, "file").has_value());
    std::string other = digest.bytes;
    other.back() = static_cast<char>(other.back() ^ 1);
    fuzz::require(!core::check_digest(digest, other, "file"));
  }
}

void check_range(const std::string& value) {
  const auto range = core::parse_content_range(value);
  if (!range) return;
  fuzz::require(range->first <= range->last && (!range->total || range->last < *range->total));
  fuzz::require(!core::unsatisfied_length(value));
  const auto again =
      core::parse_content_range("bytes " + std::to_string(range->first) + '-' + std::to_string(range->last) +
                                '/' + (range->total ? std::to_string(*range->total) : "*"));
  fuzz::require(again && again->first == range->first && again->last == range->last &&
                again->total == range->total);
}

/// 10 of 100 bytes are there; then an answer of that kind comes.
void check_transfer(const std::string& value) {
  core::transfer body({"file", std::nullopt, 1000});
  http_response first;
  first.status = 200;
  first.fields = {{"ETag", "\"v1\""}, {"Content-Length", "100"}};
  first.content_length = 100;
  fuzz::require(body.on_head(first).action == core::transfer_action::start_over);
  fuzz::require(body.on_bytes(10).has_value());
  body.on_broken();
  http_response part;
  part.status = 206;
  part.fields = {{"ETag", "\"v1\""}, {"Content-Range", value}};
  if (body.on_head(part).action != core::transfer_action::append) return;
  const auto range = core::parse_content_range(value);
  fuzz::require(range && range->first == 10 && range->last == 99 && (!range->total || range->total == 100U));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string value(fuzz::text_of(data, size));
  check_digests(value, 200);
  check_digests(value, 206);
  check_range(value);
  check_transfer(value);
  const std::string_view tag = core::strong_etag(value);
  fuzz::require(tag.empty() || (core::is_strong_etag(tag) && core::strong_etag(tag) == tag));
  fuzz::require(core::base64_decode(core::base64_encode(value)) == value);
  fuzz::require(core::from_hex(core::to_hex(value)) == value);
  return 0;
}
