// What somebody else puts into the output folder, before a run and while it works: nothing is made, opened or
// followed outside of it, nothing waits for a FIFO, and the message names what is in the way.
#include "support/origin.hpp"
#include "support/temp_dir.hpp"
#include "support/tree.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <linux/fs.h>
#include <stdio.h>
#include <string>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <thread>
#include <vector>

using namespace pofetch;
using testing::origin;
using testing::origin_peer;
using testing::origin_request;
namespace fs = std::filesystem;

namespace {

/// POs 1 to `pos` with `each` files, PO n beneath the folder `rn`; a neighbour's folder beside the output
/// folder.
struct scene {
  explicit scene(int pos = 2, int each = 1)
      : server(
            [](const origin_request& ask, origin_peer& peer) { peer.reply(200, "body of " + ask.target); }) {
    fs::create_directories(dir / "outside/folder");
    test::write_file(dir / "outside/victim", "precious");
    std::string list = "po,region,url\n";
    for (int po = 1; po <= pos; ++po)
      for (int i = 1; i <= each; ++i)
        list += std::to_string(po) + ",r" + std::to_string(po) + "," + server.base_url() + "/" +
                std::to_string(po) + "/f" + std::to_string(i) + ".bin\n";
    test::write_file(dir / "list.csv", list);
    options.input = (dir / "list.csv").string();
    options.out = dir / "out";
    options.folder_columns = {"region"};
    options.pool.ca_file = server.ca_file().string();
    options.pool.retries = 0;
    options.pool.sync = durability::none;
    options.pool.workers = 2;
    options.pool.io_threads = 1;
  }

  batch_result run() {
    progress silent;
    batch job(options, silent);
    return job.run();
  }

  [[nodiscard]] test::tree outside() const { return test::tree_of(dir / "outside"); }

  test::temp_dir dir;
  origin server;
  batch_options options;
};

enum class kind { link_to_folder, link_to_file, dangling, fifo, folder, hard_link, device };

const char* word(kind what) {
  switch (what) {
    case kind::link_to_folder:
      return "link to a folder";
    case kind::link_to_file:
      return "link to a file";
    case kind::dangling:
      return "dangling link";
    case kind::fifo:
      return "FIFO";
    case kind::folder:
      return "folder";
    case kind::hard_link:
      return "hard link";
    case kind::device:
      break;
  }
  return "device";
}

/// False if this machine does not let us.
bool plant(kind what, const scene& at, const fs::path& place) {
  fs::create_directories(place.parent_path());
  fs::remove_all(place);
  switch (what) {
    case kind::link_to_folder:
      fs::create_directory_symlink(at.dir / "outside/folder", place);
      return true;
    case kind::link_to_file:
      fs::create_symlink(at.dir / "outside/victim", place);
      return true;
    case kind::dangling:
      fs::create_symlink(at.dir / "outside/nothing", place);
      return true;
    case kind::fifo:
      return ::mkfifo(place.c_str(), 0666) == 0;
    case kind::folder:
      fs::create_directory(place);
      return true;
    case kind::hard_link:
      fs::create_hard_link(at.dir / "outside/victim", place);
      return true;
    case kind::device:
      return ::mknod(place.c_str(), S_IFCHR | 0666, makedev(1, 7)) == 0;  // /dev/full
  }
  return false;
}

const std::vector<kind> all_kinds = {kind::link_to_folder, kind::link_to_file, kind::dangling, kind::fifo,
                                     kind::folder,         kind::hard_link,    kind::device};

struct place {
  std::string path;
  bool folder_is_fine = false;  ///< a folder is what belongs there
  bool after_a_run = false;     ///< planted into a finished batch
  std::string named{};          ///< what the message names
};

}  // namespace

TEST_CASE("planted: in the place of pofetch's own things, refused by name, and nothing outside is touched") {
  const std::vector<place> places = {
      {"", true, false, "out"},
      {".pofetch", true, false, ".pofetch"},
      {".pofetch/partial", true, false, "partial"},
      {".pofetch/lock", false, false, "lock"},
      {".pofetch/ledger.db", false, false, "ledger.db"},
      {".pofetch/ledger.db", false, true, "ledger.db"},
      {".pofetch/ledger.db-wal", false, true, "ledger.db-wal"},
      {".pofetch/ledger.db-shm", false, true, "ledger.db-shm"},
      {".pofetch/ledger.db-journal", false, true, "ledger.db-journal"},
      {".pofetch/lock", false, true, "lock"},
  };
  for (const place& where : places)
    for (const kind what : all_kinds) {
      if (where.folder_is_fine && what == kind::folder) continue;
      // The way to the output folder is the user's own: a link there is followed.
      if (where.path.empty() && what == kind::link_to_folder) continue;
      // These differ from the log's case by their name alone: the kinds that differ in what they do are
      // enough.
      const bool telling = what == kind::link_to_file || what == kind::fifo || what == kind::hard_link;
      if (!telling && (where.path.ends_with("-shm") || where.path.ends_with("-journal"))) continue;
      scene at;
      if (where.after_a_run) REQUIRE(at.run().state == exit_state::ok);
      if (!plant(what, at, where.path.empty() ? at.options.out : at.options.out / where.path)) continue;
      CAPTURE(where.path);
      CAPTURE(word(what));
      CAPTURE(where.after_a_run);
      const test::tree before = at.outside();
      const batch_result done = at.run();
      CHECK(at.outside() == before);
      CHECK(done.state == exit_state::machine);
      REQUIRE(done.error);
      CHECK_MESSAGE(done.error->message.find(where.named) != std::string::npos, done.error->message);
      // Reading only does not follow it either.
      static_cast<void>(read_status(at.options.out));
      static_cast<void>(verify_batch(at.options.out, [](const damage&) {}));
      CHECK(at.outside() == before);
    }
}

