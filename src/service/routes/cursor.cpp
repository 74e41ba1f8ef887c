#include "service/routes/cursor.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "service/server/identity.hpp"

#include <algorithm>

namespace pofetch::service {

namespace {

constexpr std::size_t mark_size = 8;

std::string mark_of(std::string_view question) { return sha256(question).substr(0, mark_size); }

}  // namespace

std::string make_cursor(std::string_view place, std::string_view question) {
  return base64_url("1" + mark_of(question) + std::string(place));
}

std::optional<std::string> read_cursor(std::string_view cursor, std::string_view question) {
  std::string plain(cursor);
  if (plain.find_first_of("+/=") != std::string::npos) return std::nullopt;
  std::replace(plain.begin(), plain.end(), '-', '+');
  std::replace(plain.begin(), plain.end(), '_', '/');
  const auto bytes = core::base64_decode(plain);
  if (!bytes || bytes->size() <= 1 + mark_size || bytes->front() != '1') return std::nullopt;
  if (bytes->compare(1, mark_size, mark_of(question)) != 0) return std::nullopt;
  return bytes->substr(1 + mark_size);
}

}  // namespace pofetch::service
