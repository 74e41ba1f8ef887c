// What the pipeline asks of a store that is no file system.
#include "pipeline_fixture.hpp"

#include <doctest/doctest.h>

using namespace pofetch;
using test::fake_list;
using test::ok;
using test::pipeline_fixture;

namespace {

/// A batch of two orders at a store without folders.
struct plain_store : pipeline_fixture {
  plain_store() {
    files.has_folders = false;
    source.has("1", {"a.txt", "a.txt"});
    source.has("2", {"b.txt"});
    serve_everything();
  }
};

}  // namespace

TEST_CASE("store: one without folders serves a whole batch, and the next run of it") {
  plain_store f;
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.status("2") == po_status::completed);
  CHECK(f.files.files.size() == 3);
  CHECK(f.content("1/a (2).txt") == "content of https://files/1/1");
  f.files.files.erase("2/b.txt");
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.content("2/b.txt") == "content of https://files/2/0");
  CHECK(f.events.notices.size() == 1);  // of the file that was missing
}

TEST_CASE("store: what needs folders is refused where there are none, before anything is asked for") {
  for (const bool links : {true, false}) {
    CAPTURE(links);
    plain_store f;
    (links ? f.config.dedupe : f.config.folder_status) = true;
    const auto refused = f.run(fake_list({"1", "2"}));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::config);
    CHECK(refused.error().message.find(links ? "dedupe: " : "folder_status: ") == 0);
    CHECK(f.source.asked.empty());
    CHECK(f.files.files.empty());
  }
}
