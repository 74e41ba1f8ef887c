#pragma once

#include "os/unique_fd.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace pofetch::os {

/// Makes a file that was not there, for writing; anything that has its name is EEXIST, a link too. None:
/// errno tells why.
[[nodiscard]] unique_fd new_file(int folder, const std::string& name, mode_t mode);

/// Brings a file, or the entries of a folder, to stable storage. 0 or an errno.
[[nodiscard]] int sync(int handle) noexcept;

/// Where a path of the user's leads: a link is followed that the user or the system's administrator made. One
/// that somebody else made, in a folder that others may write to, is not the user's wish.
[[nodiscard]] std::filesystem::path followed(const std::filesystem::path& path);

/// How `replace_file` goes about it.
struct replacement {
  std::string name;
  /// A name beside it that is the caller's own: what a killed process left there goes.
  std::string fresh;
  mode_t mode = 0666;
  /// Is it on stable storage before it has the name? If not, a power cut may leave a file without its bytes.
  bool synced = true;
};

/// Puts the text in the place of a file, in one step: it is there whole, or the old one is as it was and
/// nothing is left. The entry of the folder is not synced: after a power cut the old one may be back.
/// `folder` is open, or AT_FDCWD with names that are paths. 0 or an errno.
[[nodiscard]] int replace_file(int folder, const replacement& how, std::string_view text);

}  // namespace pofetch::os
