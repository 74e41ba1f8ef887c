#include "service/server/identity.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace pofetch::service {

namespace {

constexpr std::string_view base32_digits = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t id_digits = 26;

}  // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (::RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    throw std::runtime_error("the system gives no random numbers");
  return bytes;
}

std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  if (::EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                   ::EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("this OpenSSL has no SHA-256");
  return digest;
}

std::string new_batch_id(std::chrono::system_clock::time_point now) {
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(milliseconds, 0));
  std::string bits;  // 130: two of nothing, 48 of time, 80 of chance
  const std::string chance = random_bytes(10);
  const auto add = [&bits](std::uint64_t value, int count) {
    for (int at = count - 1; at >= 0; --at) bits.push_back(((value >> at) & 1U) != 0 ? 1 : 0);
  };
  add(0, 2);
  add(time, 48);
  for (const char byte : chance) add(static_cast<unsigned char>(byte), 8);
  std::string id;
  for (std::size_t at = 0; at < bits.size(); at += 5) {
    std::size_t digit = 0;
    for (std::size_t i = 0; i < 5; ++i) digit = digit * 2 + static_cast<std::size_t>(bits[at + i]);
    id.push_back(base32_digits[digit]);
  }
  return id;
}

bool is_batch_id(std::string_view text) noexcept {
  return text.size() == id_digits && text.find_first_not_of(base32_digits) == std::string_view::npos;
}

std::string new_mark() {
  // Drawn in advance: each call of the generator costs more than all else that an id takes.
  constexpr std::size_t size = 8;
  thread_local std::string drawn;
  if (drawn.empty()) drawn = random_bytes(64 * size);
  std::string mark = core::to_hex(std::string_view(drawn).substr(drawn.size() - size));
  drawn.resize(drawn.size() - size);
  return mark;
}

std::string base64_url(std::string_view bytes) {
  std::string text = core::base64_encode(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

}  // namespace pofetch::service
