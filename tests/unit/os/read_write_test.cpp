#include "os/read_write.hpp"

#include "os/unique_fd.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::test;

namespace {

std::string numbers() {
  std::string text;
  for (int i = 0; i < 60'000; ++i) text += std::to_string(i) + ' ';
  return text;
}

}  // namespace

TEST_CASE("write all: through a pipe that takes little at a time, and makes its writer come again") {
  for (const int flags : {0, O_NONBLOCK}) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC | flags) == 0);
    const os::unique_fd from(ends[0]);
    os::unique_fd to(ends[1]);
    // What reads waits.
    REQUIRE(::fcntl(from.get(), F_SETFL, 0) == 0);
    const std::string text = numbers();
    int error = -1;
    std::thread writer([&] {
      error = os::write_all(to.get(), text);
      to.reset();
    });
    const os::bytes_read read = os::read_file("/dev/fd/" + std::to_string(from.get()), text.size() + 1);
    writer.join();
    CHECK(error == 0);
    CHECK(read.error == 0);
    CHECK(read.bytes == text);
  }
}

TEST_CASE("write all: what the system refuses, is its errno") {
  const os::unique_fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full);
  CHECK(os::write_all(full.get(), "x") == ENOSPC);
  CHECK(os::write_all_at(full.get(), "x", 0) == ENOSPC);
  CHECK(os::write_all(full.get(), "") == 0);
  CHECK(os::write_all(-1, "x") == EBADF);
}

TEST_CASE("write all at, read at: any place of a file, and what is there up to its end") {
  const temp_dir folder;
  const os::unique_fd file(::open((folder / "f").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  REQUIRE(file);
  REQUIRE(os::write_all_at(file.get(), "cdef", 2) == 0);
  REQUIRE(os::write_all_at(file.get(), "ab", 0) == 0);
  struct row {
    std::uint64_t at;
    std::size_t count;
    const char* expected;
  };
  for (const row& r :
       {row{0, 6, "abcdef"}, row{2, 3, "cde"}, row{4, 9, "ef"}, row{6, 1, ""}, row{0, 0, ""}}) {
    CAPTURE(r.at);
    const os::bytes_read read = os::read_at(file.get(), r.at, r.count);
    CHECK(read.error == 0);
    CHECK(read.bytes == r.expected);
  }
  CHECK(os::read_at(-1, 0, 1).error == EBADF);
}

TEST_CASE("read file: as much as was asked for, and why there is nothing") {
  const temp_dir folder;
  const std::string text = numbers();
  const std::string path = folder.file("f", text);
  for (const std::size_t most : {std::size_t{0}, std::size_t{1}, text.size(), text.size() + 1}) {
    CAPTURE(most);
    const os::bytes_read read = os::read_file(path, most);
    CHECK(read.error == 0);
    CHECK(read.bytes == text.substr(0, most));
  }
  CHECK(os::read_file(folder / "none", 1).error == ENOENT);
  CHECK(os::read_file(folder.path(), 1).error == EISDIR);
}
