#pragma once

#include <string>
#include <string_view>

namespace pofetch::core {

// A file that the source has replaced comes beside the one that is held, as a further version of the same
// attachment: with a record and a key of its own. The first version has the attachment's key as it is.

struct version_of_key {
  std::string_view key;  ///< that of the attachment
  unsigned number = 1;
};

[[nodiscard]] version_of_key split_version(std::string_view key);

/// The key of that version of the attachment with this key. 1: the key itself.
[[nodiscard]] std::string version_key(std::string_view key, unsigned number);

}  // namespace pofetch::core
