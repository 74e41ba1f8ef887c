#include "coupa-sim/content.hpp"

#include "coupa-sim/dice.hpp"
#include "coupa-sim/names.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace coupa_sim {
namespace {

using namespace std::string_view_literals;

struct kind_row {
  std::string_view extension;
  std::string_view media_type;
  std::string_view leading;
  bool text;
};

constexpr std::array<kind_row, file_kind_count> kinds{{
    {"pdf", "application/pdf", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n% "sv, false},
    {"msg", "application/vnd.ms-outlook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, false},
    {"eml", "message/rfc822", "From: buyer@example.com\r\nTo: supplier@example.com\r\nSubject: "sv, true},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     "PK\x03\x04\x14\x00\x06\x00\x08\x00"sv, false},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "PK\x03\x04\x14\x00\x06\x00\x08\x00"sv, false},
    {"csv", "text/csv", "line;item;remark\n1;first;"sv, true},
    {"zip", "application/zip", "PK\x03\x04\x0A\x00\x00\x00\x00\x00"sv, false},
    {"png", "image/png", "\x89PNG\r\n\x1A\n"sv, false},
    {"jpg", "image/jpeg", "\xFF\xD8\xFF\xE0\x00\x10JFIF\x00"sv, false},
    {"txt", "text/plain", "Note: "sv, true},
}};

const kind_row& row_of(file_kind kind) { return kinds.at(static_cast<std::size_t>(kind)); }

constexpr std::size_t pool_span = std::size_t{1} << 20U;

/// Pieces are windows into one shared pool: nothing is computed or copied per byte sent.
std::string make_pool(bool text) {
  std::string pool(pool_span + content::piece_size, '\0');
  dice rolls(text ? 2 : 1);
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 \n";
  for (char& byte : pool) {
    const auto value = rolls.next() >> 32U;
    byte = text ? letters[value % letters.size()] : static_cast<char>(value & 0xFFU);
  }
  return pool;
}

const std::string& pool_of(bool text) {
  static const std::string binary = make_pool(false);
  static const std::string letters = make_pool(true);
  return text ? letters : binary;
}

}  // namespace

std::string_view extension(file_kind kind) noexcept {
  return kinds[static_cast<std::size_t>(kind)].extension;
}

std::string_view media_type(file_kind kind) noexcept {
  return kinds[static_cast<std::size_t>(kind)].media_type;
}

std::optional<file_kind> kind_of_name(std::string_view name) {
  const auto dot = name.rfind('.');
  const std::string ending = ascii_upper(dot == std::string_view::npos ? "" : name.substr(dot + 1));
  for (std::size_t kind = 0; kind < kinds.size(); ++kind)
    if (ascii_upper(kinds.at(kind).extension) == ending) return static_cast<file_kind>(kind);
  return std::nullopt;
}

content::content(file_kind kind, std::uint64_t key, std::string_view label, std::uint64_t size)
    : key_(key), size_(size), text_(row_of(kind).text) {
  first_ = row_of(kind).leading;
  first_ += label;
  first_ += text_ ? "\r\n\r\n" : "\n";
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(size_, piece_size));
  if (first_.size() < length) first_ += noise(0).substr(0, length - first_.size());
  first_.resize(length);
}

std::string_view content::noise(std::uint64_t index) const {
  const std::size_t start = draw(key_, index, text_ ? 1 : 0) % pool_span;
  return std::string_view(pool_of(text_)).substr(start, piece_size);
}

std::string_view content::piece(std::uint64_t offset) const {
  if (offset >= size_) return {};
  const std::uint64_t index = offset / piece_size;
  const auto inside = static_cast<std::size_t>(offset % piece_size);
  if (index == 0) return std::string_view(first_).substr(inside);
  const auto length = std::min<std::uint64_t>(piece_size - inside, size_ - offset);
  return noise(index).substr(inside, static_cast<std::size_t>(length));
}

void for_each_piece(const content& file, const std::function<void(std::string_view)>& visit) {
  for (std::uint64_t offset = 0; offset < file.size();) {
    const std::string_view bytes = file.piece(offset);
    visit(bytes);
    offset += bytes.size();
  }
}

std::string sha256_hex(const content& file) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available from OpenSSL");
  }
  for_each_piece(
      file, [&](std::string_view bytes) { EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()); });
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &length);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < length; ++i) {
    hex += digits[digest.at(i) >> 4U];
    hex += digits[digest.at(i) & 15U];
  }
  return hex;
}

}  // namespace coupa_sim
