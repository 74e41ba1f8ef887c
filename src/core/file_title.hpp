#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pofetch::core {

/// What is known of the name of a file.
struct name_sources {
  std::string_view disposition{};  ///< Content-Disposition of the answer
  std::string_view listed{};       ///< what the source said
  std::string_view answered{};     ///< address that answered, after redirects
  std::string_view asked{};        ///< address that was asked
};

/// The name that the file should have, not yet safe: the first of these that says one, of an address first
/// what its query says, at last the last part of the path that was asked for. May be empty.
[[nodiscard]] std::string file_title(const name_sources& known);

/// The name that an address carries in its query: the Content-Disposition that a signed address of a storage
/// has the server send (`response-content-disposition`, Azure's `rscd`), or a `filename` with an extension.
[[nodiscard]] std::optional<std::string> name_in_query(std::string_view url);

}  // namespace pofetch::core
