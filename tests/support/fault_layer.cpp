// A library that is loaded in front of the C library (LD_PRELOAD) and makes the file system fail, or the
// process die, at a call that the test names. What it can do is listed in fault_state.hpp.
#include "support/durable_shadow.hpp"
#include "support/fault_state.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <memory>
#include <mutex>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {

using namespace pofetch::fault;

/// The C library's own function: a sanitizer's, which comes next, must not be asked before it is ready.
template <class Function>
Function* real(const char* name) {
  static void* const library = ::dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
  return reinterpret_cast<Function*>(::dlsym(library, name));
}

thread_local bool inside = false;

/// Calls that the layer itself makes are passed on.
struct entered {
  entered() { inside = true; }
  ~entered() { inside = false; }
};

struct layer {
  plan told = plan::of_environment();
  std::mutex mutex;
  std::atomic<std::uint64_t> calls = 0;
  std::unique_ptr<durable_shadow> shadow;

  layer() {
    if (!told.shadow.empty()) shadow = std::make_unique<durable_shadow>(told.root, told.shadow);
  }
};

layer& the_layer() {
  // Never destroyed: other threads still write while the program ends.
  static layer* const made = [] {
    const entered quiet;
    return new layer;
  }();
  return *made;
}

[[noreturn]] void die() {
  for (;;) ::syscall(SYS_kill, ::getpid(), SIGKILL);
}

enum class fate { goes_on, fails, hangs, dies_before, dies_after, dies_torn };

fate decide(layer& it, const char* kind, const std::string& path) {
  if (!it.told.counts(kind, path)) return fate::goes_on;
  ++it.calls;
  if (!it.told.log.empty()) {
    if (std::FILE* log = std::fopen(it.told.log.c_str(), "a")) {
      std::fprintf(log, "%llu %s %s\n", static_cast<unsigned long long>(it.calls.load()), kind, path.c_str());
      std::fclose(log);
    }
  }
  if (it.told.at == 0 || it.told.clock != 0) return fate::goes_on;
  if (it.told.what == action::from) return it.calls >= it.told.at ? fate::fails : fate::goes_on;
  if (it.told.what == action::stall) return it.calls >= it.told.at ? fate::hangs : fate::goes_on;
  if (it.calls != it.told.at) return fate::goes_on;
  switch (it.told.what) {
    case action::kill_before:
      return fate::dies_before;
    case action::kill_after:
      return fate::dies_after;
    case action::torn:
      return fate::dies_torn;
    default:
      return fate::fails;
  }
}

/// `work(half)` does the call and what the shadow has to know; `half` if only half of the bytes are to be
/// written.
template <class Work, class Broken>
auto guarded(const char* kind, const std::string& path, Work work, Broken broken) -> decltype(work(false)) {
  layer& it = the_layer();
  if (!it.told.is_beneath(path)) return work(false);
  if (it.told.is_too_long(path)) {
    errno = ENAMETOOLONG;
    return static_cast<decltype(work(false))>(-1);
  }
  std::unique_lock lock(it.mutex);
  const entered quiet;
  const fate now = decide(it, kind, path);
  if (now == fate::hangs) {
    lock.unlock();
    for (;;) ::pause();
  }
  if (now == fate::dies_before) die();
  if (now == fate::fails) {
    broken(it);
    errno = it.told.error;
    return static_cast<decltype(work(false))>(-1);
  }
  const auto outcome = work(now == fate::dies_torn);
  const int error = errno;
  if (now != fate::goes_on) die();
  errno = error;
  return outcome;
}

template <class Work>
auto guarded(const char* kind, const std::string& path, Work work) -> decltype(work(false)) {
  return guarded(kind, path, work, [](layer&) {});
}

void note_created(const std::string& path) {
  const int error = errno;
  if (layer& it = the_layer(); it.shadow && it.told.is_beneath(path)) it.shadow->created(path);
  errno = error;
}

