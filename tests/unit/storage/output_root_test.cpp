#include "storage/output_root.hpp"

#include "support/results.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::test;
using storage::output_root;
namespace fs = std::filesystem;

TEST_CASE("output root: not there, is made with all its levels when that is allowed") {
  temp_dir dir;
  const auto root = must(output_root::open(dir / "a/b/out", true));
  CHECK(fs::is_directory(dir / "a/b/out/.pofetch"));
  CHECK(root.path() == dir / "a/b/out");
  CHECK(output_root::open(dir / "a/b/out", true));
  CHECK(output_root::open(dir / "a/b/out", false));
}

TEST_CASE("output root: names as long as the file system takes them, 255 bytes at most") {
  temp_dir dir;
  const auto root = must(output_root::open(dir / "out", true));
  const auto told = static_cast<std::size_t>(::pathconf((dir / "out").c_str(), _PC_NAME_MAX));
  CHECK(root.longest_name() == std::min<std::size_t>(told, 255));
  write_file(dir / "out" / std::string(root.longest_name(), 'n'), "fits");
  CHECK(fs::exists(dir / "out" / std::string(root.longest_name(), 'n')));
}

TEST_CASE("output root: named from where the program stands, is made there") {
  const temp_dir dir;
  const fs::path before = fs::current_path();
  fs::current_path(dir.path());
  for (const char* name : {"one", "two/", "three/four"}) {
    CAPTURE(name);
    const auto root = must(output_root::open(name, true));
    CHECK(root.path() == fs::canonical(dir / name));
  }
  fs::current_path(before);
  CHECK(fs::is_directory(dir / "three/four/.pofetch"));
}

TEST_CASE("output root: only reading, makes nothing and says what is missing") {
  temp_dir dir;
  auto root = output_root::open(dir / "none", false);
  REQUIRE_FALSE(root);
  CHECK(root.error().code == errc::input);
  CHECK(root.error().message.find("no folder") != std::string::npos);
  root = output_root::open(dir.path(), false);
  REQUIRE_FALSE(root);
  CHECK(root.error().code == errc::input);
  CHECK(root.error().message.find("no batch") != std::string::npos);
  CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("output root: something else in the way, is a failure and is left alone") {
  temp_dir dir;
  write_file(dir / "file", "x");
  fs::create_directory(dir / "linked");
  fs::create_directory(dir / "elsewhere");
  fs::create_directory_symlink(dir / "elsewhere", dir / "linked/.pofetch");
  fs::create_directory(dir / "filed");
  write_file(dir / "filed/.pofetch", "x");
  for (const char* name : {"file", "file/below", "linked", "filed"}) {
    CAPTURE(name);
    CHECK_FALSE(output_root::open(dir / name, true));
    CHECK_FALSE(output_root::open(dir / name, false));
  }
  CHECK(fs::is_empty(dir / "elsewhere"));
  CHECK(read_file(dir / "file") == "x");
}

TEST_CASE("output root: a link on the way to it, is the user's own and followed") {
  temp_dir dir;
  fs::create_directory(dir / "real");
  fs::create_directory_symlink("real", dir / "link");
  CHECK(must(output_root::open(dir / "link", true)).path() == dir / "real");
}

TEST_CASE("output root: a folder that may not be written, is a failure of permission") {
  temp_dir dir;
  fs::permissions(dir.path(), fs::perms(0555));
  // Root may write anywhere, so a process without its rights tries.
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(2);
    const auto inside = output_root::open(dir.path(), true);
    const auto below = output_root::open(dir / "out", true);
    const bool refused = !inside && inside.error().code == errc::permission && !below &&
                         below.error().code == errc::permission;
    ::_exit(refused ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
  fs::permissions(dir.path(), fs::perms(0755));
}

TEST_CASE("make folder: levels are made once, and their parents remembered") {
  temp_dir dir;
  const auto root = must(output_root::open(dir.path(), true));
  std::set<std::string> changed;
  must(root.make_folder("a/b/c", changed));
  CHECK(changed == std::set<std::string>{"", "a", "a/b"});
  CHECK(fs::is_directory(dir / "a/b/c"));
  changed.clear();
  must(root.make_folder("a/b/c", changed));
  CHECK(changed.empty());
  must(root.make_folder("a/b/d", changed));
  CHECK(changed == std::set<std::string>{"a/b"});
}

TEST_CASE("make folder: paths that lead outside, are refused and make nothing") {
  temp_dir dir;
  const auto root = must(output_root::open(dir / "out", true));
  std::set<std::string> changed;
  for (const char* folder :
       {"../x", "/tmp/pofetch-x", "a/../../x", "..", ".", "", "a//b", ".pofetch", ".Pofetch/x"}) {
    CAPTURE(folder);
    const auto made = root.make_folder(folder, changed);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::permission);
  }
  CHECK(changed.empty());
  CHECK_FALSE(fs::exists(dir / "x"));
  CHECK_FALSE(fs::exists(dir / "out/a"));
}

TEST_CASE("folders: link, file or FIFO at any level, is never gone through") {
  temp_dir dir;
  const auto root = must(output_root::open(dir / "out", true));
  fs::create_directory(dir / "elsewhere");
  fs::create_directory(dir / "out/real");
  fs::create_directory_symlink(dir / "elsewhere", dir / "out/link");
  fs::create_directory_symlink("real", dir / "out/inner");
  fs::create_directory_symlink(dir / "nowhere", dir / "out/dangling");
  write_file(dir / "out/file", "x");
  REQUIRE(::mkfifo((dir / "out/fifo").c_str(), 0600) == 0);
  for (const char* folder :
       {"link", "link/a", "inner", "inner/a", "dangling", "file", "file/a", "fifo", "fifo/a"}) {
    CAPTURE(folder);
    std::set<std::string> changed;
    const auto made = root.make_folder(folder, changed);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::disk);
    CAPTURE(made.error().message);
    CHECK(made.error().message.find("links are not followed") != std::string::npos);
    const auto found = root.find_folder(folder);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == errc::not_found);
  }
  CHECK(fs::is_empty(dir / "elsewhere"));
  CHECK(fs::is_empty(dir / "out/real"));
  CHECK_FALSE(fs::exists(dir / "nowhere"));
}

TEST_CASE("open folder: not there, is not_found") {
  temp_dir dir;
  const auto root = must(output_root::open(dir.path(), true));
  CHECK(root.open_folder("none").error().code == errc::not_found);
  CHECK(root.find_folder("none/below").error().code == errc::not_found);
}
