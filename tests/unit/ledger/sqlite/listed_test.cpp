#include "ledger/sqlite/listed.hpp"

#include "samples.hpp"

#include <sys/stat.h>

using namespace pofetch;
using namespace pofetch::test;

TEST_CASE("listed: a ledger is for its owner alone, and so is one of an older version from now on") {
  const auto mode_of = [](const std::filesystem::path& file) {
    struct stat facts {};
    REQUIRE(::stat(file.c_str(), &facts) == 0);
    return facts.st_mode & 07777U;
  };
  const auto before = ::umask(0);
  {
    file_fixture f;
    f.take_in(entries_of({"1"}));
    for (const char* suffix : {"", "-wal", "-shm"}) {
      CAPTURE(std::string(suffix));
      CHECK(mode_of(f.file.native() + suffix) == 0600);
    }
    f.ledger.reset();
    REQUIRE(::chmod(f.file.c_str(), 0664) == 0);
    f.reopen();
    CHECK(mode_of(f.file) == 0600);
  }
  ::umask(before);
}