/// `open_now` opens the file; one that was not there before is new.
template <class Open>
int opened(const std::string& path, int flags, Open open_now) {
  return guarded("open", path, [&](bool) {
    struct stat before {};
    const bool is_new = (flags & O_CREAT) != 0 && ::lstat(path.c_str(), &before) != 0;
    const int file = open_now();
    if (file >= 0 && is_new) note_created(path);
    return file;
  });
}

mode_t mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
}

ssize_t written(int file, std::size_t size, const std::string& path,
                ssize_t (*write_now)(int, const void*, std::size_t, off_t), const void* data, off_t at) {
  return guarded("write", path, [&](bool half) { return write_now(file, data, half ? size / 2 : size, at); });
}

/// The real sync is left out: only the shadow says what a power cut leaves.
int synced(int file) {
  const std::string path = path_of(file);
  return guarded(
      "sync", path,
      [&](bool) {
        if (!the_layer().told.is_beneath(path)) return real<int(int)>("fsync")(file);
        if (auto& shadow = the_layer().shadow) shadow->synced(path);
        return 0;
      },
      [&](layer& it) {
        if (it.shadow) it.shadow->sync_failed(path);
      });
}

int moved(const char* kind, const std::string& to, const std::string& from, int (*work)(const void*),
          const void* what) {
  layer& it = the_layer();
  return guarded(kind, it.told.is_beneath(to) ? to : from, [&](bool) { return work(what); });
}

template <class Work>
int moved_by(const char* kind, const std::string& to, const std::string& from, Work work) {
  return moved(
      kind, to, from, [](const void* what) { return (*static_cast<const Work*>(what))(); }, &work);
}

std::int64_t clock_offset() {
  layer& it = the_layer();
  return it.told.clock != 0 && it.calls >= it.told.at ? it.told.clock : 0;
}

}  // namespace

