#include "storage/group_sync.hpp"

#include "os/unique_fd.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <fcntl.h>
#include <vector>

using namespace pofetch;
using namespace pofetch::test;
using storage::group_sync;

TEST_CASE("group sync: size of the group and durability, decide whether it is done in one go") {
  CHECK_FALSE(group_sync(0, durability::batch).as_one(storage::syncfs_from - 1));
  CHECK(group_sync(0, durability::batch).as_one(storage::syncfs_from));
  CHECK_FALSE(group_sync(0, durability::file).as_one(1000));
  CHECK_FALSE(group_sync(0, durability::none).as_one(1000));
}

TEST_CASE("group sync: good handles succeed, bad ones fail unless nothing is to be synced") {
  temp_dir dir;
  const os::unique_fd root(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY));
  const os::unique_fd file(::open((dir / "f").c_str(), O_RDWR | O_CREAT, 0600));
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{20}}) {
    const std::vector<int> good(count, file.get());
    const std::vector<int> bad(count, -1);
    for (const durability how : {durability::file, durability::batch, durability::none}) {
      CAPTURE(count);
      CHECK(group_sync(root.get(), how).files(good) == 0);
      const bool looks =
          how == durability::file || (how == durability::batch && count < storage::syncfs_from);
      CHECK(group_sync(root.get(), how).files(bad) == (looks && count > 0 ? EBADF : 0));
    }
  }
  CHECK(group_sync(root.get(), durability::batch).folder(root.get()) == 0);
  CHECK(group_sync(root.get(), durability::batch).folder(-1) == EBADF);
  CHECK(group_sync(-1, durability::batch).file_system() == EBADF);
}
