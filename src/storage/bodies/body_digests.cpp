#include "storage/bodies/body_digests.hpp"

#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace pofetch::storage {
namespace {

/// Large enough that system calls do not count, small enough for the processor's cache.
constexpr std::size_t slice_size = 128U << 10U;

}  // namespace

body_digests::body_digests(int file, boost::asio::any_io_executor beside)
    : file_(file), beside_(std::move(beside)) {}

result<void> body_digests::require(digest_algorithm algorithm, std::uint64_t size) {
  if (auto level = catch_up(size); !level) return level;
  const std::lock_guard lock(mutex_);
  auto& place = digests_.at(static_cast<std::size_t>(algorithm));
  if (place) return {};
  auto digest = hasher::make(algorithm);
  if (!digest) return digest.error();
  for (std::uint64_t at = 0; at < size;) {
    const auto bytes = read(at, size - at);
    if (!bytes) return bytes.error();
    if (auto added = digest->update(*bytes); !added) return added;
    at += bytes->size();
  }
  place = std::move(*digest);
  counted_ = size;
  any_ = true;
  return {};
}

result<void> body_digests::add(std::span<const std::byte> bytes, std::uint64_t size) {
  if (!any_) return {};
  size_ = size;
  if (!beside_ || size <= large_from) {
    const std::lock_guard lock(mutex_);
    auto counted = count(bytes);
    if (counted) counted_ = size;
    return counted;
  }
  const std::uint64_t behind = size - counted_;
  if (behind > most_behind) return catch_up(size - most_behind);
  if (behind >= stretch && !called_.exchange(true)) call_other_thread();
  return {};
}

void body_digests::call_other_thread() {
  boost::asio::post(beside_, [self = shared_from_this()] { self->go_on(); });
}

/// On the other thread. The next call reports what went wrong.
void body_digests::go_on() {
  called_ = false;
  for (bool more = true; more;) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t from = counted_;
    const std::uint64_t to = std::min<std::uint64_t>(size_, from + slice_size);
    more = !closed_ && !broken_ && from < to;
    if (!more) break;
    if (auto counted = count_up_to(to); !counted) broken_ = counted.error();
  }
}

result<void> body_digests::catch_up(std::uint64_t size) {
  if (!any_ || counted_ >= size) return {};
  const std::lock_guard lock(mutex_);
  if (broken_) return *broken_;
  return count_up_to(size);
}

result<void> body_digests::count_up_to(std::uint64_t size) {
  while (counted_ < size) {
    const auto bytes = read(counted_, size - counted_);
    if (!bytes) return bytes.error();
    if (auto counted = count(*bytes); !counted) return counted;
    counted_ += bytes->size();
  }
  return {};
}

result<void> body_digests::count(std::span<const std::byte> bytes) {
  for (auto& digest : digests_) {
    if (!digest) continue;
    if (auto added = digest->update(bytes); !added) return added;
  }
  return {};
}

result<std::span<const std::byte>> body_digests::read(std::uint64_t at, std::uint64_t most) {
  if (!slice_) slice_ = std::make_unique_for_overwrite<std::byte[]>(slice_size);
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(most, slice_size));
  const ssize_t got =
      os::uninterrupted([&] { return ::pread(file_, slice_.get(), wanted, static_cast<off_t>(at)); });
  if (got > 0) return std::span<const std::byte>(slice_.get(), static_cast<std::size_t>(got));
  return os::failure_of(got < 0 ? errno : EIO, "A file under way cannot be read back for its digest");
}

result<void> body_digests::reset() {
  const std::lock_guard lock(mutex_);
  size_ = 0;
  counted_ = 0;
  broken_.reset();
  for (auto& digest : digests_) {
    if (!digest) continue;
    if (auto cleared = digest->reset(); !cleared) return cleared;
  }
  return {};
}

std::string body_digests::digest(digest_algorithm algorithm) const {
  const std::lock_guard lock(mutex_);
  const auto& digest = digests_.at(static_cast<std::size_t>(algorithm));
  return digest ? digest->digest() : std::string();
}

void body_digests::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

}  // namespace pofetch::storage
