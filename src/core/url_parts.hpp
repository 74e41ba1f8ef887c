#pragma once

#include <optional>
#include <string_view>

namespace pofetch::core {

/// Any text cut as a URI reference (RFC 3986 appendix B); never fails, not even on hostile text.
struct url_parts {
  std::string_view scheme;  ///< without its colon
  std::optional<std::string_view> authority;
  std::string_view path;
  std::optional<std::string_view> query;
  std::optional<std::string_view> fragment;
};

[[nodiscard]] url_parts split_url(std::string_view url) noexcept;

/// One parameter of a query: `name=value`, still encoded; no `=`, no value.
struct url_param {
  std::string_view name;
  std::optional<std::string_view> value;
};

/// Cuts `text` at its first `=`.
[[nodiscard]] url_param split_param(std::string_view text) noexcept;

}  // namespace pofetch::core
