// Functions of the C library under their own names: in this program they come first, and pass on what is not
// to fail. The headers must not bring inline ones of these names.
#undef _FORTIFY_SOURCE
#include "failing_calls.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string_view>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <type_traits>
#include <unistd.h>
#include <utility>

namespace {

thread_local pofetch::test::failing_calls* current = nullptr;

template <std::size_t size>
struct literal {
  char text[size];
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr literal(const char (&from)[size]) { std::copy_n(from, size, text); }
};

/// What stands behind this program's own function of that name.
template <literal name, class Function>
Function* real() {
  static auto* const found = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name.text));
  return found;
}

bool fails(std::string_view name) {
  const int error = pofetch::test::failing_calls::answer(name);
  if (error > 0) errno = error;
  return error > 0;
}

template <literal name, class Function, class... Arguments>
auto pass(Arguments... arguments) {
  using outcome = std::invoke_result_t<Function*, Arguments...>;
  if constexpr (std::is_pointer_v<outcome>)
    return fails(name.text) ? nullptr : real<name, Function>()(arguments...);
  else
    return fails(name.text) ? static_cast<outcome>(-1) : real<name, Function>()(arguments...);
}

template <literal name, class Function, class... What>
int pass_sync(int file, What... what) {
  if (fails(name.text)) return -1;
  return current != nullptr ? 0 : real<name, Function>()(file, what...);
}

/// Reads or writes.
template <literal name, class Function, class Data, class... Place>
ssize_t pass_bytes(int file, Data* data, std::size_t size, Place... place) {
  const int answer = pofetch::test::failing_calls::answer(name.text);
  if (answer > 0) errno = answer;
  if (answer > 0) return -1;
  const bool half = answer == pofetch::test::only_half && size > 1;
  return real<name, Function>()(file, data, half ? size / 2 : size, place...);
}

mode_t mode_of(int flags, va_list more) { return (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0; }

}  // namespace

namespace pofetch::test {

failing_calls::failing_calls(std::size_t at, int error, lacking system)
    : at_(at), error_(error), system_(std::move(system)) {
  made_.reserve(1024);
  current = this;
}

failing_calls::~failing_calls() { current = nullptr; }

int failing_calls::answer(std::string_view name) {
  if (current == nullptr) return 0;
  current->made_.push_back(name);
  if (current->at_ == current->made_.size()) return current->error_;
  const auto lacks = current->system_.find(name);
  return lacks == current->system_.end() ? 0 : lacks->second;
}

}  // namespace pofetch::test

extern "C" {

int open(const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return pass<"open", decltype(::open)>(name, flags, mode);
}

int openat(int folder, const char* name, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = mode_of(flags, more);
  va_end(more);
  return pass<"openat", decltype(::openat)>(folder, name, flags, mode);
}

// What the optimised build calls where it does not know the flags.
int __open_2(const char* name, int flags) { return open(name, flags); }
int __openat_2(int folder, const char* name, int flags) { return openat(folder, name, flags); }

int fcntl(int file, int command, ...) {
  va_list more;
  va_start(more, command);
  void* const argument = va_arg(more, void*);
  va_end(more);
  return pass<"fcntl", decltype(::fcntl)>(file, command, argument);
}

long syscall(long number, ...) noexcept {
  va_list more;
  va_start(more, number);
  long a[6] = {};
  for (long& each : a) each = va_arg(more, long);
  va_end(more);
  if (number == SYS_openat2 && fails("openat2")) return -1;
  return real<"syscall", decltype(::syscall)>()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

ssize_t read(int file, void* data, size_t size) {
  return pass_bytes<"read", decltype(::read)>(file, data, size);
}
ssize_t write(int file, const void* data, size_t size) {
  return pass_bytes<"write", decltype(::write)>(file, data, size);
}
ssize_t pread(int file, void* data, size_t size, off_t at) {
  return pass_bytes<"pread", decltype(::pread)>(file, data, size, at);
}
ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  return pass_bytes<"pwrite", decltype(::pwrite)>(file, data, size, at);
}

int fsync(int file) { return pass_sync<"fsync", decltype(::fsync)>(file); }
int fdatasync(int file) { return pass_sync<"fdatasync", decltype(::fdatasync)>(file); }
int sync_file_range(int file, off64_t from, off64_t size, unsigned flags) {
  return pass_sync<"sync_file_range", decltype(::sync_file_range)>(file, from, size, flags);
}
int syncfs(int file) noexcept { return pass_sync<"syncfs", decltype(::syncfs)>(file); }

int ftruncate(int file, off_t size) noexcept { return pass<"ftruncate", decltype(::ftruncate)>(file, size); }
int fstat(int file, struct stat* facts) noexcept { return pass<"fstat", decltype(::fstat)>(file, facts); }
int stat(const char* name, struct stat* facts) noexcept {
  return pass<"stat", decltype(::stat)>(name, facts);
}
int fstatat(int folder, const char* name, struct stat* facts, int flags) noexcept {
  return pass<"fstatat", decltype(::fstatat)>(folder, name, facts, flags);
}
int statvfs(const char* name, struct statvfs* facts) noexcept {
  return pass<"statvfs", decltype(::statvfs)>(name, facts);
}

int mkdir(const char* name, mode_t mode) noexcept { return pass<"mkdir", decltype(::mkdir)>(name, mode); }
int mkdirat(int folder, const char* name, mode_t mode) noexcept {
  return pass<"mkdirat", decltype(::mkdirat)>(folder, name, mode);
}
char* mkdtemp(char* name) noexcept { return pass<"mkdtemp", decltype(::mkdtemp)>(name); }
char* realpath(const char* name, char* found) noexcept {
  return pass<"realpath", decltype(::realpath)>(name, found);
}

int renameat(int from, const char* old_name, int to, const char* new_name) noexcept {
  return pass<"renameat", decltype(::renameat)>(from, old_name, to, new_name);
}
int renameat2(int from, const char* old_name, int to, const char* new_name, unsigned flags) noexcept {
  return pass<"renameat2", decltype(::renameat2)>(from, old_name, to, new_name, flags);
}
int linkat(int from, const char* old_name, int to, const char* new_name, int flags) noexcept {
  return pass<"linkat", decltype(::linkat)>(from, old_name, to, new_name, flags);
}
int unlinkat(int folder, const char* name, int flags) noexcept {
  return pass<"unlinkat", decltype(::unlinkat)>(folder, name, flags);
}

DIR* fdopendir(int folder) { return pass<"fdopendir", decltype(::fdopendir)>(folder); }
dirent* readdir(DIR* folder) { return pass<"readdir", decltype(::readdir)>(folder); }

ssize_t getrandom(void* bytes, size_t size, unsigned flags) {
  return pass<"getrandom", decltype(::getrandom)>(bytes, size, flags);
}
int gethostname(char* name, size_t size) noexcept {
  return pass<"gethostname", decltype(::gethostname)>(name, size);
}

}  // extern "C"
