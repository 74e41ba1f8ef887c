#include "storage/bodies/partial_area.hpp"

#include "store_fixture.hpp"

#include <set>
#include <sys/stat.h>
#include <thread>

using namespace pofetch;
using namespace pofetch::test;
namespace fs = std::filesystem;

TEST_CASE("part name: only the form that is given to bodies") {
  CHECK(storage::is_part_name("0123456789abcdef-0.part"));
  CHECK(storage::is_part_name("ffffffffffffffff-123456.part"));
  for (const char* name :
       {"", ".part", "x.part", "0123456789abcdef-.part", "0123456789abcdef.part", "0123456789abcdef-1.pdf",
        "0123456789abcdeg-1.part", "0123456789ABCDEF-1.part", "0123456789abcdef-1x.part",
        "0123456789abcdef-1.part~", "0123456789abcdef_1.part", "0123456789abcdef-1.partx"}) {
    CAPTURE(name);
    CHECK_FALSE(storage::is_part_name(name));
  }
}

TEST_CASE("part names: from several threads, are all different and of the form") {
  store_fixture fixture;
  std::vector<std::vector<std::unique_ptr<partial_file>>> bodies(4);
  std::vector<std::thread> threads;
  for (auto& mine : bodies) {
    threads.emplace_back([&fixture, &mine] {
      for (int i = 0; i < 50; ++i) {
        auto made = fixture.store->create();
        if (made) mine.push_back(std::move(*made));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(fixture.partials() == 200);
  for (const auto& item : fs::directory_iterator(fixture.out / ".pofetch/partial")) {
    CHECK(storage::is_part_name(item.path().filename().native()));
  }
  bodies.clear();
  CHECK(fixture.partials() == 0);
}

TEST_CASE("sweep: bodies of killed runs go, everything else stays") {
  store_fixture fixture;
  const fs::path partial = fixture.out / ".pofetch/partial";
  const fs::path outside = fixture.dir / "outside";
  write_file(outside, "precious");
  write_file(partial / "0123456789abcdef-0.part", "x");
  write_file(partial / "0123456789abcdef-17.part", "");
  write_file(partial / "notes.txt", "mine");
  write_file(partial / "thesis.part", "mine");
  fs::create_symlink(outside, partial / "0123456789abcdef-1.part");
  fs::create_directory(partial / "0123456789abcdef-2.part");
  REQUIRE(::mkfifo((partial / "0123456789abcdef-3.part").c_str(), 0600) == 0);
  auto own = fixture.body("under way");

  CHECK(must(fixture.store->sweep()) == 2);
  CHECK(must(fixture.store->sweep()) == 0);
  CHECK(read_file(outside) == "precious");
  CHECK(read_file(partial / "notes.txt") == "mine");
  CHECK(read_file(partial / "thesis.part") == "mine");
  CHECK(fs::is_symlink(partial / "0123456789abcdef-1.part"));
  CHECK(fs::is_directory(partial / "0123456789abcdef-2.part"));
  CHECK(fs::exists(partial / "0123456789abcdef-3.part"));
  CHECK(must(fixture.store->place(*own, "1", "a.txt", placement::fresh)).size == 9);
}

TEST_CASE("partial area: a link or file in its place, is refused") {
  temp_dir dir;
  fs::create_directories(dir / "linked/.pofetch");
  fs::create_directory(dir / "elsewhere");
  fs::create_directory_symlink(dir / "elsewhere", dir / "linked/.pofetch/partial");
  fs::create_directories(dir / "filed/.pofetch");
  write_file(dir / "filed/.pofetch/partial", "x");
  for (const char* name : {"linked", "filed"}) {
    const auto store = storage::file_store::open(dir / name, durability::none, true);
    REQUIRE_FALSE(store);
    CHECK(store.error().code == errc::disk);
  }
}
