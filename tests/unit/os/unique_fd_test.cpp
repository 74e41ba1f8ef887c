#include "os/unique_fd.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <unistd.h>
#include <utility>

using namespace pofetch;

namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

int some_fd() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

}  // namespace

TEST_CASE("unique_fd: closed once, by the last owner") {
  const int first = some_fd();
  const int second = some_fd();
  {
    os::unique_fd one(first);
    os::unique_fd other(std::move(one));
    CHECK_FALSE(one);
    CHECK(one.get() == -1);
    CHECK(other.get() == first);
    one = os::unique_fd(second);
    other = std::move(one);
    CHECK_FALSE(is_open(first));
    CHECK(is_open(second));
  }
  CHECK_FALSE(is_open(second));
}

TEST_CASE("unique_fd: given away, it stays open; nothing is closed for none") {
  const int fd = some_fd();
  {
    os::unique_fd owner(fd);
    owner.release();
    CHECK_FALSE(owner);
    os::unique_fd none;
    none.reset();
  }
  CHECK(is_open(fd));
  os::unique_fd(fd).reset();
  CHECK_FALSE(is_open(fd));
}
