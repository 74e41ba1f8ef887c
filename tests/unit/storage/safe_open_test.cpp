#include "storage/safe_open.hpp"

#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

using namespace pofetch::test;
using pofetch::storage::open_beneath;
using pofetch::storage::open_stepwise;
using pofetch::storage::opened;
namespace fs = std::filesystem;

TEST_CASE("open beneath: with openat2 and without, opens what is inside and follows no link") {
  temp_dir dir;
  fs::create_directories(dir / "root/a/b");
  fs::create_directories(dir / "outside");
  write_file(dir / "root/a/b/file", "x");
  write_file(dir / "outside/secret", "s");
  fs::create_directory_symlink("../outside", dir / "root/out");
  fs::create_directory_symlink("b", dir / "root/a/inner");
  fs::create_symlink("b/file", dir / "root/a/link");
  const pofetch::os::unique_fd root(::open((dir / "root").c_str(), O_RDONLY | O_DIRECTORY));
  REQUIRE(root);

  struct row {
    const char* path;
    int flags;
    bool opens;
  };
  const row rows[] = {
      {"a", O_RDONLY | O_DIRECTORY, true}, {"a/b", O_RDONLY | O_DIRECTORY, true},
      {"a/b/file", O_RDONLY, true},        {"a/b/file", O_RDONLY | O_DIRECTORY, false},
      {"a/b/file/x", O_RDONLY, false},     {"out", O_RDONLY | O_DIRECTORY, false},
      {"out/secret", O_RDONLY, false},     {"a/inner", O_RDONLY | O_DIRECTORY, false},
      {"a/inner/file", O_RDONLY, false},   {"a/link", O_RDONLY, false},
  };
  for (const row& r : rows) {
    for (const auto open_it : {open_beneath, open_stepwise}) {
      CAPTURE(r.path);
      const opened file = open_it(root.get(), r.path, r.flags);
      CHECK(static_cast<bool>(file.fd) == r.opens);
      const bool refused = file.error == ELOOP || file.error == ENOTDIR;
      CHECK(refused == !r.opens);
    }
  }
  for (const auto open_it : {open_beneath, open_stepwise}) {
    CHECK(open_it(root.get(), "a/none", O_RDONLY).error == ENOENT);
    CHECK(open_it(root.get(), "none/x", O_RDONLY).error == ENOENT);
    const opened folder = open_it(root.get(), "a/b", O_RDONLY | O_DIRECTORY);
    CHECK((::fcntl(folder.fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
  }
  // Should a path that nobody checked come this far, the kernel still keeps it inside.
  CHECK(open_beneath(root.get(), "../outside/secret", O_RDONLY).error == EXDEV);
}
