#include "os/failure_of.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace pofetch;

TEST_CASE("failure of: errors of the system, have the code that decides what happens next") {
  struct row {
    int error;
    errc expected;
    const char* words;
  };
  const row rows[] = {
      {ENOSPC, errc::disk_full, "No space left"},
      {EDQUOT, errc::disk_full, "quota"},
      {EACCES, errc::permission, "Permission denied"},
      {EPERM, errc::permission, "not permitted"},
      {EROFS, errc::permission, "Read-only"},
      {EIO, errc::disk, "nput/output error"},
      {EMFILE, errc::disk, "ulimit -n"},
      {ENAMETOOLONG, errc::disk, "name too long"},
      {EFBIG, errc::disk, "larger than"},
      {ELOOP, errc::disk, "symbolic link"},
      {ENOTDIR, errc::disk, "where a folder is expected"},
      {EXDEV, errc::disk, "another file system"},
  };
  for (const row& r : rows) {
    CAPTURE(r.error);
    const failure why = os::failure_of(r.error, "'a/b.pdf' cannot be written");
    CHECK(why.code == r.expected);
    CHECK(os::code_of(r.error) == r.expected);
    CHECK(why.message.find("'a/b.pdf' cannot be written: ") == 0);
    CAPTURE(why.message);
    CHECK(why.message.find(r.words) != std::string::npos);
  }
}

TEST_CASE("words of: what the system says, without a change") {
  CHECK(os::words_of(ENOENT) == "No such file or directory");
  CHECK(os::words_of(ENOTDIR) == "Not a directory");
}
