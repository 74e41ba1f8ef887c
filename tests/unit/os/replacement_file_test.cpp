#include "os/replacement_file.hpp"

#include "file_size_limit.hpp"
#include "os/unique_fd.hpp"
#include "support/results.hpp"
#include "support/sealed_folder.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::test;
using os::replacement_file;
namespace fs = std::filesystem;

namespace {

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

void replace(const fs::path& target, std::string_view text) {
  const auto file = must(replacement_file::create(target));
  must(file->write(text));
  must(file->commit());
}

}  // namespace

TEST_CASE("replacement file: until the commit the old one is as it was, without it nothing is left") {
  const temp_dir folder;
  const std::string target = folder.file("f", "old");
  {
    const auto file = must(replacement_file::create(target));
    must(file->write("ne"));
    CHECK(read_file(target) == "old");
    CHECK(files_in(folder.path()) == 2);
  }
  CHECK(read_file(target) == "old");
  CHECK(files_in(folder.path()) == 1);
  replace(target, "new");
  replace(folder / "g", "another");
  CHECK(read_file(target) == "new");
  CHECK(read_file(folder / "g") == "another");
  CHECK(files_in(folder.path()) == 2);
}

TEST_CASE("replacement file: the permissions of the old one stay, but for those to become somebody else") {
  for (const mode_t mode : {0600U, 0640U, 0644U, 04755U}) {
    CAPTURE(mode);
    const temp_dir folder;
    const std::string target = folder.file("f", "old");
    REQUIRE(::chmod(target.c_str(), mode) == 0);
    replace(target, "new");
    struct stat facts {};
    REQUIRE(::stat(target.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777U) == (mode & 0777U));
  }
}

TEST_CASE("replacement file: through a link, the file it names is replaced and the link stays") {
  const temp_dir folder;
  const std::string real = folder.file("real", "old");
  fs::create_symlink(real, folder / "link");
  replace(folder / "link", "new");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(read_file(real) == "new");
}

TEST_CASE("replacement file: a link that another user made, is replaced and what it names stays") {
  const temp_dir folder;
  const std::string real = folder.file("real", "old");
  fs::create_symlink(real, folder / "link");
  constexpr unsigned somebody = 65534;
  if (::lchown((folder / "link").c_str(), somebody, somebody) != 0) {
    MESSAGE("only root can give a link away: not tried");
    return;
  }
  replace(folder / "link", "new");
  CHECK_FALSE(fs::is_symlink(folder / "link"));
  CHECK(read_file(real) == "old");
}

TEST_CASE("replacement file: beneath an open folder, a link is replaced whoever made it") {
  const temp_dir folder;
  const std::string victim = folder.file("victim", "old");
  fs::create_symlink(victim, folder / "f");
  const os::unique_fd at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto file = must(replacement_file::create_in(at.get(), "f", folder.path()));
  must(file->write("new"));
  must(file->commit());
  CHECK(read_file(victim) == "old");
  CHECK(fs::symlink_status(folder / "f").type() == fs::file_type::regular);
}

TEST_CASE(
    "replacement file: what a killed run left is swept; what is in use, linked or of another name stays") {
  const temp_dir folder;
  const temp_dir elsewhere;
  const std::string left = folder.file(".pofetch-report-4711-0.tmp", "half a rep");
  const std::string held = folder.file(".pofetch-report-4712-0.tmp", "another process is writing");
  const std::string precious = elsewhere.file("precious", "precious");
  const std::string link = folder.path() / ".pofetch-report-4713-0.tmp";
  fs::create_symlink(precious, link);
  const std::string inner = folder.path() / ".pofetch-report-4714-0.tmp";
  fs::create_directory(inner);
  const std::string pipe = folder.path() / ".pofetch-report-4715-0.tmp";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  for (const char* name :
       {".pofetch-report-.tmp", ".pofetch-report-1.tmp", ".pofetch-report-1-.tmp", ".pofetch-report-1-a.tmp",
        ".pofetch-report-1-2.tmp.old", "x.pofetch-report-1-2.tmp"})
    folder.file(name, "of somebody else");
  {
    const os::unique_fd lock(::open(held.c_str(), O_RDONLY | O_CLOEXEC));
    REQUIRE(::flock(lock.get(), LOCK_EX | LOCK_NB) == 0);
    const auto before = files_in(folder.path());
    replace(folder / "report.csv", "new");
    CHECK_FALSE(fs::exists(left));
    CHECK(files_in(folder.path()) == before);  // one gone, the new one there
    CHECK(fs::exists(held));
    CHECK(fs::is_symlink(link));
    CHECK(read_file(precious) == "precious");
    CHECK(fs::is_directory(inner));
    CHECK(fs::exists(pipe));
  }
  replace(folder / "report.csv", "newer");
  CHECK_FALSE(fs::exists(held));
}

TEST_CASE("replacement file: one that is being written is not swept by another") {
  const temp_dir folder;
  const auto first = must(replacement_file::create(folder / "f"));
  must(first->write("first"));
  replace(folder / "g", "second");
  must(first->commit());
  CHECK(read_file(folder / "f") == "first");
}

TEST_CASE("replacement file: a place that cannot be written, a failure that names it") {
  const temp_dir folder;
  folder.file("file", "x");
  const struct {
    fs::path target;
    const char* words;
  } rows[] = {
      {folder / "none/f", "No such file or directory."},
      {folder / "file/f", "Not a directory."},
      {folder.path(), "no regular file stands there"},
      {"/dev/null", "no regular file stands there"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.target);
    const auto file = replacement_file::create(row.target);
    REQUIRE(file.has_error());
    CHECK(file.error().code == errc::disk);
    CHECK(file.error().message.starts_with("Cannot write '" + row.target.string() + "': "));
    CHECK_MESSAGE(file.error().message.find(row.words) != std::string::npos, file.error().message);
  }
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("replacement file: in a folder that nobody may write to, the code says so") {
  const sealed_folder folder;
  if (!folder.is_sealed()) {
    MESSAGE("no folder can be sealed here: not tried");
    return;
  }
  const auto file = replacement_file::create(folder / "f");
  REQUIRE(file.has_error());
  CHECK(file.error().code == errc::permission);
}

TEST_CASE("replacement file: a write that fails in the middle, the old one stays and nothing is left") {
  const temp_dir folder;
  const std::string target = folder.file("f", "old");
  {
    const file_size_limit small(1000);
    const auto file = must(replacement_file::create(target));
    const auto written = file->write(std::string(2000, 'x'));
    REQUIRE(written.has_error());
    CHECK(written.error().message == "Cannot write '" + target + "': File too large.");
  }
  CHECK(read_file(target) == "old");
  CHECK(files_in(folder.path()) == 1);
}
