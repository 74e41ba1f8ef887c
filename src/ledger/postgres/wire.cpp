#include "ledger/postgres/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace pofetch::postgres {
namespace {

constexpr char mark = '\x1a';

/// Length of the well-formed character at the beginning (Unicode 15, table 3-7); 0: there is none.
std::size_t character_at(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xf0 ? 4U : first >= 0xe0 ? 3U : 2U;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  const unsigned char second = byte(1);
  const bool wrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                     (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return wrong ? 0 : size;
}

std::uint64_t as_signed(std::uint64_t number) {
  return std::min(number, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()));
}

int digit_of(char c) { return c >= 'a' ? c - 'a' + 10 : c - '0'; }
bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string to_wire(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = character_at(text);
    if (size == 0 || text.front() == '\0' || text.front() == mark) {
      out += fmt::format("{}{:02x}", mark, static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    out += text.substr(0, size);
    text.remove_prefix(size);
  }
  return out;
}

std::string from_wire(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == mark && i + 2 < text.size() && is_hex_digit(text[i + 1]) && is_hex_digit(text[i + 2])) {
      out += static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

void column::begin() {
  if (text_.size() > 1) text_ += ',';
}

void column::add(std::int64_t value) {
  begin();
  text_ += std::to_string(value);
}

void column::add(std::uint64_t value) {
  begin();
  text_ += std::to_string(as_signed(value));
}

void column::add(std::string_view value) {
  begin();
  text_ += '"';
  for (const char c : to_wire(value)) {
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

void column::add_null() {
  begin();
  text_ += "NULL";
}

command& command::add(std::int64_t number) {
  values_.emplace_back(std::to_string(number));
  return *this;
}

command& command::add(std::uint64_t number) {
  values_.emplace_back(std::to_string(as_signed(number)));
  return *this;
}

command& command::add(double number) {
  values_.emplace_back(fmt::format("{}", number));
  return *this;
}

command& command::add(bool truth) {
  values_.emplace_back(truth ? "t" : "f");
  return *this;
}

command& command::add(std::string_view text) {
  values_.emplace_back(to_wire(text));
  return *this;
}

command& command::add(std::nullopt_t) {
  values_.emplace_back(std::nullopt);
  return *this;
}

command& command::add(const column& many) {
  values_.emplace_back(many.literal());
  return *this;
}

}  // namespace pofetch::postgres
