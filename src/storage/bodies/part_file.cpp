#include "storage/bodies/part_file.hpp"

#include "core/media_sniff.hpp"
#include "os/failure_of.hpp"
#include "os/read_write.hpp"
#include "os/uninterrupted.hpp"
#include "storage/bodies/part_note.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace pofetch::storage {
namespace {

/// The system begins to write only when a tenth of the memory waits for it, and then a sync waits for all
/// that.
constexpr std::uint64_t written_at_once = 8U << 20U;

}  // namespace

part_file::part_file(std::shared_ptr<partial_area> area, std::string name, os::unique_fd file,
                     boost::asio::any_io_executor beside)
    : area_(std::move(area)),
      name_(std::move(name)),
      file_(std::move(file)),
      digests_(std::make_shared<body_digests>(file_.get(), std::move(beside))) {}

result<std::unique_ptr<part_file>> part_file::create(std::shared_ptr<partial_area> area, bool written_early,
                                                     boost::asio::any_io_executor beside) {
  std::string name = area->next_name();
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  os::unique_fd file(
      os::uninterrupted([&] { return ::openat(area->handle(), name.c_str(), flags, file_mode); }));
  if (!file) return os::failure_of(errno, fmt::format("'.pofetch/partial/{}' cannot be made", name));
  std::unique_ptr<part_file> made(
      new part_file(std::move(area), std::move(name), std::move(file), std::move(beside)));
  made->written_early_ = written_early;
  return made;
}

std::unique_ptr<part_file> part_file::adopt(std::shared_ptr<partial_area> area, std::string name,
                                            os::unique_fd file, boost::asio::any_io_executor beside) {
  std::unique_ptr<part_file> made(
      new part_file(std::move(area), std::move(name), std::move(file), std::move(beside)));
  made->remembered_ = true;
  return made;
}

part_file::~part_file() {
  digests_->close();
  // What cannot be removed now is swept by the next run.
  if (!placed_ && !remembered_) ::unlinkat(area_->handle(), name_.c_str(), 0);
}

failure part_file::broken(int error, const char* what) const {
  return os::failure_of(error,
                        fmt::format("'.pofetch/partial/{}' cannot be {} at byte {}", name_, what, size_));
}

result<void> part_file::append(std::span<const std::byte> bytes) {
  const std::string_view chars(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // At a place of its own, not at the end: what half a failed call left is overwritten.
  if (const int error = os::write_all_at(file_.get(), chars, size_); error != 0)
    return broken(error, "written");
  if (auto added = digests_->add(bytes, size_ + bytes.size()); !added) return added;
  if (first_bytes_.size() == size_ && size_ < core::sniff_size)
    first_bytes_.append(chars.substr(0, core::sniff_size - first_bytes_.size()));
  const std::uint64_t before = std::exchange(size_, size_ + bytes.size());
  if (written_early_ && before / written_at_once != size_ / written_at_once) write_early(before);
  return {};
}

/// Begins to write the last stretch that is whole, and waits for nothing: the sync that counts comes later,
/// and tells what went wrong.
void part_file::write_early(std::uint64_t from) const noexcept {
  const std::uint64_t begin = from / written_at_once * written_at_once;
  const std::uint64_t end = size_ / written_at_once * written_at_once;
  static_cast<void>(::sync_file_range(file_.get(), static_cast<off_t>(begin), static_cast<off_t>(end - begin),
                                      SYNC_FILE_RANGE_WRITE));
}

result<void> part_file::remember(std::string_view owner, const body_note& note) {
  const part_note made{this_boot(), owner_mark(owner), note};
  const auto text = format_note(made);
  if (!text) return {};
  const int error = write_note(area_->handle(), name_, *text);
  if (error != 0) return os::failure_of(error, fmt::format("'.pofetch/partial/{}' cannot be noted", name_));
  remembered_ = true;
  return {};
}

result<void> part_file::forget() {
  if (!remembered_) return {};
  if (::unlinkat(area_->handle(), note_name(name_).c_str(), 0) != 0 && errno != ENOENT)
    return broken(errno, "forgotten");
  remembered_ = false;
  return {};
}

void part_file::mark_placed() noexcept {
  placed_ = true;
  // A note that stays belongs to no body, and is swept by the next run.
  static_cast<void>(forget());
}

/// The note goes first: it must never stand beside bytes of another version.
result<void> part_file::rewind() {
  if (auto forgotten = forget(); !forgotten) return forgotten;
  if (os::uninterrupted([this] { return ::ftruncate(file_.get(), 0); }) != 0) return broken(errno, "emptied");
  size_ = 0;
  first_bytes_.clear();
  // Now: what the other thread has read meanwhile does not count.
  return digests_->reset();
}

result<void> part_file::require(digest_algorithm algorithm) { return digests_->require(algorithm, size_); }

result<void> part_file::recover(std::uint64_t at_most) {
  if (auto read = digests_->catch_up(size_ + at_most); !read) return read;
  size_ += at_most;
  return {};
}

result<std::string> part_file::read_back(std::uint64_t at, std::size_t count) const {
  os::bytes_read read = os::read_at(file_.get(), at, count);
  if (read.bytes.size() == count) return std::move(read.bytes);
  return broken(read.error != 0 ? read.error : EIO, "read back");
}

std::string part_file::digest(digest_algorithm algorithm) const {
  if (!digests_->catch_up(size_)) return {};
  return digests_->digest(algorithm);
}

result<std::string> part_file::head(std::size_t count) const {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size_, count));
  if (wanted <= first_bytes_.size()) return first_bytes_.substr(0, wanted);
  return read_back(0, wanted);
}

}  // namespace pofetch::storage
