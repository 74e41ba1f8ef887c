#include "service/batches/data_folder.hpp"

#include "os/failure_of.hpp"
#include "os/read_write.hpp"
#include "os/replace_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>

namespace pofetch::service {

namespace fs = std::filesystem;

namespace {

failure folder_failure(const fs::path& path, std::string_view what, int error) {
  return os::failure_of(error, fmt::format("'{}' cannot be {}", path.string(), what));
}

result<void> make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return folder_failure(path, "made", errno);
}

result<void> sync_folder(const fs::path& path) {
  const os::unique_fd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const int error = folder ? os::sync(folder.get()) : errno;
  if (error != 0) return folder_failure(path, "brought to disk", error);
  return {};
}

result<void> move(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return folder_failure(from, "moved", errno);
  if (auto synced = sync_folder(to.parent_path()); !synced) return synced;
  return sync_folder(from.parent_path());
}

void delete_all_in(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::directory_entry& each : fs::directory_iterator(folder, ignored))
    fs::remove_all(each.path(), ignored);
}

}  // namespace

result<data_folder> data_folder::open(const fs::path& path) {
  std::error_code error;
  data_folder made;
  made.path_ = fs::absolute(path, error).lexically_normal();
  if (!made.path_.has_filename()) made.path_ = made.path_.parent_path();
  fs::create_directories(made.path_.parent_path(), error);
  if (auto done = make_folder(made.path_); !done) return done.error();
  for (const char* each : {"incoming", "trash", "kept", "batches"})
    if (auto done = make_folder(made.path_ / each); !done) return done.error();
  const fs::path lock = made.path_ / "lock";
  made.lock_ = os::unique_fd(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!made.lock_) return folder_failure(lock, "opened", errno);
  if (::flock(made.lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return folder_failure(lock, "locked", errno);
    return make_failure(errc::locked,
                        fmt::format("another service works in {}; end that one, or give another --data.",
                                    made.path_.string()));
  }
  return made;
}

result<void> data_folder::begin(const std::string& id) const {
  if (::mkdir(incoming(id).c_str(), 0700) != 0) return folder_failure(incoming(id), "made", errno);
  return {};
}

result<void> data_folder::settle(const std::string& id) const {
  if (auto synced = sync_folder(incoming(id)); !synced) return synced;
  return move(incoming(id), batch(id));
}

void data_folder::discard(const std::string& id) const {
  std::error_code ignored;
  fs::remove_all(incoming(id), ignored);
}

result<void> data_folder::remove(const std::string& id, bool keep) const {
  std::error_code ignored;
  if (!fs::exists(batch(id), ignored)) return {};
  if (keep && fs::exists(batch(id) / "out", ignored)) {
    if (auto moved = move(batch(id) / "out", path_ / "kept" / id); !moved) return moved;
  }
  return move(batch(id), path_ / "trash" / id);
}

void data_folder::empty_trash() const { delete_all_in(path_ / "trash"); }
void data_folder::clear_incoming() const { delete_all_in(path_ / "incoming"); }

std::vector<std::string> data_folder::batches() const {
  std::vector<std::string> all;
  std::error_code ignored;
  for (const fs::directory_entry& each : fs::directory_iterator(path_ / "batches", ignored))
    all.push_back(each.path().filename().string());
  return all;
}

std::uint64_t data_folder::free_bytes() const noexcept {
  struct statvfs facts {};
  if (::statvfs(path_.c_str(), &facts) != 0) return std::numeric_limits<std::uint64_t>::max();
  return static_cast<std::uint64_t>(facts.f_bavail) * facts.f_frsize;
}

std::uint64_t data_folder::size_bytes() const noexcept {
  struct statvfs facts {};
  if (::statvfs(path_.c_str(), &facts) != 0) return 0;
  return static_cast<std::uint64_t>(facts.f_blocks) * facts.f_frsize;
}

result<spool_file> spool_file::create(const fs::path& path) {
  spool_file made;
  made.path_ = path;
  made.file_ =
      os::unique_fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!made.file_) return folder_failure(path, "made", errno);
  return made;
}

result<void> spool_file::write(std::string_view bytes) {
  const int error = os::write_all(file_.get(), bytes);
  if (error != 0) return folder_failure(path_, "written", error);
  return {};
}

result<void> spool_file::finish() {
  const int error = os::sync(file_.get());
  if (error != 0) return folder_failure(path_, "brought to disk", error);
  return {};
}

}  // namespace pofetch::service
