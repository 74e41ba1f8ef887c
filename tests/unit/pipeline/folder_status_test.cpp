#include "pipeline/folder_status.hpp"

#include "pipeline/verifier.hpp"
#include "pipeline_fixture.hpp"

#include <iterator>

using namespace pofetch;
using namespace pofetch::pipeline;
using test::answer_of;
using test::fake_list;
using test::ok;
using test::pipeline_fixture;

namespace {

/// PO 1 with two files, PO 2 with one.
struct two_orders : pipeline_fixture {
  two_orders() {
    config.folder_status = true;
    config.retries = 0;
    source.has("1", {"a.txt", "b.txt"});
    source.has("2", {"c.txt"});
    serve_everything();
  }

  void go() { REQUIRE(ok(run(fake_list({"1", "2"})))); }

  /// A run with the option whose process dies before that call of the store, or after it.
  void dies_at(const std::string& wanted, bool after) {
    struct killed {};
    bool passed = false;
    files.fault = [&](const std::string& call) -> std::optional<failure> {
      if (passed || (call == wanted && !after)) throw killed();
      passed = call == wanted;
      return std::nullopt;
    };
    config.folder_status = true;
    CHECK_THROWS_AS((void)run(fake_list({"1", "2"})), killed);
    files.fault = {};
  }

  std::vector<std::string> paths() const {
    std::vector<std::string> all;
    for (const auto& each : files.files) all.push_back(each.first);
    return all;
  }

  std::size_t wrong() {
    const auto looked = pipeline::verify(records, files, [](const damage&) {});
    REQUIRE(ok(looked));
    return looked->wrong;
  }
};

using lines = std::vector<std::string>;
const lines named{"1_COMPLETED/a.txt", "1_COMPLETED/b.txt", "2_COMPLETED/c.txt"};
const lines plain{"1/a.txt", "1/b.txt", "2/c.txt"};

failure broken() { return make_failure(errc::disk, "the disk is broken"); }

}  // namespace

TEST_CASE("folder status: every run names the folders as it was asked to, and fetches nothing again") {
  two_orders f;
  f.go();
  CHECK(f.paths() == named);
  CHECK(f.records.find("1")->po.folder == "1_COMPLETED");
  CHECK(f.wrong() == 0);
  const std::size_t fetched = f.http.seen().size();
  f.go();
  CHECK(f.paths() == named);
  f.config.folder_status = false;
  f.go();
  CHECK(f.paths() == plain);
  CHECK(f.wrong() == 0);
  f.config.folder_status = true;
  f.go();
  CHECK(f.paths() == named);
  CHECK(f.http.seen().size() == fetched);
}

TEST_CASE(
    "folder status: what was missing comes into the folder as it is named, which then gets its new name") {
  two_orders f;
  f.http.on("https://files/1/1", answer_of(503)).on("https://files/1/1", answer_of(200, "late"));
  f.go();
  CHECK(f.paths() == lines{"1_PARTIAL/a.txt", "2_COMPLETED/c.txt"});
  f.go();
  CHECK(f.paths() == named);
  CHECK(f.content("1_COMPLETED/b.txt") == "late");
  CHECK(f.http.count("https://files/1/0") == 1);
}

TEST_CASE("folder status: a file that vanished is fetched again into the folder as it is named") {
  two_orders f;
  f.go();
  f.files.files.erase("1_COMPLETED/b.txt");
  f.go();
  CHECK(f.paths() == named);
  CHECK(f.http.count("https://files/1/1") == 2);
  CHECK(f.http.count("https://files/1/0") == 1);
}

TEST_CASE("folder status: killed at every step, the next run finds all files and ends with the right names") {
  struct row {
    std::string what;
    std::string at;  ///< the call at which the process dies
    bool done;       ///< after the call, not before it
  };
  const row rows[] = {
      {"before the first rename", "rename 1 to 1_COMPLETED", false},
      {"after the first rename", "rename 1 to 1_COMPLETED", true},
      {"before the second rename", "rename 2 to 2_COMPLETED", false},
      {"after the second rename", "rename 2 to 2_COMPLETED", true},
  };
  enum class then { only_read, run_with_option, run_without };
  for (std::size_t i = 0; i < std::size(rows) * 3; ++i) {
    const row& r = rows[i / 3];
    const then next = static_cast<then>(i % 3);
    CAPTURE(r.what);
    CAPTURE(i);
    two_orders f;
    f.config.folder_status = false;
    f.go();
    const std::size_t fetched = f.http.seen().size();
    f.dies_at(r.at, r.done);
    f.config.folder_status = next == then::run_with_option;
    if (next == then::only_read)
      REQUIRE(ok(pipeline::settle_moves(f.records, f.files)));
    else
      f.go();
    if (next == then::run_with_option) CHECK(f.paths() == named);
    if (next == then::run_without) CHECK(f.paths() == plain);
    CHECK(f.wrong() == 0);
    CHECK(f.http.seen().size() == fetched);
  }
}

