#include "lists/text/utf8.hpp"

#include <algorithm>

namespace pofetch::lists {
namespace {

struct lead {
  std::size_t length;  ///< of the whole sequence; 0: no lead byte
  unsigned char low;   ///< bounds of the second byte
  unsigned char high;
};

lead lead_of(unsigned char byte) noexcept {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

utf8_step utf8_next(std::string_view bytes) noexcept {
  using enum utf8_step::kind;
  const lead first = lead_of(static_cast<unsigned char>(bytes.front()));
  if (first.length == 0) return {wrong, 0};
  const std::size_t there = std::min(first.length, bytes.size());
  for (std::size_t i = 1; i < there; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    const unsigned char low = i == 1 ? first.low : 0x80;
    const unsigned char high = i == 1 ? first.high : 0xBF;
    if (byte < low || byte > high) return {wrong, 0};
  }
  if (there < first.length) return {cut_off, there};
  return {whole, first.length};
}

std::string_view without_cut_off(std::string_view bytes) noexcept {
  const std::size_t longest = std::min<std::size_t>(3, bytes.size());
  for (std::size_t tail = 1; tail <= longest; ++tail) {
    const std::size_t at = bytes.size() - tail;
    if (utf8_next(bytes.substr(at)).what == utf8_step::kind::cut_off) return bytes.substr(0, at);
  }
  return bytes;
}

}  // namespace pofetch::lists
