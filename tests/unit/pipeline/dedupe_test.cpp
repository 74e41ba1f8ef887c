#include "pipeline/dedupe.hpp"

#include "unit/pipeline/pipeline_fixture.hpp"

using namespace pofetch;
using namespace pofetch::test;

namespace {

bool never() { return false; }

/// POs 1, 2, 3 with one completed file each: content as given, all recorded as they stand on the disk.
struct three_files {
  memory_ledger records;
  memory_store files;

  explicit three_files(const std::vector<std::string>& contents) {
    REQUIRE(ok(records.begin_run({})));
    std::vector<po_entry> entries;
    for (std::size_t i = 0; i < contents.size(); ++i) {
      po_entry entry;
      entry.key = entry.number = entry.folder = std::to_string(i + 1);
      entries.push_back(entry);
    }
    REQUIRE(ok(records.add(entries)));
    REQUIRE(ok(records.end_intake()));
    auto leases = records.lease(contents.size());
    REQUIRE(ok(leases));
    std::vector<po_outcome> outcomes;
    for (std::size_t i = 0; i < contents.size(); ++i) {
      const auto mtime = static_cast<std::int64_t>(i + 10);
      files.files[std::to_string(i + 1) + "/a.pdf"] = {contents[i], mtime, true};
      po_outcome outcome;
      outcome.po = (*leases)[i].po;
      outcome.status = po_status::completed;
      attachment_record record;
      record.key = "k";
      record.name = "a.pdf";
      record.status = attachment_status::completed;
      record.bytes = contents[i].size();
      record.sha256 = memory_store::sha256_of(contents[i]);
      record.mtime_ns = mtime;
      outcome.attachments = {record};
      outcomes.push_back(outcome);
    }
    REQUIRE(ok(records.record(outcomes)));
  }

  std::int64_t recorded_time(const std::string& po) { return records.find(po)->attachments.at(0).mtime_ns; }
};

}  // namespace

TEST_CASE("dedupe: files of one content become one, and the ledger knows their new time") {
  three_files batch({"same", "other", "same"});
  const auto done = pipeline::dedupe(batch.records, batch.files, never);
  REQUIRE(ok(done));
  CHECK(done->files == 1);
  CHECK(done->bytes == 4);
  CHECK(batch.files.files["3/a.pdf"].mtime_ns == 10);
  CHECK(batch.recorded_time("3") == 10);
  CHECK(batch.recorded_time("2") == 11);
  // Synced before the ledger says so.
  CHECK(batch.files.calls.back() == "sync 0");

  const auto again = pipeline::dedupe(batch.records, batch.files, never);
  REQUIRE(ok(again));
  CHECK(again->files == 0);
}

TEST_CASE("dedupe: empty files, and files that are not as recorded, are left alone") {
  three_files batch({"", "", "same", "same", "same"});
  batch.files.files["4/a.pdf"] = {"mine", 99, true};  // the user's since
  const auto done = pipeline::dedupe(batch.records, batch.files, never);
  REQUIRE(ok(done));
  CHECK(done->files == 1);
  CHECK(batch.files.files["4/a.pdf"].content == "mine");
  CHECK(batch.recorded_time("4") == 13);
  CHECK(batch.recorded_time("5") == 12);
}

TEST_CASE("dedupe: what was linked before a failure or a stop is written down") {
  SUBCASE("the disk fails") {
    three_files batch({"same", "same", "same"});
    batch.files.fault = [](const std::string& call) -> std::optional<failure> {
      if (call == "link 3/a.pdf to 1/a.pdf") return make_failure(errc::disk, "no hard links here");
      return std::nullopt;
    };
    const auto done = pipeline::dedupe(batch.records, batch.files, never);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().message == "no hard links here");
    CHECK(batch.recorded_time("2") == 10);
    CHECK(batch.recorded_time("3") == 12);
  }
  SUBCASE("somebody stops it") {
    three_files batch({"same", "same", "same"});
    int asked = 0;
    const auto done = pipeline::dedupe(batch.records, batch.files, [&asked] { return ++asked > 1; });
    REQUIRE(ok(done));
    CHECK(done->files == 1);
    CHECK(batch.recorded_time("2") == 10);
    CHECK(batch.recorded_time("3") == 12);
  }
}
