#include "storage/folder_probe.hpp"

#include "support/results.hpp"
#include "support/sealed_folder.hpp"
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
}

TEST_CASE("folder probe: a folder in which nothing can be made is a failure of permission") {
  const test::sealed_folder sealed;
  if (!sealed.is_sealed()) {
    MESSAGE("SKIPPED: no folder can be made read-only for root here");
    return;
  }
  const auto refused = storage::probe_folder(sealed / "out");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::permission);
}
