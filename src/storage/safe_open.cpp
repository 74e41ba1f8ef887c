#include "storage/safe_open.hpp"

#include "os/uninterrupted.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pofetch::storage {
namespace {

opened open_once(int root, const std::string& path, int flags) {
  const int fd =
      os::uninterrupted([&] { return ::openat(root, path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC); });
  return {os::unique_fd(fd), fd < 0 ? errno : 0};
}

}  // namespace

opened open_beneath(int root, const std::string& path, int flags) {
  open_how how{};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: something was renamed while the kernel looked; only a hostile neighbour makes that last.
  constexpr int tries = 32;
  for (int i = 0; i < tries; ++i) {
    const long fd = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
    if (fd >= 0) return {os::unique_fd(static_cast<int>(fd)), 0};
    // Older sandboxes answer EPERM to a call that they do not know.
    if (errno == ENOSYS || errno == EPERM) return open_stepwise(root, path, flags);
    if (errno != EAGAIN && errno != EINTR) return {os::unique_fd(), errno};
  }
  return {os::unique_fd(), EAGAIN};
}

opened open_stepwise(int root, const std::string& path, int flags) {
  opened folder;
  int at = root;
  std::size_t start = 0;
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', start)) {
    folder = open_once(at, path.substr(start, slash - start), O_RDONLY | O_DIRECTORY);
    if (folder.error != 0) return folder;
    at = folder.fd.get();
    start = slash + 1;
  }
  return open_once(at, path.substr(start), flags);
}

}  // namespace pofetch::storage
