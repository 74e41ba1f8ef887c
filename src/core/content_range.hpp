#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pofetch::core {

/// Content-Range of a part (RFC 9110 14.4).
struct content_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  /// Complete length; nothing for `*`.
  std::optional<std::uint64_t> total{};
};

/// `bytes 5-9/10` or `bytes 5-9/*`. Nothing for another unit, an unsatisfied range (`bytes */10`), a range
/// that ends before it begins or reaches past its total, or anything malformed.
[[nodiscard]] std::optional<content_range> parse_content_range(std::string_view value);

/// The length in `bytes */10`, as a 416 carries it.
[[nodiscard]] std::optional<std::uint64_t> unsatisfied_length(std::string_view value);

/// Is it a strong entity-tag (RFC 9110 8.8.3): quoted, not `W/`, of allowed characters?
[[nodiscard]] bool is_strong_etag(std::string_view value) noexcept;

/// The value without space around it if it is a strong entity-tag, else empty.
[[nodiscard]] std::string_view strong_etag(std::string_view value) noexcept;

}  // namespace pofetch::core
