#pragma once

#include <pofetch/store.hpp>

#include <string>
#include <sys/types.h>

namespace pofetch::storage {

/// A name in an open folder.
struct place_in {
  int folder;
  std::string name;
};

/// Moves a file under its final name. `fresh`: the name must be free (EEXIST if not). `replace`: a
/// regular file may stand there and is replaced; anything else (a link, a folder) is EEXIST. Neither
/// follows a link. 0 or an errno.
[[nodiscard]] int move_into_place(const place_in& from, const place_in& to, placement how);

/// Puts one more name of the file `first` in the place of `copy`, by way of the free name `between`; nobody
/// ever sees no file there. ESTALE: `first` is not the file with that inode any more. 0 or an errno.
[[nodiscard]] int replace_by_link(const place_in& first, ino_t inode, const place_in& between,
                                  const place_in& copy);

/// Moves a file to a free name with link(2), where rename would replace a file that is there.
[[nodiscard]] int move_by_link(const place_in& from, const place_in& to);

/// Moves a file to a name that is looked at first: for file systems that know neither way. Only a
/// program that makes the same name at the same moment could lose its file.
[[nodiscard]] int move_if_free(const place_in& from, const place_in& to);

}  // namespace pofetch::storage
