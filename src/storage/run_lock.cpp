#include "storage/run_lock.hpp"

#include "core/ascii.hpp"
#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utility>

namespace pofetch::storage {
namespace {

constexpr const char* lock_name = "lock";

/// A lock on the whole file that belongs to the open handle, not to the process: closing another handle
/// of the file does not lose it.
struct flock whole_file(short type = F_WRLCK) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

result<void> check_regular(int file) {
  struct stat facts {};
  if (::fstat(file, &facts) != 0) return os::failure_of(errno, "'.pofetch/lock' cannot be looked at");
  // A second name of it may lie anywhere, and the file is emptied.
  if (S_ISREG(facts.st_mode) && facts.st_nlink <= 1) return {};
  return make_failure(
      errc::disk, "'.pofetch/lock' is not a plain file of its own, but a link or something else: remove it.");
}

std::string own_mark() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  std::array<char, 32> time{};
  const time_t now = ::time(nullptr);
  struct tm parts {};
  ::gmtime_r(&now, &parts);
  ::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return fmt::format("pid {} on {} since {}\n", ::getpid(), host.data(), time.data());
}

/// The content is not to be trusted: one line of it, printable, of bounded length.
std::string read_mark(int file) {
  std::array<char, 200> buffer{};
  const ssize_t count = os::uninterrupted([&] { return ::pread(file, buffer.data(), buffer.size(), 0); });
  std::string mark;
  for (const char c : std::string_view(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0)) {
    if (c == '\n') break;
    mark += core::is_control(c) ? '?' : c;
  }
  // Just taken, and not marked yet.
  return mark.empty() ? "another process" : mark;
}

/// Opens the file and takes the lock.
result<os::unique_fd> take(int private_dir, short type) {
  constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  os::unique_fd file(os::uninterrupted([=] { return ::openat(private_dir, lock_name, flags, 0666); }));
  if (!file) return os::failure_of(errno, "'.pofetch/lock' cannot be opened");
  if (auto checked = check_regular(file.get()); !checked) return checked.error();
  struct flock lock = whole_file(type);
  if (os::uninterrupted([&] { return ::fcntl(file.get(), F_OFD_SETLK, &lock); }) == 0) return file;
  if (errno != EAGAIN && errno != EACCES) return os::failure_of(errno, "'.pofetch/lock' cannot be locked");
  return make_failure(errc::locked,
                      fmt::format("Another run works on this output folder ({}): wait for its end "
                                  "or stop it.",
                                  read_mark(file.get())));
}

}  // namespace

run_lock::run_lock(os::unique_fd file, bool marked) noexcept : file_(std::move(file)), marked_(marked) {}

run_lock::~run_lock() {
  // What stands in the file is for people only: if it cannot be emptied nothing is lost.
  [[maybe_unused]] const int emptied = file_ && marked_ ? ::ftruncate(file_.get(), 0) : 0;
}

result<run_lock> run_lock::acquire_shared(int private_dir) {
  auto file = take(private_dir, F_RDLCK);
  if (!file) return file.error();
  return run_lock(std::move(*file), false);
}

result<run_lock> run_lock::acquire(int private_dir) {
  auto taken = take(private_dir, F_WRLCK);
  if (!taken) return taken.error();
  os::unique_fd file = std::move(*taken);
  const std::string mark = own_mark();
  if (os::uninterrupted([&] { return ::ftruncate(file.get(), 0); }) != 0 ||
      os::uninterrupted([&] { return ::pwrite(file.get(), mark.data(), mark.size(), 0); }) < 0) {
    return os::failure_of(errno, "'.pofetch/lock' cannot be written");
  }
  return run_lock(std::move(file), true);
}

result<std::optional<std::string>> run_lock::holder(int private_dir) {
  constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const os::unique_fd file(os::uninterrupted([=] { return ::openat(private_dir, lock_name, flags); }));
  if (!file && errno == ENOENT) return std::optional<std::string>();
  if (!file) return os::failure_of(errno, "'.pofetch/lock' cannot be opened");
  if (auto checked = check_regular(file.get()); !checked) return checked.error();
  struct flock lock = whole_file();
  if (os::uninterrupted([&] { return ::fcntl(file.get(), F_OFD_GETLK, &lock); }) != 0)
    return os::failure_of(errno, "'.pofetch/lock' cannot be asked");
  if (lock.l_type == F_UNLCK) return std::optional<std::string>();
  return std::optional<std::string>(read_mark(file.get()));
}

}  // namespace pofetch::storage
