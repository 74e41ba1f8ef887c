#include "os/replace_file.hpp"

#include "file_size_limit.hpp"
#include "os/failure_of.hpp"
#include "support/sealed_folder.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

std::set<std::string> names_of(const fs::path& folder) {
  std::set<std::string> all;
  for (const auto& entry : fs::directory_iterator(folder)) all.insert(entry.path().filename().string());
  return all;
}

os::unique_fd opened_folder(const fs::path& path) {
  return os::unique_fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

unsigned permissions_of(const fs::path& file) {
  return static_cast<unsigned>(fs::status(file).permissions());
}

}  // namespace

TEST_CASE("replace file: whole, with its mode, whatever had the two names") {
  const struct {
    const char* what;
    void (*plant)(const temp_dir&);
  } rows[] = {
      {"nothing", [](const temp_dir&) {}},
      {"an old file", [](const temp_dir& in) { in.file("f", "old"); }},
      {"what a killed process left", [](const temp_dir& in) { in.file("f.new", "half of i"); }},
      {"links",
       [](const temp_dir& in) {
         fs::create_symlink(in / "precious", in / "f");
         fs::create_symlink(in / "precious", in / "f.new");
       }},
  };
  for (const auto& row : rows) {
    for (const bool synced : {true, false}) {
      CAPTURE(row.what);
      CAPTURE(synced);
      const temp_dir folder;
      folder.file("precious", "precious");
      row.plant(folder);
      const os::unique_fd at = opened_folder(folder.path());
      CHECK(os::replace_file(at.get(), {"f", "f.new", 0600, synced}, "new") == 0);
      CHECK(read_file(folder / "f") == "new");
      CHECK_FALSE(fs::is_symlink(folder / "f"));
      CHECK(permissions_of(folder / "f") == 0600);
      CHECK(read_file(folder / "precious") == "precious");
      CHECK(names_of(folder.path()) == std::set<std::string>{"f", "precious"});
    }
  }
}

TEST_CASE("replace file: paths in the place of a folder and names") {
  const temp_dir folder;
  const std::string path = folder.file("f", "old");
  CHECK(os::replace_file(AT_FDCWD, {.name = path, .fresh = path + ".new"}, "new") == 0);
  CHECK(read_file(path) == "new");
}

TEST_CASE("replace file: a fault leaves the old file and nothing else") {
  const temp_dir folder;
  folder.file("f", "old");
  fs::create_directory(folder / "taken");
  folder.file("taken/inside", "x");
  fs::create_directory(folder / "taken.new");
  const auto before = names_of(folder.path());
  const os::unique_fd at = opened_folder(folder.path());
  {
    const file_size_limit small(1000);
    CHECK(os::replace_file(at.get(), {.name = "f", .fresh = "f.new"}, std::string(2000, 'x')) == EFBIG);
  }
  CHECK(os::replace_file(at.get(), {.name = "taken", .fresh = "t.new"}, "x") == EISDIR);
  CHECK(os::replace_file(at.get(), {.name = "f", .fresh = "taken.new"}, "x") == EEXIST);
  CHECK(os::replace_file(at.get(), {.name = "none/f", .fresh = "none/f.new"}, "x") == ENOENT);
  CHECK(os::replace_file(-1, {.name = "f", .fresh = "f.new"}, "x") == EBADF);
  CHECK(names_of(folder.path()) == before);
  CHECK(read_file(folder / "f") == "old");
}

TEST_CASE("replace file: in a folder that nobody may write to, the code says so") {
  const sealed_folder folder;
  if (!folder.is_sealed()) {
    MESSAGE("no folder can be sealed here: not tried");
    return;
  }
  const os::unique_fd at = opened_folder(folder.path());
  const int error = os::replace_file(at.get(), {.name = "f", .fresh = "f.new"}, "x");
  CHECK(os::code_of(error) == errc::permission);
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("followed: own links to where they lead, nothing else") {
  const temp_dir folder;
  const std::string real = folder.file("real", "");
  fs::create_symlink("real", folder / "link");
  fs::create_symlink("link", folder / "chain");
  fs::create_symlink("nowhere", folder / "broken");
  CHECK(os::followed(folder / "link") == real);
  CHECK(os::followed(folder / "chain") == real);
  for (const char* name : {"real", "none", "broken"}) CHECK(os::followed(folder / name) == folder / name);
  constexpr unsigned somebody = 65534;
  if (::lchown((folder / "link").c_str(), somebody, somebody) != 0) {
    MESSAGE("only root can give a link away: not tried");
    return;
  }
  CHECK(os::followed(folder / "link") == folder / "link");
}

TEST_CASE("sync: files and folders; what cannot be synced is none's fault, what is closed is") {
  const temp_dir folder;
  const os::unique_fd file(::open(folder.file("f", "x").c_str(), O_RDONLY | O_CLOEXEC));
  const os::unique_fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  CHECK(os::sync(file.get()) == 0);
  CHECK(os::sync(opened_folder(folder.path()).get()) == 0);
  CHECK(os::sync(null.get()) == 0);  // EINVAL
  CHECK(os::sync(-1) == EBADF);
}
