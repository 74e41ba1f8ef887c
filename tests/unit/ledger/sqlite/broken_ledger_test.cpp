// A ledger that breaks while a run works on it: every call that needs what is broken says so, the others go
// on.
#include "samples.hpp"

#include <functional>
#include <set>

using namespace pofetch;
using namespace pofetch::test;

namespace {

using names = std::set<std::string>;

std::string joined(const names& all) {
  std::string text;
  for (const std::string& name : all) text += name + "; ";
  return text;
}

/// Goes through a whole run; the calls that failed.
class whole_run {
 public:
  whole_run(ledger& on, std::vector<po_lease> leases) : ledger_(on), leases_(std::move(leases)) {}

  names failed() {
    // '1' is known and moves to another folder, '9' is new.
    const std::vector<po_entry> list{entry_in("1", "elsewhere"), entry_of("2"), entry_of("9")};
    write();
    note("begin_run", ledger_.begin_run(sample_run()));
    note("add", ledger_.add(list));
    note("end_intake", ledger_.end_intake());
    note("lease", ledger_.lease(10));
    note("end_run", ledger_.end_run({}));
    note("totals", ledger_.totals());
    note("last_run", ledger_.last_run());
    const auto ignore = [](const auto&) -> result<void> { return {}; };
    note("each", ledger_.each(ignore));
    note("each_with", ledger_.each_with(attachment_status::failed, ignore));
    note("each_with committing", ledger_.each_with(attachment_status::committing, ignore));
    return std::move(failed_);
  }

 private:
  void write() {
    const auto committing = attachment_of("b", attachment_status::committing);
    const auto completed = attachment_of("b", attachment_status::completed);
    note("intend", ledger_.intend(std::vector{outcome_of(leases_[0].po, po_status::pending, {committing})}));
    note("record", ledger_.record(std::vector{outcome_of(leases_[0].po, po_status::completed, {completed})}));
    note("amend", ledger_.amend(std::vector{po_lease{leases_[1].po, {committing}}}));
  }

  template <class Value>
  void note(const char* call, const result<Value>& came) {
    if (came) return;
    CAPTURE(came.error().message);
    CHECK(came.error().code == errc::ledger);
    const std::string& words = came.error().message;
    CHECK((words.find("no such table") != std::string::npos || words.find("refused") != std::string::npos));
    failed_.insert(call);
  }

  ledger& ledger_;
  std::vector<po_lease> leases_;
  names failed_;
};

}  // namespace

TEST_CASE("broken under way: calls that need what is broken fail with SQLite's words, all others work") {
  struct row {
    const char* sql;
    names failing;
  };
  const row rows[] = {
      {"SELECT 1", {}},
      {"DROP TABLE runs", {"begin_run", "end_intake", "lease", "end_run", "totals", "last_run", "each"}},
      {"DROP TABLE purchase_orders",
       {"begin_run", "add", "lease", "intend", "record", "amend", "totals", "each", "each_with"}},
      {"DROP TABLE attachments",
       {"add", "lease", "intend", "record", "amend", "each_with", "each_with committing"}},
      {"DROP TABLE open_intents", {"intend", "record", "amend", "each_with committing"}},
      {"CREATE TRIGGER t BEFORE INSERT ON runs BEGIN SELECT RAISE(FAIL, 'refused'); END", {"begin_run"}},
      {"CREATE TRIGGER t BEFORE UPDATE ON runs BEGIN SELECT RAISE(FAIL, 'refused'); END",
       {"end_intake", "end_run"}},
      {"CREATE TRIGGER t BEFORE INSERT ON purchase_orders BEGIN SELECT RAISE(FAIL, 'refused'); END", {"add"}},
      {"CREATE TRIGGER t BEFORE UPDATE ON purchase_orders BEGIN SELECT RAISE(FAIL, 'refused'); END",
       {"add", "record", "amend"}},
      {"CREATE TRIGGER t BEFORE INSERT ON attachments BEGIN SELECT RAISE(FAIL, 'refused'); END",
       {"intend", "record", "amend"}},
      {"CREATE TRIGGER t BEFORE DELETE ON attachments BEGIN SELECT RAISE(FAIL, 'refused'); END", {"record"}},
      {"CREATE TRIGGER t BEFORE INSERT ON open_intents BEGIN SELECT RAISE(FAIL, 'refused'); END",
       {"intend", "amend"}},
      {"CREATE TRIGGER t BEFORE DELETE ON open_intents BEGIN SELECT RAISE(FAIL, 'refused'); END", {"record"}},
  };
  for (const row& r : rows) {
    CAPTURE(std::string(r.sql));
    file_fixture fixture;
    fixture.take_in(entries_of({"1", "2"}));
    for (const po_lease& lease : fixture.lease_all())
      fixture.record(
          outcome_of(lease.po, po_status::partial, {attachment_of("a", attachment_status::failed)}));
    fixture.take_in(entries_of({"1", "2"}));
    const auto leases = fixture.lease_all();
    run_raw(fixture.file, r.sql);
    CHECK(joined(whole_run(*fixture.ledger, leases).failed()) == joined(r.failing));
  }
}
