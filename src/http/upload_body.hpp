#pragma once

#include <pofetch/error.hpp>

#include <cstdint>
#include <string_view>

namespace pofetch::http {

/// The body of a request that is too large to be held in memory.
class upload_body {
 public:
  virtual ~upload_body() = default;
  /// How many bytes it has.
  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
  /// The next piece, valid until the next call; empty: that was all. Blocks as long as a read from the page
  /// cache does. A failure ends the exchange with that failure.
  [[nodiscard]] virtual result<std::string_view> next() = 0;
};

}  // namespace pofetch::http
