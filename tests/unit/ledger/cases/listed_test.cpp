#include "samples.hpp"

using namespace pofetch;
using namespace pofetch::test;
using texts = std::vector<std::string>;

namespace {

/// A row of PO `number` that lists `key`, at that address.
po_entry line_of(const std::string& number, const std::string& key, const std::string& url) {
  po_entry entry = entry_of(number);
  listed_attachment& listed = entry.listed.emplace();
  listed.file.key = key;
  listed.file.url = url;
  listed.file.name = key + ".pdf";
  return entry;
}

struct manifest_fixture : ledger_fixture {
  void list(const std::vector<po_entry>& entries) {
    auto run = sample_run();
    run.source = "manifest";
    must(ledger->begin_run(run));
    must(ledger->add(entries));
    must(ledger->end_intake());
  }

  /// `key=address` of each line of each PO that is leased.
  texts lines() {
    texts all;
    for (const po_lease& lease :
         lease_all({.statuses = {po_status::pending, po_status::partial, po_status::completed}}))
      for (const auto& line : lease.listed) all.push_back(line.file.key + "=" + line.file.url);
    return all;
  }

  /// The same in a run that goes on.
  texts lines_left() {
    must(ledger->resume_run(at_second(1)));
    return lines();
  }

  std::string bytes() {
    ledger.reset();
    return kept_in->bytes();
  }
};

}  // namespace

TEST_CASE("listed: all that a line says comes back with the lease, in the order of the list") {
  manifest_fixture f;
  auto full = line_of("1", "k2", "https://a.example/2?sig=x");
  full.listed->line = 5;
  full.listed->file.authorization = "Basic eA==";
  full.listed->file.size = 0;
  full.listed->file.sha256 = std::string(64, 'a');
  auto bad = line_of("1", "\x01line 6", "");
  bad.listed->problem = "line 6 is bad";
  f.list({full, line_of("2", "k", "u"), bad, line_of("1", "k1", "https://a.example/1")});
  f.reopen();
  must(f.ledger->resume_run(at_second(1)));
  const auto leases = f.lease_all();
  REQUIRE(leases.size() == 2);
  REQUIRE(leases[0].listed.size() == 3);
  const auto& first = leases[0].listed[0];
  CHECK(first.line == 5);
  CHECK(first.file.key == "k2");
  CHECK(first.file.url == "https://a.example/2?sig=x");
  CHECK(first.file.authorization == "Basic eA==");
  CHECK(first.file.name == "k2.pdf");
  CHECK(first.file.size == 0U);
  CHECK(first.file.sha256 == std::string(64, 'a'));
  CHECK(first.file.user_named);
  CHECK(first.problem.empty());
  CHECK(leases[0].listed[1].problem == "line 6 is bad");
  CHECK(leases[0].listed[2].file.key == "k1");
  CHECK_FALSE(leases[0].listed[2].file.size);
  CHECK(leases[1].listed.size() == 1);
}

TEST_CASE("listed: each address once, keys that addresses share are told apart by their order") {
  manifest_fixture f;
  f.list({line_of("1", "k", "k?sig=1"), line_of("1", "k", "k?sig=1"), line_of("1", "k", "k?sig=2"),
          line_of("1", "other", "other"), line_of("1", "k", "k?sig=3"), line_of("1", "k", "k?sig=2"),
          line_of("2", "k", "k?sig=1")});
  CHECK(f.lines() == texts{"k=k?sig=1", "k #2=k?sig=2", "other=other", "k #3=k?sig=3", "k=k?sig=1"});
}

