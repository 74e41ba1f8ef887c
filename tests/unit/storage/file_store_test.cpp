#include "storage/file_store.hpp"

#include "store_fixture.hpp"

#include <algorithm>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::test;
using storage::file_store;
namespace fs = std::filesystem;

TEST_CASE("place: body, stands under its final name with the facts that are told") {
  for (const durability how : {durability::file, durability::batch, durability::none}) {
    temp_dir dir;
    auto store = must(file_store::open(dir.path(), how, true));
    auto body = must(store->create());
    must(body->append(bytes_of("abc")));
    std::vector<partial_file*> bodies = {body.get()};
    must(store->sync(bodies));
    CHECK_FALSE(fs::exists(dir / "Acme"));
    const auto facts = must(store->place(*body, "Acme/123", "a.txt", placement::fresh));
    must(store->sync({}));
    CHECK(read_file(dir / "Acme/123/a.txt") == "abc");
    CHECK(facts.size == 3);
    struct stat on_disk {};
    REQUIRE(::stat((dir / "Acme/123/a.txt").c_str(), &on_disk) == 0);
    CHECK(facts.mtime_ns == on_disk.st_mtim.tv_sec * 1'000'000'000 + on_disk.st_mtim.tv_nsec);
    const auto later = must(store->stat("Acme/123", "a.txt"));
    CHECK(later.size == facts.size);
    CHECK(later.mtime_ns == facts.mtime_ns);
  }
}

TEST_CASE("place: name is taken, whatever by, is left alone; another name still works") {
  struct row {
    const char* what;
    std::function<void(const fs::path&)> plant;
    bool replaceable;
  };
  const row rows[] = {
      {"file", [](const fs::path& p) { write_file(p, "mine"); }, true},
      {"folder", [](const fs::path& p) { fs::create_directory(p); }, false},
      {"link", [](const fs::path& p) { fs::create_symlink("../../victim", p); }, false},
      {"FIFO", [](const fs::path& p) { REQUIRE(::mkfifo(p.c_str(), 0600) == 0); }, false},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    store_fixture fixture;
    write_file(fixture.dir / "victim", "precious");
    fs::create_directory(fixture.out / "1");
    const fs::path name = fixture.out / "1/a.txt";
    r.plant(name);
    const auto kind = fs::symlink_status(name).type();

    const auto fresh = fixture.place("new", "1", "a.txt");
    REQUIRE_FALSE(fresh);
    CHECK(fresh.error().code == errc::exists);
    CHECK(fs::symlink_status(name).type() == kind);
    if (r.replaceable) CHECK(read_file(name) == "mine");

    const auto replaced = fixture.place("new", "1", "a.txt", placement::replace);
    CHECK(replaced.has_value() == r.replaceable);
    if (r.replaceable) CHECK(read_file(name) == "new");
    if (!r.replaceable) CHECK(replaced.error().code == errc::exists);
    if (!r.replaceable) CHECK(fs::symlink_status(name).type() == kind);
    CHECK(read_file(fixture.dir / "victim") == "precious");

    auto body = fixture.body("other");
    CHECK_FALSE(fixture.store->place(*body, "1", "a.txt", placement::fresh));
    CHECK(fixture.store->place(*body, "1", "a (2).txt", placement::fresh));
    CHECK(read_file(fixture.out / "1/a (2).txt") == "other");
  }
}

TEST_CASE("place: folders and names that lead outside, are refused and make nothing") {
  store_fixture fixture;
  const std::pair<std::string, std::string> cases[] = {
      {"../x", "a"},
      {"/tmp", "pofetch-a"},
      {"a/../../x", "a"},
      {"..", "a"},
      {"", "a"},
      {".pofetch", "a"},
      {".pofetch/partial", "a"},
      {"1", "../a"},
      {"1", "/tmp/pofetch-a"},
      {"1", ""},
      {"1", "."},
      {"1", ".."},
      {"1", "b/a"},
      {"1", std::string("a\0b", 3)},
      {"1", std::string(256, 'x')},
  };
  for (const auto& row : cases) {
    const auto& folder = row.first;
    const auto& name = row.second;
    CAPTURE(folder);
    CAPTURE(name);
    const auto placed = fixture.place("x", folder, name);
    REQUIRE_FALSE(placed);
    CHECK(placed.error().code == errc::permission);
    CHECK_FALSE(fixture.store->stat(folder, name));
    CHECK_FALSE(fixture.store->sha256(folder, name, {}));
  }
  CHECK_FALSE(fs::exists(fixture.out / "1"));
  CHECK_FALSE(fs::exists(fixture.dir / "x"));
  CHECK(fixture.partials() == 0);
}

TEST_CASE("place: a folder that is a link, is not gone through; the body may go elsewhere") {
  store_fixture fixture;
  fs::create_directory(fixture.dir / "elsewhere");
  fs::create_directory_symlink(fixture.dir / "elsewhere", fixture.out / "1");
  auto body = fixture.body("x");
  const auto placed = fixture.store->place(*body, "1", "a", placement::fresh);
  REQUIRE_FALSE(placed);
  CHECK(placed.error().code == errc::disk);
  CHECK(fs::is_empty(fixture.dir / "elsewhere"));
  CHECK_FALSE(fixture.store->list("1"));
  CHECK(fixture.store->place(*body, "2", "a", placement::fresh));
}

TEST_CASE("place: names of 255 bytes on every level, work") {
  store_fixture fixture;
  const std::string level(255, 'f');
  std::string name;
  while (name.size() + 3 <= 251) name += "漢";
  name += std::string(251 - name.size(), 'x') + ".pdf";
  REQUIRE(name.size() == 255);
  CHECK(fixture.place("x", level + "/" + level, name));
  CHECK(must(fixture.store->stat(level + "/" + level, name)).size == 1);
  CHECK(must(fixture.store->list(level + "/" + level)) == std::vector<std::string>{name});
  // A path as a whole may be longer than the system takes; that is a failure of this file alone.
  std::string deep = level;
  for (int i = 0; i < 20; ++i) deep += "/" + level;
  const auto too_deep = fixture.place("x", deep, "a");
  REQUIRE_FALSE(too_deep);
  CHECK(too_deep.error().code == errc::disk);
}

TEST_CASE("place: twice, or a body of another store, is refused") {
  store_fixture fixture;
  auto body = fixture.body("x");
  must(fixture.store->place(*body, "1", "a", placement::fresh));
  CHECK(fixture.store->place(*body, "1", "b", placement::fresh).error().code == errc::internal);

  struct foreign final : partial_file {
    result<void> append(std::span<const std::byte>) override { return {}; }
    result<void> rewind() override { return {}; }
    result<void> remember(std::string_view, const body_note&) override { return {}; }
    result<void> forget() override { return {}; }
    result<void> recover(std::uint64_t) override { return {}; }
    result<void> require(digest_algorithm) override { return {}; }
    std::string digest(digest_algorithm) const override { return {}; }
    result<std::string> head(std::size_t) const override { return std::string(); }
    std::uint64_t size() const noexcept override { return 0; }
  } other;
  CHECK(fixture.store->place(other, "1", "b", placement::fresh).error().code == errc::internal);
  std::vector<partial_file*> bodies = {&other};
  CHECK(fixture.store->sync(bodies).error().code == errc::internal);
}

TEST_CASE("place: the folder is deleted between two files, is made again") {
  store_fixture fixture;
  must(fixture.place("x", "1", "a"));
  fs::remove_all(fixture.out / "1");
  must(fixture.place("y", "1", "b"));
  fs::remove_all(fixture.out / "1");
  CHECK(fixture.store->sync({}));
}

TEST_CASE("sync: once one has failed, all that follow fail, because the system tells of a loss only once") {
  store_fixture fixture;
  must(fixture.place("x", "1", "a"));
  const int root = fixture.store->handle();
  const int kept = ::dup(root);
  REQUIRE(kept >= 0);
  ::close(root);  // every sync fails now
  const auto failed = fixture.store->sync({});
  REQUIRE(::dup2(kept, root) == root);
  ::close(kept);
  REQUIRE_FALSE(failed);
  const auto later = fixture.store->sync({});
  REQUIRE_FALSE(later);
  CHECK(later.error().message == failed.error().message);
}

TEST_CASE("sync folders: few and many, of every durability, succeed and may be repeated") {
  for (const durability how : {durability::file, durability::batch, durability::none}) {
    for (const int count : {1, 30}) {
      temp_dir dir;
      auto store = must(file_store::open(dir.path(), how, true));
      std::vector<std::unique_ptr<partial_file>> bodies;
      std::vector<partial_file*> handles;
      for (int i = 0; i < count; ++i) {
        bodies.push_back(must(store->create()));
        must(bodies.back()->append(bytes_of("x")));
        handles.push_back(bodies.back().get());
      }
      must(store->sync(handles));
      for (int i = 0; i < count; ++i) {
        must(store->place(*handles[static_cast<std::size_t>(i)], "f" + std::to_string(i), "a",
                          placement::fresh));
      }
      CHECK(store->sync({}));
      CHECK(store->sync({}));
    }
  }
}

TEST_CASE("list: all names, of whatever kind; a folder that is not there has none") {
  store_fixture fixture;
  CHECK(must(fixture.store->list("none")).empty());
  CHECK(must(fixture.store->list("none/below")).empty());
  must(fixture.place("x", "1", "a.txt"));
  write_file(fixture.out / "1/mine", "");
  fs::create_directory(fixture.out / "1/sub");
  fs::create_symlink("nowhere", fixture.out / "1/link");
  auto names = must(fixture.store->list("1"));
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"a.txt", "link", "mine", "sub"});
  CHECK_FALSE(fixture.store->list("../"));
}

