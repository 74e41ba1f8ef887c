#include "storage/placing.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pofetch::storage {
namespace {

enum class occupant { none, regular, other };

/// What stands there; the errno if that cannot be found out.
int look(const place_in& place, occupant& found) {
  struct stat facts {};
  if (::fstatat(place.folder, place.name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
    found = occupant::none;
    return errno == ENOENT ? 0 : errno;
  }
  found = S_ISREG(facts.st_mode) ? occupant::regular : occupant::other;
  return 0;
}

int rename_over(const place_in& from, const place_in& to) {
  return ::renameat(from.folder, from.name.c_str(), to.folder, to.name.c_str()) == 0 ? 0 : errno;
}

int move_to_free(const place_in& from, const place_in& to) {
  if (::renameat2(from.folder, from.name.c_str(), to.folder, to.name.c_str(), RENAME_NOREPLACE) == 0)
    return 0;
  // The kernel or the file system (NFS, some FUSE) does not know the flag.
  if (errno != EINVAL && errno != ENOSYS) return errno;
  const int error = move_by_link(from, to);
  if (error != EPERM && error != EOPNOTSUPP && error != ENOSYS) return error;
  return move_if_free(from, to);
}

}  // namespace

int move_by_link(const place_in& from, const place_in& to) {
  if (::linkat(from.folder, from.name.c_str(), to.folder, to.name.c_str(), 0) != 0) return errno;
  // The file is in place; a second name in the private area is swept by the next run.
  static_cast<void>(::unlinkat(from.folder, from.name.c_str(), 0));
  return 0;
}

int move_if_free(const place_in& from, const place_in& to) {
  occupant found{};
  if (const int error = look(to, found); error != 0) return error;
  return found == occupant::none ? rename_over(from, to) : EEXIST;
}

int replace_by_link(const place_in& first, ino_t inode, const place_in& between, const place_in& copy) {
  if (::linkat(first.folder, first.name.c_str(), between.folder, between.name.c_str(), 0) != 0) return errno;
  struct stat made {};
  int error = 0;
  if (::fstatat(between.folder, between.name.c_str(), &made, AT_SYMLINK_NOFOLLOW) != 0)
    error = errno;
  else if (made.st_ino != inode)
    error = ESTALE;  // another file got the name in between
  else
    error = rename_over(between, copy);
  if (error != 0) static_cast<void>(::unlinkat(between.folder, between.name.c_str(), 0));
  return error;
}

int move_into_place(const place_in& from, const place_in& to, placement how) {
  if (how == placement::fresh) return move_to_free(from, to);
  occupant found{};
  if (const int error = look(to, found); error != 0) return error;
  switch (found) {
    case occupant::none:
      return move_to_free(from, to);
    case occupant::regular:
      return rename_over(from, to);
    case occupant::other:
      break;
  }
  return EEXIST;
}

}  // namespace pofetch::storage
