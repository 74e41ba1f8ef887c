#include "service/webhooks/signature.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace pofetch::service {

namespace {

constexpr std::size_t largest_key_file = 4096;
constexpr std::string_view key_lead = "whsec_";

bool is_key_text(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char c) { return (c >= ' ' && c < '\x7f') || c == '\r' || c == '\n'; });
}

}  // namespace

result<std::string> load_webhook_key(const std::filesystem::path& file) {
  const auto refused = [&file](std::string_view why) {
    return make_failure(errc::config, fmt::format("secret-file {}: {}.", file.string(), why));
  };
  std::ifstream in(file, std::ios::binary);
  std::string bytes(largest_key_file + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!in.is_open() || in.bad()) return refused("it cannot be read");
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (bytes.size() > largest_key_file) return refused("it is too large for a secret");
  if (is_key_text(bytes)) {
    if (bytes.ends_with('\n')) bytes.pop_back();
    if (bytes.ends_with('\r')) bytes.pop_back();
  }
  if (bytes.empty()) return refused("it is empty");
  if (!bytes.starts_with(key_lead)) return bytes;
  auto key = core::base64_decode(std::string_view(bytes).substr(key_lead.size()));
  if (!key || key->empty()) return refused("what is behind whsec_ is no base64");
  return *std::move(key);
}

std::string webhook_signature(std::string_view key, std::string_view id, std::chrono::seconds timestamp,
                              std::string_view body) {
  const std::string signed_text = fmt::format("{}.{}.{}", id, timestamp.count(), body);
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  const auto* const made = ::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                  reinterpret_cast<const unsigned char*>(signed_text.data()),
                                  signed_text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size);
  if (made == nullptr) throw std::runtime_error("this OpenSSL has no HMAC-SHA256");
  digest.resize(size);
  return "v1," + core::base64_encode(digest);
}

}  // namespace pofetch::service
