#include "core/digest_fields.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::core {
namespace {

using digests = std::vector<announced_digest>;

// Nobody announces more; what is behind is passed over.
constexpr std::size_t most_entries = 32;

std::optional<digest_algorithm> algorithm_of(std::string_view name) {
  if (iequals(name, "sha-256")) return digest_algorithm::sha256;
  if (iequals(name, "sha-512")) return digest_algorithm::sha512;
  if (iequals(name, "sha")) return digest_algorithm::sha1;
  if (iequals(name, "sha-1")) return digest_algorithm::sha1;
  if (iequals(name, "md5")) return digest_algorithm::md5;
  return std::nullopt;
}

void add(digests& out, std::optional<digest_algorithm> algorithm, std::string_view base64,
         std::string_view origin) {
  if (!algorithm) return;
  auto bytes = base64_decode(base64);
  if (!bytes || bytes->size() != digest_size(*algorithm)) return;
  const bool known = std::any_of(out.begin(), out.end(), [&](const announced_digest& d) {
    return d.algorithm == *algorithm && d.bytes == *bytes;
  });
  if (!known) out.push_back({*algorithm, std::move(*bytes), std::string(origin)});
}

/// Structured dictionary of byte sequences (RFC 8941 3.2, 3.3.5): `sha-256=:base64:, sha-512=:base64:;param`.
void add_structured(digests& out, std::string_view value, std::string_view origin) {
  std::size_t entries = 0;
  for (const auto member : split(value, ',')) {
    if (++entries > most_entries) return;
    const std::string_view text = trim(member);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view item = text.substr(equals + 1);
    const auto close = item.find(':', 1);
    if (item.empty() || item.front() != ':' || close == std::string_view::npos) continue;
    const std::string_view behind = trim(item.substr(close + 1));
    if (!behind.empty() && behind.front() != ';') continue;
    add(out, algorithm_of(text.substr(0, equals)), item.substr(1, close - 1), origin);
  }
}

/// RFC 3230 4.3.2: `SHA-256=base64,MD5=base64`; the base64 text has `=` of its own.
void add_instance_digest(digests& out, std::string_view value, std::string_view origin) {
  std::size_t entries = 0;
  for (const auto member : split(value, ',')) {
    if (++entries > most_entries) return;
    const std::string_view text = trim(member);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    add(out, algorithm_of(trim(text.substr(0, equals))), trim(text.substr(equals + 1)), origin);
  }
}

}  // namespace

std::string_view to_string(digest_algorithm algorithm) noexcept {
  switch (algorithm) {
    case digest_algorithm::md5:
      return "MD5";
    case digest_algorithm::sha1:
      return "SHA-1";
    case digest_algorithm::sha256:
      return "SHA-256";
    case digest_algorithm::sha512:
      return "SHA-512";
  }
  return "digest";
}

std::size_t digest_size(digest_algorithm algorithm) noexcept {
  switch (algorithm) {
    case digest_algorithm::md5:
      return 16;
    case digest_algorithm::sha1:
      return 20;
    case digest_algorithm::sha256:
      return 32;
    case digest_algorithm::sha512:
      return 64;
  }
  return 0;
}

std::vector<announced_digest> announced_digests(const http_response& head) {
  digests found;
  if (head.decoded) return found;
  const bool is_part = head.status == 206;
  // A field may come several times; together they are one list (RFC 9110 5.3).
  for (const auto& f : head.fields) {
    if (iequals(f.name, "Repr-Digest")) add_structured(found, f.value, "Repr-Digest");
    if (iequals(f.name, "Digest")) add_instance_digest(found, f.value, "Digest");
    if (is_part) continue;
    if (iequals(f.name, "Content-Digest")) add_structured(found, f.value, "Content-Digest");
    if (iequals(f.name, "Content-MD5")) add(found, digest_algorithm::md5, trim(f.value), "Content-MD5");
  }
  return found;
}

std::optional<announced_digest> sha256_digest(std::string_view hex, std::string_view origin) {
  auto bytes = from_hex(trim(hex));
  if (!bytes || bytes->size() != digest_size(digest_algorithm::sha256)) return std::nullopt;
  return announced_digest{digest_algorithm::sha256, std::move(*bytes), std::string(origin)};
}

result<void> check_digest(const announced_digest& announced, std::string_view actual, std::string_view file) {
  if (announced.bytes == actual) return {};
  return make_failure(
      errc::digest_mismatch,
      fmt::format("{}: the {} of what came is {}, but {} announces {}.", file, to_string(announced.algorithm),
                  to_hex(actual), announced.origin, to_hex(announced.bytes)));
}

}  // namespace pofetch::core
