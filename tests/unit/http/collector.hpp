#pragma once

#include "http/byte_consumer.hpp"

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace pofetch::test {

/// Keeps what it is given, and refuses once that would be more than `limit` bytes.
class collector final : public http::byte_consumer {
 public:
  explicit collector(std::size_t limit = std::numeric_limits<std::size_t>::max()) : limit_(limit) {}

  result<void> consume(std::span<const std::byte> bytes) override {
    if (bytes.size() > limit_ - text.size()) return make_failure(errc::too_large, "collector is full");
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }

  std::string text;

 private:
  std::size_t limit_;
};

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace pofetch::test