TEST_CASE("listed: thousands of lines that share a key") {
  manifest_fixture f;
  std::vector<po_entry> entries;
  for (int i = 0; i < 20'000; ++i) entries.push_back(line_of("1", "k", "k?sig=" + std::to_string(i / 2)));
  f.list(entries);
  const auto lines = f.lines();
  REQUIRE(lines.size() == 10'000);
  CHECK(lines.back() == "k #10000=k?sig=9999");
}

TEST_CASE("listed: a list that is read anew brings new addresses, and nothing of the old one stays") {
  manifest_fixture f;
  f.list({line_of("1", "a", "a?sig=old"), line_of("1", "a", "a?sig=older"), line_of("1", "b", "b?sig=old"),
          line_of("2", "c", "c?sig=old")});
  f.list({line_of("1", "b", "b?sig=new"), line_of("1", "a", "a?sig=new")});
  CHECK(f.lines() == texts{"b=b?sig=new", "a=a?sig=new"});
  CHECK(f.bytes().find("sig=old") == std::string::npos);
}

TEST_CASE("listed: the commit that records a file erases its address, and no other") {
  struct row {
    attachment_status status;
    bool erased;
  };
  const row rows[] = {{attachment_status::pending, false},
                      {attachment_status::failed, false},
                      {attachment_status::excluded, true},
                      {attachment_status::completed, true}};
  for (const row& each : rows) {
    CAPTURE(to_string(each.status));
    manifest_fixture f;
    auto secret = line_of("1", "a", "https://a.example/a?sig=0123456789abcdef");
    secret.listed->file.authorization = "Basic c2VjcmV0OnNlY3JldA==";
    f.list({secret, line_of("1", "b", "b?sig=b"), line_of("2", "a", "other")});
    const auto po = f.lease_all()[0].po;
    f.intend(outcome_of(po, po_status::pending, {attachment_of("a", attachment_status::committing)}));
    CHECK(f.lines_left()[0] == "a=https://a.example/a?sig=0123456789abcdef");
    f.record(outcome_of(po, po_status::partial,
                        {attachment_of("a", each.status), attachment_of("b", attachment_status::failed)}));
    const std::string left = each.erased ? "a=" : "a=https://a.example/a?sig=0123456789abcdef";
    CHECK(f.lines_left() == texts{left, "b=b?sig=b", "a=other"});
    const std::string bytes = f.bytes();
    CHECK((bytes.find("0123456789abcdef") == std::string::npos) == each.erased);
    CHECK((bytes.find("c2VjcmV0OnNlY3JldA") == std::string::npos) == each.erased);
  }
}

TEST_CASE(
    "listed: a file that has its row before its PO is recorded, the same; one of an earlier run keeps it") {
  for (const bool under_way : {true, false}) {
    CAPTURE(under_way);
    manifest_fixture f;
    f.list({line_of("1", "a", "a?sig=1")});
    const auto po = f.lease_all()[0].po;
    if (!under_way) must(f.ledger->give_back(std::vector{po.id}));
    must(f.ledger->amend(std::vector<po_lease>{{po, {attachment_of("a", attachment_status::completed)}}}));
    CHECK(f.lines_left() == texts{under_way ? "a=" : "a=a?sig=1"});
  }
}

TEST_CASE("listed: what a new list says of files that are there is erased when that is asked for") {
  manifest_fixture f;
  f.list({line_of("1", "a", "a?sig=1"), line_of("1", "b", "b?sig=1")});
  f.record(outcome_of(
      f.lease_all()[0].po, po_status::partial,
      {attachment_of("a", attachment_status::completed), attachment_of("b", attachment_status::failed)}));
  f.list({line_of("1", "a", "a?sig=2"), line_of("1", "b", "b?sig=2")});
  CHECK(f.lines() == texts{"a=a?sig=2", "b=b?sig=2"});
  must(f.ledger->erase_addresses());
  CHECK(f.lines_left() == texts{"a=", "b=b?sig=2"});
  CHECK(f.bytes().find("a?sig") == std::string::npos);
}

TEST_CASE("listed: killed while a list is read, the next one is whole") {
  manifest_fixture f;
  f.list({line_of("1", "a", "a?sig=1"), line_of("1", "a", "a?sig=2")});
  auto run = sample_run();
  run.source = "manifest";
  must(f.ledger->begin_run(run));
  must(f.ledger->add(std::vector{line_of("1", "a", "a?sig=3")}));
  f.reopen();
  f.list({line_of("1", "a", "a?sig=4"), line_of("1", "a", "a?sig=5"), line_of("1", "a", "a?sig=6")});
  CHECK(f.lines() == texts{"a=a?sig=4", "a #2=a?sig=5", "a #3=a?sig=6"});
}
