#pragma once

#include "support/temp_dir.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace pofetch::test {

/// Path relative to the folder -> content of a plain file, `folder`, `link to ...`, or `other`.
using tree = std::map<std::string, std::string>;

/// All that is beneath the folder; links are not followed, and only plain files are opened. `but` is left
/// out with all below it.
[[nodiscard]] inline tree tree_of(const std::filesystem::path& folder, const std::string& but = {}) {
  namespace fs = std::filesystem;
  tree found;
  for (auto it = fs::recursive_directory_iterator(folder); it != fs::recursive_directory_iterator(); ++it) {
    const std::string path = it->path().lexically_relative(folder).string();
    if (!but.empty() && path == but) {
      it.disable_recursion_pending();
      continue;
    }
    const fs::file_status status = it->symlink_status();
    if (fs::is_symlink(status))
      found[path] = "link to " + fs::read_symlink(it->path()).string();
    else if (fs::is_directory(status))
      found[path] = "folder";
    else
      found[path] = fs::is_regular_file(status) ? "file: " + read_file(it->path()) : "other";
  }
  return found;
}

}  // namespace pofetch::test
