#include "store_fixture.hpp"

#include <functional>

using namespace pofetch;
using namespace pofetch::test;
namespace fs = std::filesystem;

TEST_CASE("rename folder: all that is in it goes along, at every depth and with every durability") {
  for (const durability how : {durability::file, durability::batch, durability::none}) {
    store_fixture fixture;
    fixture.store.reset();
    fixture.store = must(storage::file_store::open(fixture.out, how, true));
    for (const std::string above : {"", "Acme/", "Acme/2026/"}) {
      CAPTURE(above);
      must(fixture.place("abc", above + "7", "a.txt"));
      write_file(fixture.out / above / "7/mine.txt", "mine");
      CHECK_FALSE(must(fixture.store->is_taken(above + "7_COMPLETED")));
      must(fixture.store->rename_folder(above + "7", above + "7_COMPLETED"));
      must(fixture.store->sync({}));
      CHECK(read_file(fixture.out / above / "7_COMPLETED/a.txt") == "abc");
      CHECK(read_file(fixture.out / above / "7_COMPLETED/mine.txt") == "mine");
      CHECK_FALSE(must(fixture.store->is_taken(above + "7")));
      CHECK(must(fixture.store->is_taken(above + "7_COMPLETED")));
      // The next file of that folder makes the old name anew, and does not go to the handle of before.
      must(fixture.place("new", above + "7", "b.txt"));
      CHECK(read_file(fixture.out / above / "7/b.txt") == "new");
    }
  }
}

TEST_CASE("rename folder: a name that is taken, whatever by, is left alone") {
  struct row {
    const char* what;
    std::function<void(const fs::path&)> plant;
  };
  const row rows[] = {
      {"file", [](const fs::path& p) { write_file(p, "mine"); }},
      {"empty folder", [](const fs::path& p) { fs::create_directory(p); }},
      {"link", [](const fs::path& p) { fs::create_symlink("nowhere", p); }},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    store_fixture fixture;
    must(fixture.place("abc", "7", "a.txt"));
    r.plant(fixture.out / "7_COMPLETED");
    const auto kind = fs::symlink_status(fixture.out / "7_COMPLETED").type();
    CHECK(must(fixture.store->is_taken("7_COMPLETED")));
    const auto renamed = fixture.store->rename_folder("7", "7_COMPLETED");
    REQUIRE_FALSE(renamed);
    CHECK(renamed.error().code == errc::exists);
    CHECK(fs::symlink_status(fixture.out / "7_COMPLETED").type() == kind);
    CHECK(read_file(fixture.out / "7/a.txt") == "abc");
  }
}

TEST_CASE("rename folder: what is no folder, leads outside or goes elsewhere, is refused and left as it is") {
  store_fixture fixture;
  must(fixture.place("abc", "7", "a.txt"));
  fs::create_directory(fixture.dir / "elsewhere");
  fs::create_directory_symlink(fixture.dir / "elsewhere", fixture.out / "link");
  fs::create_directory_symlink(fixture.out / "7", fixture.out / "8");
  write_file(fixture.out / "9", "mine");
  struct row {
    const char* from;
    const char* to;
    errc expected;
  };
  const row rows[] = {
      {"5", "5_COMPLETED", errc::not_found},
      {"8", "8_COMPLETED", errc::not_found},
      {"9", "9_COMPLETED", errc::not_found},
      {"link/7", "link/7_COMPLETED", errc::not_found},
      {"7", "../7", errc::permission},
      {"../elsewhere", "../other", errc::permission},
      {".pofetch", "7_COMPLETED", errc::permission},
      {"7", ".pofetch", errc::permission},
      {"7", "Acme/7", errc::internal},
  };
  for (const row& r : rows) {
    CAPTURE(r.from);
    CAPTURE(r.to);
    const auto renamed = fixture.store->rename_folder(r.from, r.to);
    REQUIRE_FALSE(renamed);
    CHECK(renamed.error().code == r.expected);
  }
  CHECK(read_file(fixture.out / "7/a.txt") == "abc");
  CHECK(fs::is_symlink(fixture.out / "8"));
  CHECK(fs::exists(fixture.dir / "elsewhere"));
  // Behind a folder that is not there nothing is taken.
  CHECK_FALSE(must(fixture.store->is_taken("no/7")));
  CHECK_FALSE(fixture.store->is_taken("../elsewhere"));
}

TEST_CASE("rename folder: a store that only reads, changes nothing") {
  store_fixture fixture;
  must(fixture.place("abc", "7", "a.txt"));
  const auto reading = must(storage::file_store::open(fixture.out, durability::none, false));
  CHECK(reading->rename_folder("7", "7_COMPLETED").error().code == errc::permission);
  CHECK(must(reading->is_taken("7")));
}
