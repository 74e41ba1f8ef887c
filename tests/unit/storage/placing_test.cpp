#include "storage/placing.hpp"

#include "os/unique_fd.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <sys/stat.h>

using namespace pofetch;
using namespace pofetch::test;
using storage::place_in;
namespace fs = std::filesystem;

namespace {

int fresh(const place_in& from, const place_in& to) { return move_into_place(from, to, placement::fresh); }
int replacing(const place_in& from, const place_in& to) {
  return move_into_place(from, to, placement::replace);
}

struct planted {
  const char* what;
  std::function<void(const fs::path&)> plant;
};

const planted occupants[] = {
    {"file", [](const fs::path& p) { write_file(p, "mine"); }},
    {"folder", [](const fs::path& p) { fs::create_directory(p); }},
    {"link", [](const fs::path& p) { fs::create_symlink("target", p); }},
    {"dangling link", [](const fs::path& p) { fs::create_symlink("nowhere", p); }},
    {"FIFO", [](const fs::path& p) { REQUIRE(::mkfifo(p.c_str(), 0600) == 0); }},
};

}  // namespace

TEST_CASE("move: free name, is taken by every way of moving") {
  for (const auto move : {fresh, replacing, storage::move_by_link, storage::move_if_free}) {
    temp_dir dir;
    write_file(dir / "part", "body");
    const os::unique_fd at(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY));
    CHECK(move({at.get(), "part"}, {at.get(), "final"}) == 0);
    CHECK(read_file(dir / "final") == "body");
    CHECK_FALSE(fs::exists(dir / "part"));
  }
}

TEST_CASE("move: taken name, stays as it is and the body stays where it was") {
  for (const planted& p : occupants) {
    for (const auto move : {fresh, replacing, storage::move_by_link, storage::move_if_free}) {
      const bool may_replace = move == replacing && std::string_view(p.what) == "file";
      if (may_replace) continue;
      CAPTURE(p.what);
      temp_dir dir;
      write_file(dir / "part", "body");
      write_file(dir / "target", "precious");
      p.plant(dir / "final");
      const auto kind = fs::symlink_status(dir / "final").type();
      const os::unique_fd at(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY));
      CHECK(move({at.get(), "part"}, {at.get(), "final"}) == EEXIST);
      CHECK(read_file(dir / "part") == "body");
      CHECK(read_file(dir / "target") == "precious");
      CHECK(fs::symlink_status(dir / "final").type() == kind);
    }
  }
}

TEST_CASE("move: replacing a file, puts the body in its place") {
  temp_dir dir;
  write_file(dir / "part", "new");
  write_file(dir / "final", "old");
  const os::unique_fd at(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY));
  CHECK(replacing({at.get(), "part"}, {at.get(), "final"}) == 0);
  CHECK(read_file(dir / "final") == "new");
}

TEST_CASE("replace by link: another file got the first one's name, replaces nothing and leaves nothing") {
  temp_dir dir;
  write_file(dir / "first", "another");
  write_file(dir / "copy", "same");
  const os::unique_fd at(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY));
  struct stat facts {};
  REQUIRE(::stat((dir / "copy").c_str(), &facts) == 0);
  const auto replace = [&] {
    return storage::replace_by_link({at.get(), "first"}, facts.st_ino, {at.get(), "new"}, {at.get(), "copy"});
  };
  CHECK(replace() == ESTALE);
  CHECK(read_file(dir / "copy") == "same");
  CHECK_FALSE(fs::exists(dir / "new"));
}

TEST_CASE("move: body that is gone, is an error") {
  for (const auto move : {fresh, replacing, storage::move_by_link, storage::move_if_free}) {
    temp_dir dir;
    const os::unique_fd at(::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY));
    CHECK(move({at.get(), "part"}, {at.get(), "final"}) == ENOENT);
  }
}