TEST_CASE("planted: as left-overs of a killed run's new ledger, removed, and what they point to stays") {
  for (const char* name : {"ledger.db.new", "ledger.db.new-journal", "ledger.db-wal", "ledger.db-shm"})
    for (const kind what : {kind::link_to_file, kind::dangling, kind::fifo, kind::hard_link}) {
      scene at;
      CAPTURE(name);
      CAPTURE(word(what));
      REQUIRE(plant(what, at, at.options.out / ".pofetch" / name));
      const test::tree before = at.outside();
      CHECK(at.run().state == exit_state::ok);
      CHECK(at.outside() == before);
    }
}

TEST_CASE("planted: in the place of report.csv, a link is replaced and anything else refused by name") {
  for (const kind what : all_kinds) {
    scene at;
    if (!plant(what, at, at.options.out / "report.csv")) continue;
    CAPTURE(word(what));
    const test::tree before = at.outside();
    const batch_result done = at.run();
    CHECK(at.outside() == before);
    const bool replaced = what != kind::fifo && what != kind::folder && what != kind::device;
    CHECK(done.state == (replaced ? exit_state::ok : exit_state::machine));
    if (replaced) {
      CHECK(fs::symlink_status(at.options.out / "report.csv").type() == fs::file_type::regular);
    } else {
      REQUIRE(done.error);
      CHECK(done.error->message.find("report.csv") != std::string::npos);
      CHECK(done.totals.by_status[static_cast<std::size_t>(po_status::completed)] == 2);
    }
  }
}

TEST_CASE("planted: in the place of a PO's folder or a level above, costs that PO and no other") {
  for (const char* level : {"r1", "r1/1"})
    for (const kind what : all_kinds) {
      if (what == kind::folder) continue;
      scene at;
      if (!plant(what, at, at.options.out / level)) continue;
      CAPTURE(level);
      CAPTURE(word(what));
      const test::tree before = at.outside();
      const batch_result done = at.run();
      CHECK(at.outside() == before);
      CHECK(done.state == exit_state::incomplete);
      CHECK(done.totals.by_status[static_cast<std::size_t>(po_status::failed)] == 1);
      CHECK(test::read_file(at.options.out / "r2/2/f1.bin") == "body of /2/f1.bin");
      const std::string report = test::read_file(at.options.out / "report.csv");
      CHECK_MESSAGE(report.find("links are not followed") != std::string::npos, report);
      // Taken away, the next run completes it.
      fs::remove(at.options.out / level);
      CHECK(at.run().state == exit_state::ok);
      CHECK(test::read_file(at.options.out / "r1/1/f1.bin") == "body of /1/f1.bin");
    }
}

TEST_CASE("planted: under the final name, before a run and in the place of a finished file, left alone") {
  for (const bool finished : {false, true})
    for (const kind what : all_kinds) {
      // A hard link in the place of a finished file is a file of that name with other content: replaced, and
      // what it is a second name of stays.
      scene at;
      const fs::path file = at.options.out / "r1/1/f1.bin";
      if (finished) REQUIRE(at.run().state == exit_state::ok);
      if (!plant(what, at, file)) continue;
      CAPTURE(word(what));
      CAPTURE(finished);
      const test::tree before = at.outside();
      const fs::file_type planted = fs::symlink_status(file).type();
      CHECK(at.run().state == exit_state::ok);
      CHECK(at.run().state == exit_state::ok);
      CHECK(at.outside() == before);
      if (finished && what == kind::hard_link) {
        CHECK(test::read_file(file) == "body of /1/f1.bin");
      } else {
        CHECK(fs::symlink_status(file).type() == planted);
        CHECK(test::read_file(at.options.out / "r1/1/f1 (2).bin") == "body of /1/f1.bin");
      }
      CHECK(verify_batch(at.options.out, [](const damage&) {})->wrong == 0);
    }
}

TEST_CASE("planted: while the run works, a folder and a link change places all the time") {
  for (const std::string level : {"r1", "r1/1"}) {
    CAPTURE(level);
    scene at(3, 12);
    at.options.pool.sync = durability::file;
    const fs::path folder = at.options.out / level;
    const fs::path decoy = at.options.out / "decoy";
    fs::create_directories(folder);
    fs::create_directory_symlink(at.dir / "outside/folder", decoy);
    const test::tree before = at.outside();
    std::atomic<bool> stop{false};
    std::size_t swaps = 0;
    std::thread neighbour([&] {
      while (!stop) {
        if (::renameat2(AT_FDCWD, folder.c_str(), AT_FDCWD, decoy.c_str(), RENAME_EXCHANGE) == 0) ++swaps;
        std::this_thread::yield();
      }
    });
    batch_result done;
    for (int runs = 0; runs < 2; ++runs) {
      done = at.run();
      CHECK_MESSAGE((done.state == exit_state::ok || done.state == exit_state::incomplete),
                    (done.error ? done.error->message : ""));
    }
    stop = true;
    neighbour.join();
    CHECK(swaps > 0);
    CHECK(at.outside() == before);
    if (fs::is_symlink(folder))
      REQUIRE(::renameat2(AT_FDCWD, folder.c_str(), AT_FDCWD, decoy.c_str(), RENAME_EXCHANGE) == 0);
    CHECK(at.run().state == exit_state::ok);
    CHECK(verify_batch(at.options.out, [](const damage&) {})->wrong == 0);
    CHECK(at.outside() == before);
  }
}