TEST_CASE("stat and sha256: a placed file, is told as it is on disk") {
  store_fixture fixture;
  must(fixture.place("abc", "1", "a"));
  CHECK(must(fixture.store->sha256("1", "a", {})) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string large(1'000'000, 'x');
  must(fixture.place(large, "1", "large"));
  auto body = fixture.body(large);
  must(body->require(digest_algorithm::sha256));
  const std::string raw = body->digest(digest_algorithm::sha256);
  const std::string told = must(fixture.store->sha256("1", "large", {}));
  CHECK(told.size() == 64);
  CHECK(std::stoul(told.substr(0, 2), nullptr, 16) == static_cast<unsigned char>(raw[0]));
  write_file(fixture.out / "1/a", "changed");
  CHECK(must(fixture.store->stat("1", "a")).size == 7);
}

TEST_CASE("sha256: asked to stop within a file, it is cancelled after the piece at hand") {
  store_fixture fixture;
  must(fixture.place(std::string(3'000'000, 'x'), "1", "large"));
  for (const int at : {1, 3}) {
    int asked = 0;
    const auto told = fixture.store->sha256("1", "large", [&] { return ++asked == at; });
    REQUIRE_FALSE(told);
    CHECK(told.error().code == errc::cancelled);
    CHECK(asked == at);
  }
  CHECK(fixture.store->sha256("1", "large", [] { return false; }));
}

TEST_CASE("stat and sha256: what is no plain file, is not_found and never opened for real") {
  store_fixture fixture;
  write_file(fixture.dir / "victim", "precious");
  fs::create_directories(fixture.out / "1/folder");
  fs::create_symlink("../../victim", fixture.out / "1/link");
  REQUIRE(::mkfifo((fixture.out / "1/fifo").c_str(), 0600) == 0);
  fs::create_directory_symlink(fixture.dir.path(), fixture.out / "out");
  const std::pair<const char*, const char*> cases[] = {
      {"1", "none"}, {"2", "a"},        {"1", "folder"}, {"1", "link"},
      {"1", "fifo"}, {"out", "victim"}, {"1/fifo", "a"},
  };
  for (const auto& row : cases) {
    const auto& folder = row.first;
    const auto& name = row.second;
    CAPTURE(folder);
    CAPTURE(name);
    CHECK(fixture.store->stat(folder, name).error().code == errc::not_found);
    CHECK(fixture.store->sha256(folder, name, {}).error().code == errc::not_found);
  }
}

TEST_CASE("only reading: finds files, changes nothing and makes nothing") {
  temp_dir dir;
  CHECK(file_store::open(dir / "none", durability::none, false).error().code == errc::input);
  CHECK(file_store::open(dir.path(), durability::none, false).error().code == errc::input);
  CHECK(fs::is_empty(dir.path()));

  fs::create_directories(dir / ".pofetch");
  fs::create_directory(dir / "1");
  write_file(dir / "1/a", "abc");
  auto store = must(file_store::open(dir.path(), durability::batch, false));
  CHECK(must(store->stat("1", "a")).size == 3);
  CHECK(must(store->list("1")).size() == 1);
  CHECK(store->create().error().code == errc::permission);
  CHECK(store->sweep().error().code == errc::permission);
  CHECK(store->lock().error().code == errc::permission);
  CHECK(store->drop_left().error().code == errc::permission);
  CHECK_FALSE(store->take_left("1\nkey"));
  const file_facts facts = must(store->stat("1", "a"));
  CHECK(store->link_copy({"1", "a", facts}, {"1", "a", facts}).error().code == errc::permission);
  const store_fixture other;
  const auto body = must(other.store->create());
  CHECK(store->place(*body, "1", "b", placement::fresh).error().code == errc::permission);
  CHECK(store->sync({}));
  CHECK_FALSE(must(store->holder()));
  CHECK(fs::is_empty(dir / ".pofetch"));
}

TEST_CASE("ledger path: lies in the private folder, absolute") {
  store_fixture fixture;
  CHECK(fixture.store->ledger_path() == fixture.out / ".pofetch/ledger.db");
  CHECK(fixture.store->ledger_path().is_absolute());
}

namespace {

ino_t inode_of(const fs::path& file) {
  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  return facts.st_ino;
}

}  // namespace

TEST_CASE("link_copy: one file under two names, nothing left over; only if both are as recorded") {
  store_fixture fixture;
  const placed_file first{"1", "a.pdf", must(fixture.place("same", "1", "a.pdf"))};
  const placed_file copy{"2", "b.pdf", must(fixture.place("same", "2", "b.pdf"))};
  const fs::path one = fixture.out / "1/a.pdf";
  const fs::path two = fixture.out / "2/b.pdf";

  placed_file stale = copy;
  stale.facts.mtime_ns += 1;
  CHECK_FALSE(must(fixture.store->link_copy(first, stale)));
  stale = first;
  stale.facts.size += 1;
  CHECK_FALSE(must(fixture.store->link_copy(stale, copy)));
  CHECK_FALSE(must(fixture.store->link_copy({"9", "a.pdf", first.facts}, copy)));
  CHECK_FALSE(must(fixture.store->link_copy({"1", "none.pdf", first.facts}, copy)));
  CHECK_FALSE(must(fixture.store->link_copy(first, {"2", "none.pdf", copy.facts})));
  CHECK(inode_of(one) != inode_of(two));

  CHECK(must(fixture.store->link_copy(first, copy)));
  CHECK(inode_of(one) == inode_of(two));
  CHECK(must(fixture.store->stat("2", "b.pdf")).mtime_ns == first.facts.mtime_ns);
  CHECK(fixture.partials() == 0);
  must(fixture.store->sync({}));
  // Once more: it is that file already.
  CHECK_FALSE(must(fixture.store->link_copy(first, {"2", "b.pdf", first.facts})));
}

TEST_CASE("link_copy: links and names that lead outside are not followed") {
  store_fixture fixture;
  const placed_file first{"1", "a.pdf", must(fixture.place("same", "1", "a.pdf"))};
  const placed_file copy{"2", "b.pdf", must(fixture.place("same", "2", "b.pdf"))};
  write_file(fixture.dir / "victim", "same");
  fs::remove(fixture.out / "2/b.pdf");
  fs::create_symlink(fixture.dir / "victim", fixture.out / "2/b.pdf");
  CHECK_FALSE(must(fixture.store->link_copy(first, copy)));
  CHECK(fs::is_symlink(fixture.out / "2/b.pdf"));
  CHECK_FALSE(fixture.store->link_copy(first, {"2", "../victim", copy.facts}).has_value());
  CHECK_FALSE(fixture.store->link_copy({"../x", "a.pdf", first.facts}, copy).has_value());
}