TEST_CASE(
    "folder status: killed after a rename, a folder made anew under the old name does not hide the files") {
  two_orders f;
  f.config.folder_status = false;
  f.go();
  const std::size_t fetched = f.http.seen().size();
  f.dies_at("rename 1 to 1_COMPLETED", true);
  f.files.files["1/a.txt"] = {"the user's", 77, true};
  f.config.folder_status = true;
  f.go();
  CHECK(f.content("1/a.txt") == "the user's");
  CHECK(f.records.find("1")->po.folder == "1_COMPLETED");
  CHECK(f.http.seen().size() == fetched);
}

TEST_CASE("folder status: a name that is taken gets a number, and what has it is left alone") {
  two_orders f;
  f.files.files["1_COMPLETED/mine.txt"] = {"mine", 5, true};
  f.go();
  CHECK(f.content("1_COMPLETED/mine.txt") == "mine");
  CHECK(f.content("1_COMPLETED (2)/a.txt") != "(missing)");
  f.go();
  CHECK(f.records.find("1")->po.folder == "1_COMPLETED (2)");
  CHECK(f.wrong() == 0);
}

TEST_CASE(
    "folder status: what hinders it costs the name alone, is told, and is tried again by the next run") {
  two_orders f;
  SUBCASE("one folder cannot be renamed") {
    f.files.fault = [](const std::string& call) -> std::optional<failure> {
      return call == "rename 1 to 1_COMPLETED" ? std::optional(broken()) : std::nullopt;
    };
    f.go();
    CHECK(f.paths() == lines{"1/a.txt", "1/b.txt", "2_COMPLETED/c.txt"});
    CHECK(f.events.notices.at(0).find("1 keep the name that they had") != std::string::npos);
  }
  SUBCASE("what was renamed cannot be brought to stable storage") {
    bool renamed = false;
    f.files.fault = [&renamed](const std::string& call) -> std::optional<failure> {
      renamed = renamed || call.starts_with("rename");
      return renamed && call == "sync 0" ? std::optional(broken()) : std::nullopt;
    };
    f.go();
    CHECK(f.paths() == named);
    // Not recorded, since it may not last.
    CHECK(f.records.find("1")->po.folder == "1");
  }
  CHECK(f.events.notices.at(0).find("the disk is broken") != std::string::npos);
  f.files.fault = {};
  const std::size_t fetched = f.http.seen().size();
  f.go();
  CHECK(f.paths() == named);
  CHECK(f.records.find("1")->po.folder == "1_COMPLETED");
  CHECK(f.http.seen().size() == fetched);
}

TEST_CASE("folder status: a run that was stopped, and a plan, rename nothing") {
  two_orders f;
  f.config.folder_status = false;
  f.go();
  f.config.folder_status = true;
  f.meanwhile = [](processing_controller& c) { c.request_stop(stop_reason::interrupted); };
  f.go();
  CHECK(f.paths() == plain);
  CHECK(f.records.find("1")->po.folder == "1");
}

TEST_CASE(
    "folder status: a folder that was deleted is not made, and what comes later goes where the ledger says") {
  two_orders f;
  f.go();
  f.files.files.erase("2_COMPLETED/c.txt");
  f.http.on("https://files/2/0", answer_of(404)).on("https://files/2/0", answer_of(200, "back"));
  f.go();
  CHECK(f.paths() == lines{"1_COMPLETED/a.txt", "1_COMPLETED/b.txt"});
  CHECK(f.status("2") == po_status::failed);
  f.go();
  CHECK(f.paths() == named);
  CHECK(f.content("2_COMPLETED/c.txt") == "back");
}

TEST_CASE("folder status: a name that stands on the disk, or that another PO has, gets a number") {
  two_orders f;
  f.files.files["1_COMPLETED/mine.txt"] = {"the user's own", 1, true};
  f.files.files["1_COMPLETED (2)/mine.txt"] = {"the user's own", 1, true};
  f.go();
  CHECK(f.files.files.count("1_COMPLETED (3)/a.txt") == 1);
  CHECK(f.files.files.count("2_COMPLETED/c.txt") == 1);
  CHECK(f.wrong() == 0);
}
