#pragma once

#include <string_view>

namespace pofetch {

/// Where attachments are looked up: a source that the library knows, by its word.
class source_kind {
 public:
  static const source_kind automatic;  ///< manifest if the list has a `url` column, else web
  static const source_kind web;        ///< the pages of Coupa, with a browser's session
  static const source_kind manifest;   ///< the list itself
  static const source_kind api;        ///< Coupa's REST API
  static const source_kind own;        ///< a source of the caller's: `instance_options::own_source`

  /// `automatic`.
  constexpr source_kind() noexcept = default;
  /// `word`: a literal, or something else that stays for ever.
  explicit constexpr source_kind(std::string_view word) noexcept : word_(word) {}

  [[nodiscard]] constexpr std::string_view word() const noexcept { return word_; }

  friend constexpr bool operator==(source_kind, source_kind) noexcept = default;

 private:
  std::string_view word_ = "auto";
};

inline constexpr source_kind source_kind::automatic{};
inline constexpr source_kind source_kind::web{"web"};
inline constexpr source_kind source_kind::manifest{"manifest"};
inline constexpr source_kind source_kind::api{"api"};
inline constexpr source_kind source_kind::own{"own"};

[[nodiscard]] constexpr std::string_view to_string(source_kind kind) noexcept { return kind.word(); }

}  // namespace pofetch
