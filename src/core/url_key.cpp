#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "core/mask_url.hpp"
#include "core/secret_params.hpp"
#include "core/url.hpp"
#include "core/url_parts.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace pofetch::core {
namespace {

bool has_param(std::string_view query, std::string_view wanted) {
  const auto params = split(query, '&');
  return std::any_of(params.begin(), params.end(),
                     [wanted](std::string_view text) { return iequals(split_param(text).name, wanted); });
}

/// Parameters of presigned addresses: new ones in every listing.
bool is_volatile(const std::string& name, bool azure) {
  constexpr std::array<std::string_view, 4> families{"x-amz-", "x-goog-", "x-oss-", "x-cos-"};
  constexpr std::array<std::string_view, 10> words{
      "signature", "sig",         "expires", "awsaccesskeyid", "googleaccessid", "ossaccesskeyid",
      "policy",    "key-pair-id", "_",       "nonce"};
  constexpr std::array<std::string_view, 17> shared_access{"sv",  "se",    "st",    "sp",    "sr",  "spr",
                                                           "sip", "ss",    "srt",   "sks",   "skt", "ske",
                                                           "skv", "skoid", "sktid", "saoid", "scid"};
  const bool family = std::any_of(families.begin(), families.end(),
                                  [&name](std::string_view f) { return name.rfind(f, 0) == 0; });
  return family || is_one_of(name, words) || (azure && is_one_of(name, shared_access));
}

/// Secrets that name a user or a session, never a file.
bool is_credential(const std::string& name) {
  constexpr std::array<std::string_view, 18> parts{
      "session", "sessid",       "password", "passwd",     "passphrase", "senha",
      "secret",  "signature",    "hmac",     "credential", "jwt",        "auth",
      "bearer",  "access_token", "id_token", "apikey",     "api_key",    "accesskey"};
  constexpr std::array<std::string_view, 6> words{"sid", "pwd", "pass", "otp", "pin", "state"};
  return is_one_of(name, words) || std::any_of(parts.begin(), parts.end(), [&name](std::string_view part) {
           return name.find(part) != std::string::npos;
         });
}

/// FNV-1a. It only has to tell values apart without showing them.
std::string fingerprint(std::string_view value) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : value) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>((hash >> shift) & 255U);
  return to_hex(bytes);
}

/// The parameter as it stands in the key; empty if it does not.
std::string key_param(std::string_view text, bool azure) {
  const url_param param = split_param(text);
  const std::string name = to_lower(decode_percent(param.name));
  if (is_volatile(name, azure)) return {};
  const std::string_view value = param.value.value_or("");
  if (is_secret_name(name)) {
    if (is_credential(name)) return {};
    return std::string(param.name).append("=~").append(fingerprint(value));
  }
  if (!param.value && holds_secret(param.name)) return "~" + fingerprint(param.name);
  if (holds_secret(value)) return std::string(param.name).append("=~").append(fingerprint(value));
  return std::string(text);
}

std::string key_query(std::string_view query) {
  const bool azure = has_param(query, "sig");
  std::string key;
  for (const auto text : split(query, '&')) {
    const std::string param = key_param(text, azure);
    if (param.empty()) continue;
    key += key.empty() ? '?' : '&';
    key += param;
  }
  return key;
}

/// Without path parameters that carry a session.
std::string key_path(std::string_view path) {
  std::string key;
  bool first = true;
  for (const auto segment : split(path, '/')) {
    if (!first) key += '/';
    first = false;
    bool behind = false;
    for (const auto piece : split(segment, ';')) {
      if (behind && is_secret_name(decode_percent(split_param(piece).name))) continue;
      if (behind) key += ';';
      behind = true;
      key += piece;
    }
  }
  return key;
}

}  // namespace

std::string url_key(std::string_view url) {
  auto normal = normalize_url(url);
  if (!normal) return mask_url(url);
  if (normal->find_first_of("?;") == std::string::npos) return std::move(*normal);
  const url_parts parts = split_url(*normal);
  std::string key(parts.scheme);
  key.append("://").append(parts.authority.value_or("")).append(key_path(parts.path));
  return key.append(key_query(parts.query.value_or("")));
}

}  // namespace pofetch::core
