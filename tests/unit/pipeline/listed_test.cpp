// Attachments that the list names itself: their addresses stand in the ledger until the files are there.
#include "pipeline_fixture.hpp"

#include <algorithm>

using namespace pofetch;
using namespace pofetch::test;
using texts = std::vector<std::string>;

namespace {

fake_list two_files(const std::string& signature) {
  fake_list list;
  list.add_file("A", "https://files/a.pdf?sig=" + signature);
  list.add_file("A", "https://files/b.pdf?sig=" + signature);
  return list;
}

struct listed_fixture : pipeline_fixture {
  bool b_is_there = true;
  texts requests;  ///< since this was emptied

  listed_fixture() {
    http.otherwise([this](const http_request& request) {
      requests.push_back(request.url);
      const bool there = b_is_there || request.url.find("b.pdf") == std::string::npos;
      return there ? answer_of(200, "content") : answer_of(404);
    });
  }

  std::vector<attachment_record> files_of_a() { return records.find("A")->attachments; }
};

}  // namespace

TEST_CASE(
    "listed: what is not there yet is fetched by a run that goes on, from the address that was listed") {
  listed_fixture f;
  f.b_is_there = false;
  REQUIRE(ok(f.run(two_files("1"))));
  CHECK(f.status("A") == po_status::partial);
  for (const auto& file : f.files_of_a()) CHECK(file.url.find("sig=1") == std::string::npos);
  f.b_is_there = true;
  f.requests.clear();
  REQUIRE(ok(f.resume({})));
  CHECK(f.status("A") == po_status::completed);
  CHECK(f.requests == texts{"https://files/b.pdf?sig=1"});
}

TEST_CASE("listed: a file that is gone needs a list that is read anew, and says so until then") {
  listed_fixture f;
  REQUIRE(ok(f.run(two_files("1"))));
  REQUIRE(f.status("A") == po_status::completed);
  REQUIRE(f.files.files.erase("A/a.pdf") == 1);
  f.requests.clear();
  REQUIRE(ok(f.resume({})));
  CHECK(f.requests.empty());
  CHECK(f.status("A") == po_status::partial);
  const auto files = f.files_of_a();
  const auto gone =
      std::find_if(files.begin(), files.end(), [](const auto& one) { return one.error.has_value(); });
  REQUIRE(gone != files.end());
  CHECK(gone->error->code == errc::input);
  CHECK(gone->error->message.find("run again with the list") != std::string::npos);
  CHECK(gone->url.find("https://files/a.pdf") == 0);
  REQUIRE(ok(f.run(two_files("2"))));
  CHECK(f.requests == texts{"https://files/a.pdf?sig=2"});
  CHECK(f.status("A") == po_status::completed);
}

TEST_CASE(
    "listed: with --refresh what is there is asked for at the address of the new list; without one it is "
    "left") {
  listed_fixture f;
  REQUIRE(ok(f.run(two_files("1"))));
  f.config.refresh = std::chrono::milliseconds(0);
  f.requests.clear();
  REQUIRE(ok(f.run(two_files("2"))));
  std::sort(f.requests.begin(), f.requests.end());
  CHECK(f.requests == texts{"https://files/a.pdf?sig=2", "https://files/b.pdf?sig=2"});
  f.requests.clear();
  REQUIRE(ok(f.resume({})));
  CHECK(f.requests.empty());
  CHECK(f.status("A") == po_status::completed);
}
