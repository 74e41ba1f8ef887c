#include "storage/folder_probe.hpp"

#include "support/results.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace pofetch;
namespace fs = std::filesystem;

TEST_CASE("folder probe: a folder, and one that is still to be made, are told and left as they were") {
  const test::temp_dir dir;
  test::write_file(dir / "theirs.txt", "x");
  for (const fs::path& out : {dir.path(), dir / "new" / "out"}) {
    const auto facts = test::must(storage::probe_folder(out));
    CHECK(facts.where == dir.path());
    CHECK(facts.free_bytes > 0);
    CHECK(facts.long_names);
    CHECK(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()) == 1);
  }
}

TEST_CASE("folder probe: what is no folder, and one that may not be written to") {
  const test::temp_dir dir;
  test::write_file(dir / "file", "x");
  fs::create_symlink("nowhere", dir / "link");
  for (const fs::path& out : {dir / "file" / "out", dir / "link"}) {
    const auto no_folder = storage::probe_folder(out);
    REQUIRE_FALSE(no_folder.has_value());
    CHECK(no_folder.error().code == errc::config);
  }
  const auto sealed = storage::probe_folder("/sys/out");
  REQUIRE_FALSE(sealed.has_value());
  CHECK(sealed.error().code == errc::permission);
}
