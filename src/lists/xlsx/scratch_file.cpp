#include "lists/xlsx/scratch_file.hpp"

#include "os/failure_of.hpp"
#include "os/read_write.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <stdlib.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace pofetch::lists {
namespace {

constexpr std::size_t block_size = 16U << 10;
constexpr std::size_t block_count = 128;

failure cannot(const std::string& what, int error) {
  // As with a full disk, another folder helps.
  const errc code = error == EFBIG ? errc::disk_full : os::code_of(error);
  return make_failure(code, what + ": " + os::words_of(error) +
                                "; the variable TMPDIR names another folder for temporary files.");
}

}  // namespace

std::filesystem::path temporary_folder() {
  std::error_code problem;
  std::filesystem::path folder = std::filesystem::temp_directory_path(problem);
  return problem ? std::filesystem::path("/tmp") : folder;
}

result<std::unique_ptr<scratch_file>> scratch_file::make() {
  std::string name = (temporary_folder() / "pofetch-XXXXXX").string();
  os::unique_fd file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return cannot("Cannot make a temporary file '" + name + "'", errno);
  ::unlink(name.c_str());
  return std::unique_ptr<scratch_file>(new scratch_file(std::move(file)));
}

scratch_file::scratch_file(os::unique_fd file) : file_(std::move(file)), blocks_(block_count) {}

result<void> scratch_file::append(std::string_view bytes) {
  unwritten_.append(bytes);
  size_ += bytes.size();
  return unwritten_.size() < block_size ? result<void>() : flush();
}

result<void> scratch_file::flush() {
  const int error = os::write_all_at(file_.get(), unwritten_, size_ - unwritten_.size());
  if (error != 0) return cannot("Cannot write a temporary file", error);
  unwritten_.clear();
  for (block& one : blocks_) one.bytes.clear();
  return {};
}

result<const scratch_file::block*> scratch_file::load(std::uint64_t number) {
  block& place = blocks_[number % block_count];
  if (place.number == number && !place.bytes.empty()) return &place;
  const std::uint64_t offset = number * block_size;
  place.number = number;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(block_size, size_ - offset));
  os::bytes_read read = os::read_at(file_.get(), offset, wanted);
  if (read.bytes.size() == wanted) {
    place.bytes = std::move(read.bytes);
    return &place;
  }
  place.bytes.clear();
  return cannot("Cannot read a temporary file", read.error != 0 ? read.error : EIO);
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
