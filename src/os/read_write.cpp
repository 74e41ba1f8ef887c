#include "os/read_write.hpp"

#include "os/uninterrupted.hpp"
#include "os/unique_fd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

namespace pofetch::os {
namespace {

/// `write(rest, done)` writes some of what is left, behind the first `done` bytes.
template <class Write>
int write_pieces(std::string_view bytes, Write write) noexcept {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t count = uninterrupted([&] { return write(bytes.substr(done), done); });
    // A file that takes nothing, and says nothing, would make this go on for ever.
    if (count <= 0) return count < 0 ? errno : EIO;
    done += static_cast<std::size_t>(count);
  }
  return 0;
}

ssize_t write_when_ready(int descriptor, std::string_view bytes) noexcept {
  for (;;) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count >= 0 || errno != EAGAIN) return count;
    pollfd ready{descriptor, POLLOUT, 0};
    ::poll(&ready, 1, -1);
  }
}

}  // namespace

int write_all(int descriptor, std::string_view bytes) noexcept {
  return write_pieces(bytes,
                      [=](std::string_view rest, std::size_t) { return write_when_ready(descriptor, rest); });
}

int write_all_at(int file, std::string_view bytes, std::uint64_t at) noexcept {
  return write_pieces(bytes, [=](std::string_view rest, std::size_t done) {
    return ::pwrite(file, rest.data(), rest.size(), static_cast<off_t>(at + done));
  });
}

bytes_read read_at(int file, std::uint64_t at, std::size_t count) {
  bytes_read all{std::string(count, '\0')};
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = uninterrupted(
        [&] { return ::pread(file, all.bytes.data() + done, count - done, static_cast<off_t>(at + done)); });
    if (got < 0) all.error = errno;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  all.bytes.resize(done);
  return all;
}

bytes_read read_file(const std::filesystem::path& path, std::size_t most) {
  bytes_read all;
  const unique_fd file(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (!file) all.error = errno;
  std::array<char, 16'384> piece{};
  while (file && all.bytes.size() < most) {
    const std::size_t wanted = std::min(piece.size(), most - all.bytes.size());
    const ssize_t got = uninterrupted([&] { return ::read(file.get(), piece.data(), wanted); });
    if (got < 0) all.error = errno;
    if (got <= 0) break;
    all.bytes.append(piece.data(), static_cast<std::size_t>(got));
  }
  return all;
}

}  // namespace pofetch::os
