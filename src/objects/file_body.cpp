#include "objects/file_body.hpp"

#include "os/failure_of.hpp"
#include "os/read_write.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace pofetch::objects {

namespace {

constexpr std::uint64_t piece_size = 256U << 10;

result<std::string> read_exactly(int file, std::uint64_t at, std::uint64_t count) {
  os::bytes_read read = os::read_at(file, at, static_cast<std::size_t>(count));
  if (read.bytes.size() == count) return std::move(read.bytes);
  return os::failure_of(read.error != 0 ? read.error : EIO, "A file in the spool folder cannot be read back");
}

}  // namespace

result<std::string_view> file_body::next() {
  auto read = read_exactly(file_, read_, std::min(size_ - read_, piece_size));
  if (!read) return read.error();
  piece_ = std::move(*read);
  read_ += piece_.size();
  return std::string_view(piece_);
}

result<std::string> file_body::whole() const { return read_exactly(file_, 0, size_); }

}  // namespace pofetch::objects
