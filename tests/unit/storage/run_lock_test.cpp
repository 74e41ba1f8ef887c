#include "storage/run_lock.hpp"

#include "store_fixture.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pofetch;
using namespace pofetch::test;
using storage::file_store;
namespace fs = std::filesystem;

namespace {

/// Another process that holds the lock until it is killed.
class holding_process {
 public:
  explicit holding_process(const fs::path& out) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      auto store = file_store::open(out, durability::none, true);
      if (!store || !(*store)->lock()) ::_exit(1);
      if (::write(ends[1], "x", 1) != 1) ::_exit(1);
      for (;;) ::pause();
    }
    ::close(ends[1]);
    char mark = 0;
    REQUIRE(::read(ends[0], &mark, 1) == 1);
    ::close(ends[0]);
  }
  ~holding_process() { kill(); }
  holding_process(const holding_process&) = delete;
  holding_process& operator=(const holding_process&) = delete;

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  [[nodiscard]] std::string mark() const { return "pid " + std::to_string(pid_) + " on "; }

 private:
  pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("lock: held by another process, is refused with its number until that is killed") {
  store_fixture fixture;
  holding_process other(fixture.out);
  const auto refused = fixture.store->lock();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::locked);
  CAPTURE(refused.error().message);
  CHECK(refused.error().message.find(other.mark()) != std::string::npos);
  const auto holder = must(fixture.store->holder());
  REQUIRE(holder);
  CHECK(holder->find(other.mark()) == 0);
  CHECK(holder->find(" since 20") != std::string::npos);

  other.kill();
  CHECK_FALSE(must(fixture.store->holder()));
  CHECK(fixture.store->lock());
}

TEST_CASE("lock: two stores of one process, exclude each other, too") {
  store_fixture fixture;
  must(fixture.store->lock());
  CHECK(fixture.store->lock());
  auto second = must(file_store::open(fixture.out, durability::none, true));
  CHECK(second->lock().error().code == errc::locked);
  REQUIRE(must(second->holder()));
  CHECK(must(second->holder())->find("pid " + std::to_string(::getpid())) == 0);
  // Asking opens and closes the file, which must not lose the first one's lock.
  CHECK(second->lock().error().code == errc::locked);
  fixture.store.reset();
  CHECK_FALSE(must(second->holder()));
  CHECK(second->lock());
}

TEST_CASE("holder: asked by somebody who only reads, takes and makes nothing") {
  store_fixture fixture;
  auto reader = must(file_store::open(fixture.out, durability::none, false));
  CHECK_FALSE(must(reader->holder()));
  CHECK_FALSE(fs::exists(fixture.out / ".pofetch/lock"));
  must(fixture.store->lock());
  CHECK(must(reader->holder()));
  CHECK(reader->lock().error().code == errc::permission);
}

TEST_CASE("lock: file's content, is shown without what could spoil a screen") {
  store_fixture fixture;
  must(fixture.store->lock());
  write_file(fixture.out / ".pofetch/lock", "pid 1\x1b[2J on evil\nsecond line");
  CHECK(must(fixture.store->holder()) == "pid 1?[2J on evil");
  write_file(fixture.out / ".pofetch/lock", "");
  CHECK(must(fixture.store->holder()) == "another process");
}

TEST_CASE("lock: something planted in its place, is refused without following or waiting") {
  struct row {
    const char* what;
    void (*plant)(const fs::path&);
  };
  const row rows[] = {
      {"link", [](const fs::path& p) { fs::create_symlink("../../victim", p); }},
      {"FIFO", [](const fs::path& p) { REQUIRE(::mkfifo(p.c_str(), 0600) == 0); }},
      {"folder", [](const fs::path& p) { fs::create_directory(p); }},
      {"second name of a file outside",
       [](const fs::path& p) { fs::create_hard_link(p.parent_path() / "../../victim", p); }},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    store_fixture fixture;
    write_file(fixture.dir / "victim", "precious");
    r.plant(fixture.out / ".pofetch/lock");
    const auto taken = fixture.store->lock();
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == errc::disk);
    CHECK_FALSE(fixture.store->holder());
    CHECK(read_file(fixture.dir / "victim") == "precious");
  }
}
