// The folders of purchase orders under other names.
#include "os/failure_of.hpp"
#include "storage/file_store.hpp"
#include "storage/placing.hpp"
#include "storage/safe_path.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace pofetch::storage {
namespace {

/// A folder as a name in the folder above it, which is held open here.
struct last_level {
  std::string above;  ///< empty: the root
  std::string name;
  os::unique_fd opened;  ///< none: the root
  int at;
};

/// Failures: permission, not_found (the folder above is not there), disk.
result<last_level> last_level_of(std::string_view folder, const output_root& root) {
  const auto levels = levels_of(folder);
  if (!levels) return levels.error();
  last_level last{{}, std::string(levels->back()), {}, root.handle()};
  if (levels->size() == 1) return last;
  last.above = folder.substr(0, folder.size() - last.name.size() - 1);
  auto above = root.find_folder(last.above);
  if (!above) return above.error();
  last.opened = std::move(*above);
  last.at = last.opened.get();
  return last;
}

/// Is a folder there, no link to one? 0 or an errno.
int check_folder(const last_level& which) {
  struct stat facts {};
  if (::fstatat(which.at, which.name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) return errno;
  return S_ISDIR(facts.st_mode) ? 0 : ENOENT;
}

}  // namespace

result<bool> file_store::is_taken(std::string_view folder) {
  const auto which = last_level_of(folder, root_);
  if (!which && which.error().code == errc::not_found) return false;
  if (!which) return which.error();
  struct stat facts {};
  if (::fstatat(which->at, which->name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0) return true;
  if (errno == ENOENT) return false;
  return os::failure_of(errno, fmt::format("The folder {} cannot be looked at", shown(folder)));
}

result<void> file_store::rename_folder(std::string_view from, std::string_view to) {
  if (!partials_) return only_reads();
  const auto levels = levels_of(to);
  if (!levels) return levels.error();
  const auto which = last_level_of(from, root_);
  if (!which) return which.error();
  const std::string name(levels->back());
  if (to.substr(0, to.size() - name.size()) != from.substr(0, from.size() - which->name.size()))
    return make_failure(errc::internal, "A folder was to be renamed into another one.");
  const std::string what =
      fmt::format("The folder {} cannot get the name {}", shown(from), shown(levels->back()));
  int error = check_folder(*which);
  if (error == 0) error = move_into_place({which->at, which->name}, {which->at, name}, placement::fresh);
  switch (error) {
    case 0:
      break;
    case ENOENT:
      return make_failure(errc::not_found, fmt::format("The folder {} is not there.", shown(from)));
    case EEXIST:
      return make_failure(errc::exists, fmt::format("{}: that is taken.", what));
    default:
      return os::failure_of(error, what);
  }
  entered_.reset();
  changed_.insert(which->above);
  return {};
}

}  // namespace pofetch::storage
