#include "objects/sigv4.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "core/percent.hpp"
#include "storage/bodies/hasher.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>

namespace pofetch::objects {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t block_bytes = 64;

std::string sha256(std::string_view first, std::string_view second = {}) {
  auto digest = storage::hasher::make(digest_algorithm::sha256).value();
  digest.update(std::as_bytes(std::span(first))).value();
  digest.update(std::as_bytes(std::span(second))).value();
  return digest.digest();
}

/// RFC 2104.
std::string hmac(std::string_view key, std::string_view text) {
  std::string block(key.size() > block_bytes ? sha256(key) : std::string(key));
  block.resize(block_bytes, '\0');
  const auto masked = [&block](unsigned char mask) {
    std::string made = block;
    for (char& each : made) each = static_cast<char>(static_cast<unsigned char>(each) ^ mask);
    return made;
  };
  return sha256(masked(0x5c), sha256(masked(0x36), text));
}

/// Blanks at the ends are left out, those within count as one.
std::string trimmed(std::string_view value) {
  std::string made;
  for (const char c : value) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && (made.empty() || made.back() == ' ')) continue;
    made += blank ? ' ' : c;
  }
  if (!made.empty() && made.back() == ' ') made.pop_back();
  return made;
}

/// Lower-case names and values, sorted.
std::vector<http_field> canonical_fields(const std::vector<http_field>& fields) {
  std::vector<http_field> made;
  for (const http_field& each : fields) made.push_back({core::to_lower(each.name), trimmed(each.value)});
  std::sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return made;
}

std::string names_of(const std::vector<http_field>& canonical) {
  std::string names;
  for (const http_field& each : canonical) {
    if (!names.empty()) names += ';';
    names += each.name;
  }
  return names;
}

}  // namespace

std::string amz_date(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string sha256_hex(std::string_view bytes) { return core::to_hex(sha256(bytes)); }

std::string encode_path(std::string_view path) {
  std::string made;
  for (const char c : path) {
    if (core::is_unreserved(c) || c == '/')
      made += c;
    else
      core::append_escaped(made, c);
  }
  return made;
}

std::string canonical_query(const std::vector<std::pair<std::string, std::string>>& query) {
  std::vector<std::string> pieces;
  for (const auto& [name, value] : query)
    pieces.push_back(core::encode_component(name) + '=' + core::encode_component(value));
  std::sort(pieces.begin(), pieces.end());
  return fmt::format("{}", fmt::join(pieces, "&"));
}

std::string canonical_request(const signed_parts& parts) {
  const auto fields = canonical_fields(parts.fields);
  std::string lines;
  for (const http_field& each : fields) lines += each.name + ':' + each.value + '\n';
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", parts.method, parts.path, canonical_query(parts.query), lines,
                     names_of(fields), parts.payload_sha256);
}

std::string authorization(const signed_parts& parts, const signing_scope& scope, const access_keys& who) {
  const std::string when = amz_date(scope.time);
  const std::string day = when.substr(0, 8);
  const std::string within = fmt::format("{}/{}/{}/aws4_request", day, scope.region, scope.service);
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}", algorithm, when, within, sha256_hex(canonical_request(parts)));
  std::string key = hmac("AWS4" + who.secret, day);
  for (const std::string_view step : {scope.region, scope.service, std::string_view("aws4_request")})
    key = hmac(key, step);
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, who.access_key, within,
                     names_of(canonical_fields(parts.fields)), core::to_hex(hmac(key, text)));
}

}  // namespace pofetch::objects
