#include "os/failure_of.hpp"

#include "core/setting_text.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace pofetch::os {
namespace {

std::string better_words_of(int error) {
  switch (error) {
    case ELOOP:
    case ENOTDIR:
      return "a file or a symbolic link stands where a folder is expected, and links are not followed";
    case EXDEV:
      return "it would lie on another file system than the folder for bodies under way";
    case EFBIG:
      return "the file would be larger than this system allows";
    case EMFILE:
    case ENFILE:
      return core::spelled("Too many open files; raise the limit (ulimit -n) or lower @workers");
    default:
      return words_of(error);
  }
}

}  // namespace

errc code_of(int error) noexcept {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return errc::disk_full;
    case EACCES:
    case EPERM:
    case EROFS:
      return errc::permission;
    default:
      return errc::disk;
  }
}

std::string words_of(int error) { return std::generic_category().message(error); }

failure failure_of(int error, std::string_view what) {
  return make_failure(code_of(error), fmt::format("{}: {}.", what, better_words_of(error)));
}

}  // namespace pofetch::os