extern "C" {

int open(const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  const auto call = real<int(const char*, int, ...)>("open");
  if (inside) return call(name, flags, mode);
  return opened(path_at(AT_FDCWD, name), flags, [&] { return call(name, flags, mode); });
}

int openat(int folder, const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  const auto call = real<int(int, const char*, int, ...)>("openat");
  if (inside) return call(folder, name, flags, mode);
  return opened(path_at(folder, name), flags, [&] { return call(folder, name, flags, mode); });
}

int open64(const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return open(name, flags, mode);
}

int openat64(int folder, const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return openat(folder, name, flags, mode);
}

int __open_2(const char* name, int flags) { return open(name, flags); }
int __open64_2(const char* name, int flags) { return open(name, flags); }
int __openat_2(int folder, const char* name, int flags) { return openat(folder, name, flags); }
int __openat64_2(int folder, const char* name, int flags) { return openat(folder, name, flags); }

long syscall(long number, ...) {
  va_list more;
  va_start(more, number);
  long a[6] = {};
  for (long& each : a) each = va_arg(more, long);
  va_end(more);
  const auto call = [&] {
    return real<long(long, ...)>("syscall")(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  };
  if (inside || number != SYS_openat2) return call();
  const auto* how = reinterpret_cast<const open_how*>(a[2]);
  const auto* name = reinterpret_cast<const char*>(a[1]);
  return opened(path_at(static_cast<int>(a[0]), name), static_cast<int>(how->flags),
                [&] { return static_cast<int>(call()); });
}

ssize_t write(int file, const void* data, size_t size) {
  const auto call = [](int to, const void* from, size_t count, off_t) {
    return real<ssize_t(int, const void*, size_t)>("write")(to, from, count);
  };
  return inside ? call(file, data, size, 0) : written(file, size, path_of(file), call, data, 0);
}

ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  const auto call = [](int to, const void* from, size_t count, off_t offset) {
    return real<ssize_t(int, const void*, size_t, off_t)>("pwrite")(to, from, count, offset);
  };
  return inside ? call(file, data, size, at) : written(file, size, path_of(file), call, data, at);
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) { return pwrite(file, data, size, at); }

int ftruncate(int file, off_t size) noexcept {
  const auto call = [&](bool) { return real<int(int, off_t)>("ftruncate")(file, size); };
  return inside ? call(false) : guarded("truncate", path_of(file), call);
}

int ftruncate64(int file, off64_t size) noexcept { return ftruncate(file, size); }

int fsync(int file) { return inside ? real<int(int)>("fsync")(file) : synced(file); }
int fdatasync(int file) { return inside ? real<int(int)>("fdatasync")(file) : synced(file); }

int syncfs(int file) noexcept {
  if (inside) return real<int(int)>("syncfs")(file);
  const std::string path = path_of(file);
  return guarded(
      "sync", path,
      [&](bool) {
        if (!the_layer().told.is_beneath(path)) return real<int(int)>("syncfs")(file);
        if (auto& shadow = the_layer().shadow) shadow->all_synced();
        return 0;
      },
      [](layer& it) {
        if (it.shadow) it.shadow->all_failed();
      });
}

int renameat2(int from, const char* old_name, int to, const char* new_name, unsigned flags) noexcept {
  const auto call = [&] {
    return real<int(int, const char*, int, const char*, unsigned)>("renameat2")(from, old_name, to, new_name,
                                                                                flags);
  };
  return inside ? call() : moved_by("rename", path_at(to, new_name), path_at(from, old_name), call);
}

int renameat(int from, const char* old_name, int to, const char* new_name) noexcept {
  return renameat2(from, old_name, to, new_name, 0);
}

int rename(const char* old_name, const char* new_name) noexcept {
  return renameat2(AT_FDCWD, old_name, AT_FDCWD, new_name, 0);
}

int linkat(int from, const char* old_name, int to, const char* new_name, int flags) noexcept {
  const auto call = [&] {
    return real<int(int, const char*, int, const char*, int)>("linkat")(from, old_name, to, new_name, flags);
  };
  return inside ? call() : moved_by("link", path_at(to, new_name), path_at(from, old_name), call);
}

int link(const char* old_name, const char* new_name) noexcept {
  return linkat(AT_FDCWD, old_name, AT_FDCWD, new_name, 0);
}

int unlinkat(int folder, const char* name, int flags) noexcept {
  const auto call = [&](bool) { return real<int(int, const char*, int)>("unlinkat")(folder, name, flags); };
  return inside ? call(false) : guarded("unlink", path_at(folder, name), call);
}

int unlink(const char* name) noexcept { return unlinkat(AT_FDCWD, name, 0); }

int remove(const char* name) noexcept {
  struct stat facts {};
  const bool is_folder = ::lstat(name, &facts) == 0 && S_ISDIR(facts.st_mode);
  return unlinkat(AT_FDCWD, name, is_folder ? AT_REMOVEDIR : 0);
}

int mkdirat(int folder, const char* name, mode_t mode) noexcept {
  const auto call = real<int(int, const char*, mode_t)>("mkdirat");
  if (inside) return call(folder, name, mode);
  const std::string path = path_at(folder, name);
  return guarded("mkdir", path, [&](bool) {
    const int made = call(folder, name, mode);
    if (made == 0) note_created(path);
    return made;
  });
}

int mkdir(const char* name, mode_t mode) noexcept { return mkdirat(AT_FDCWD, name, mode); }

long fpathconf(int file, int what) noexcept {
  const layer& it = the_layer();
  if (what == _PC_NAME_MAX && it.told.longest_name != 0 && it.told.is_beneath(path_of(file)))
    return static_cast<long>(it.told.longest_name);
  return real<long(int, int)>("fpathconf")(file, what);
}

int clock_gettime(clockid_t which, timespec* now) noexcept {
  static auto* const call = real<int(clockid_t, timespec*)>("clock_gettime");
  const int outcome = call(which, now);
  if (outcome == 0 && which == CLOCK_REALTIME && !inside) now->tv_sec += clock_offset();
  return outcome;
}

int gettimeofday(timeval* now, void* zone) noexcept {
  const int outcome = real<int(timeval*, void*)>("gettimeofday")(now, zone);
  if (outcome == 0 && !inside) now->tv_sec += clock_offset();
  return outcome;
}

time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"
