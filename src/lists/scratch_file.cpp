#include "lists/scratch_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <stdlib.h>
#include <system_error>
#include <unistd.h>

namespace pofetch::lists {
namespace {

constexpr std::size_t block_size = 16U << 10;
constexpr std::size_t block_count = 128;

failure cannot(const std::string& what, int error) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  const bool denied = error == EACCES || error == EPERM || error == EROFS;
  return make_failure(
      full     ? errc::disk_full
      : denied ? errc::permission
               : errc::disk,
      what + ": " + ::strerror(error) + "; the variable TMPDIR names another folder for temporary files.");
}

}  // namespace

std::filesystem::path temporary_folder() {
  std::error_code problem;
  std::filesystem::path folder = std::filesystem::temp_directory_path(problem);
  return problem ? std::filesystem::path("/tmp") : folder;
}

result<std::unique_ptr<scratch_file>> scratch_file::make() {
  std::string name = (temporary_folder() / "pofetch-XXXXXX").string();
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) return cannot("Cannot make a temporary file '" + name + "'", errno);
  ::unlink(name.c_str());
  return std::unique_ptr<scratch_file>(new scratch_file(fd));
}

scratch_file::scratch_file(int fd) : fd_(fd), blocks_(block_count) {}

scratch_file::~scratch_file() { ::close(fd_); }

result<void> scratch_file::append(std::string_view bytes) {
  unwritten_.append(bytes);
  size_ += bytes.size();
  return unwritten_.size() < block_size ? result<void>() : flush();
}

result<void> scratch_file::flush() {
  std::string_view rest = unwritten_;
  while (!rest.empty()) {
    const auto at = static_cast<off_t>(size_ - rest.size());
    const ssize_t written = ::pwrite(fd_, rest.data(), rest.size(), at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return cannot("Cannot write a temporary file", errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  unwritten_.clear();
  for (block& one : blocks_) one.bytes.clear();
  return {};
}

result<const scratch_file::block*> scratch_file::load(std::uint64_t number) {
  block& place = blocks_[number % block_count];
  if (place.number == number && !place.bytes.empty()) return &place;
  const std::uint64_t offset = number * block_size;
  place.number = number;
  place.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(block_size, size_ - offset)));
  std::size_t filled = 0;
  while (filled < place.bytes.size()) {
    const ssize_t got = ::pread(fd_, place.bytes.data() + filled, place.bytes.size() - filled,
                                static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      place.bytes.clear();
      return cannot("Cannot read a temporary file", got < 0 ? errno : EIO);
    }
    filled += static_cast<std::size_t>(got);
  }
  return &place;
}

result<std::string> scratch_file::read(std::uint64_t offset, std::size_t count) {
  if (!unwritten_.empty()) {
    auto flushed = flush();
    if (!flushed) return flushed.error();
  }
  std::string bytes;
  while (bytes.size() < count) {
    const std::uint64_t at = offset + bytes.size();
    auto loaded = load(at / block_size);
    if (!loaded) return loaded.error();
    const std::size_t wanted = count - bytes.size();
    bytes += std::string_view((*loaded)->bytes).substr(static_cast<std::size_t>(at % block_size), wanted);
  }
  return bytes;
}

}  // namespace pofetch::lists
