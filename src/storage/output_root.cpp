#include "storage/output_root.hpp"

#include "core/file_name.hpp"
#include "os/failure_of.hpp"
#include "os/replace_file.hpp"
#include "os/uninterrupted.hpp"
#include "storage/safe_open.hpp"
#include "storage/safe_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pofetch::storage {
namespace fs = std::filesystem;

namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY;
constexpr mode_t folder_mode = 0777;  // the user's umask decides

os::unique_fd open_any(const char* dir) {
  return os::unique_fd(os::uninterrupted([dir] { return ::open(dir, folder_flags | O_CLOEXEC); }));
}

/// What the file system says of itself; the usual if it says nothing.
std::size_t longest_name_in(int folder) noexcept {
  const long told = ::fpathconf(folder, _PC_NAME_MAX);
  if (told <= 0) return core::max_name_bytes;
  return std::clamp(static_cast<std::size_t>(told), core::least_name_bytes, core::max_name_bytes);
}

failure no_folder(const fs::path& dir) {
  return make_failure(errc::input, fmt::format("There is no folder {}.", shown(dir.native())));
}

/// Makes the path, level after level, each on stable storage: a folder whose entry is lost takes everything
/// in it along. 0 or an errno.
int make_path(const fs::path& dir) {
  std::error_code error;
  if (fs::is_directory(dir, error)) return 0;
  const fs::path above = dir.has_filename() ? dir.parent_path() : dir.parent_path().parent_path();
  if (!above.empty() && above != dir) {
    if (const int failed = make_path(above); failed != 0) return failed;
  }
  fs::create_directory(dir, error);
  if (error) return error.value();
  const os::unique_fd parent = open_any(above.empty() ? "." : above.c_str());
  // One that may not be read cannot be synced; the folder is there nevertheless.
  return parent ? os::sync(parent.get()) : 0;
}

result<os::unique_fd> open_root(const fs::path& dir, bool create) {
  const std::string what = fmt::format("The output folder {} cannot be", shown(dir.native()));
  if (create) {
    if (const int error = make_path(dir); error != 0) return os::failure_of(error, what + " made");
  }
  os::unique_fd root = open_any(dir.c_str());
  if (root) return root;
  if (!create && (errno == ENOENT || errno == ENOTDIR)) return no_folder(dir);
  return os::failure_of(errno, what + " opened");
}

result<os::unique_fd> open_private(int root, const fs::path& dir, bool create) {
  bool made = false;
  if (create) return make_level(root, private_folder, fmt::format("'{}'", private_folder), made);
  opened found = open_beneath(root, private_folder, folder_flags);
  if (found.error == 0) return std::move(found.fd);
  if (found.error == ENOENT) {
    return make_failure(errc::input,
                        fmt::format("The folder {} holds no batch of pofetch: there is no '{}' in it.",
                                    shown(dir.native()), private_folder));
  }
  return os::failure_of(found.error,
                        fmt::format("'{}' in the output folder cannot be opened", private_folder));
}

}  // namespace

output_root::output_root(fs::path path, os::unique_fd root, os::unique_fd private_dir) noexcept
    : path_(std::move(path)),
      root_(std::move(root)),
      private_(std::move(private_dir)),
      longest_name_(longest_name_in(root_.get())) {}

result<output_root> output_root::open(const fs::path& dir, bool create) {
  auto root = open_root(dir, create);
  if (!root) return root.error();
  std::error_code error;
  fs::path real = fs::canonical(dir, error);
  if (error) {
    return os::failure_of(error.value(),
                          fmt::format("The output folder {} cannot be found", shown(dir.native())));
  }
  auto private_dir = open_private(root->get(), dir, create);
  if (!private_dir) return private_dir.error();
  // Before any file has a name: an entry of the ledger's folder that a power cut took would take with it what
  // those files are. Also when a killed run had made it.
  if (const int failed = create ? os::sync(root->get()) : 0; failed != 0) {
    return os::failure_of(
        failed, fmt::format("The output folder {} cannot be brought to stable storage", shown(dir.native())));
  }
  return output_root(std::move(real), std::move(*root), std::move(*private_dir));
}

result<os::unique_fd> output_root::open_folder(std::string_view folder) const {
  return open_folder(folder, false);
}

result<os::unique_fd> output_root::find_folder(std::string_view folder) const {
  return open_folder(folder, true);
}

result<os::unique_fd> output_root::open_folder(std::string_view folder, bool find) const {
  const auto levels = levels_of(folder);
  if (!levels) return levels.error();
  opened found = open_beneath(root_.get(), std::string(folder), folder_flags);
  if (found.error == 0) return std::move(found.fd);
  failure why = os::failure_of(found.error, fmt::format("The folder {} cannot be opened", shown(folder)));
  const bool in_the_way = found.error == ELOOP || found.error == ENOTDIR;
  if (found.error == ENOENT || (find && in_the_way)) why.code = errc::not_found;
  return why;
}

result<os::unique_fd> output_root::make_folder(std::string_view folder,
                                               std::set<std::string>& changed) const {
  auto there = open_folder(folder);
  if (there || there.error().code != errc::not_found) return there;
  const auto levels = levels_of(folder);
  if (!levels) return levels.error();
  const std::string what = fmt::format("The folder {}", shown(folder));
  os::unique_fd at;
  std::string parent;
  for (const std::string_view level : *levels) {
    bool made = false;
    auto next = make_level(at ? at.get() : root_.get(), std::string(level), what, made);
    if (!next) return next;
    if (made) changed.insert(parent);
    parent = parent.empty() ? std::string(level) : fmt::format("{}/{}", parent, level);
    at = std::move(*next);
  }
  return at;
}

result<os::unique_fd> make_level(int at, const std::string& level, std::string_view what, bool& made) {
  made = ::mkdirat(at, level.c_str(), folder_mode) == 0;
  if (!made && errno != EEXIST) return os::failure_of(errno, fmt::format("{} cannot be made", what));
  opened found = open_beneath(at, level, folder_flags);
  if (found.error != 0) return os::failure_of(found.error, fmt::format("{} cannot be opened", what));
  return std::move(found.fd);
}

}  // namespace pofetch::storage
