#include "core/folder_name.hpp"
#include "samples.hpp"

#include <algorithm>

using namespace pofetch;
using namespace pofetch::test;

namespace {

struct folders : ledger_fixture {
  /// As the pipeline does, without a disk.
  std::vector<folder_move> begin(bool with_status = true, std::size_t count = 100) {
    auto moves = must(ledger->misnamed(with_status, count));
    for (auto& move : moves)
      move.to = must(core::first_free_folder(move.to, [&](const std::string& folder) -> result<bool> {
        return !must(ledger->has_folder(folder, move.po_id));
      }));
    CHECK(must(ledger->begin_moves(moves)).empty());
    return moves;
  }

  /// Renames everything that wants another name; what was renamed, as "from -> to".
  std::vector<std::string> rename_all(bool with_status = true) {
    std::vector<std::string> told;
    for (auto moves = begin(with_status); !moves.empty(); moves = begin(with_status)) {
      for (const auto& move : moves) told.push_back(move.from + " -> " + move.to);
      must(ledger->end_moves(moves));
    }
    return told;
  }

  /// Takes the list in and gives every PO that state, with one file on the disk where that has one.
  void finish(const std::vector<po_entry>& entries, po_status status) {
    take_in(entries);
    for (const auto& lease : lease_all()) record_as(lease.po, status);
  }

  void record_as(const purchase_order& po, po_status status) {
    const bool has_file = status == po_status::completed || status == po_status::partial;
    record(outcome_of(
        po, status,
        {attachment_of("k", has_file ? attachment_status::completed : attachment_status::failed)}));
  }

  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& row : rows()) all.push_back(row.outcome.po.folder);
    return all;
  }

  std::vector<std::string> open() {
    std::vector<std::string> told;
    must(ledger->each_move([&](const po_lease& lease, const folder_move& move) -> result<void> {
      CHECK(lease.po.id == move.po_id);
      CHECK(lease.known.size() == 1);
      told.push_back(move.from + " -> " + move.to);
      return {};
    }));
    return told;
  }
};

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("moves: what the state of a PO makes of its folder's name") {
  struct row {
    po_status status;
    lines told;
  };
  const row rows[] = {
      {po_status::completed, {"Acme/7 -> Acme/7_COMPLETED"}},
      {po_status::partial, {"Acme/7 -> Acme/7_PARTIAL"}},
      {po_status::failed, {}},  // no file, so no folder
      {po_status::no_attachments, {}},
      {po_status::not_found, {}},
      {po_status::pending, {}},
  };
  for (const row& r : rows) {
    CAPTURE(to_string(r.status));
    folders f;
    f.finish({entry_in("7", "Acme/7")}, r.status);
    CHECK(f.rename_all(false) == lines{});
    f.take_in({entry_in("7", "Acme/7")});
    CHECK(f.rename_all() == r.told);
    // Once it has its name it is left alone, in this run and in the next one.
    f.take_in({entry_in("7", "Acme/7")});
    CHECK(f.rename_all() == lines{});
    CHECK(f.names() == lines{r.told.empty() ? "Acme/7" : r.told[0].substr(10)});
  }
}

TEST_CASE("moves: another state gives another name, PENDING and no --folder-status the plain one") {
  folders f;
  const std::vector<po_entry> list{entry_of("7")};
  f.finish(list, po_status::partial);
  CHECK(f.rename_all() == lines{"7 -> 7_PARTIAL"});
  f.finish(list, po_status::completed);
  CHECK(f.names() == lines{"7_PARTIAL"});
  CHECK(f.rename_all() == lines{"7_PARTIAL -> 7_COMPLETED"});
  f.take_in(list);
  auto found = f.with(attachment_status::completed);
  found.at(0).known.at(0).status = attachment_status::pending;
  CHECK(must(f.ledger->amend(found)).empty());
  CHECK(f.rename_all() == lines{"7_COMPLETED -> 7"});
  f.finish(list, po_status::completed);
  CHECK(f.rename_all() == lines{"7 -> 7_COMPLETED"});
  f.take_in(list);
  CHECK(f.rename_all(false) == lines{"7_COMPLETED -> 7"});
  f.reopen();
  f.take_in(list);
  CHECK(f.rename_all(false) == lines{});
  CHECK(f.names() == lines{"7"});
}

TEST_CASE("moves: a name that another PO has, in any case, gets a number") {
  folders f;
  f.finish({entry_of("a"), entry_of("a_COMPLETED"), entry_of("A (2)")}, po_status::completed);
  CHECK(f.rename_all() ==
        lines{"a -> a_COMPLETED (2)", "a_COMPLETED -> a_COMPLETED_COMPLETED", "A (2) -> A (2)_COMPLETED"});
  f.take_in({entry_of("a"), entry_of("a_COMPLETED"), entry_of("A (2)")});
  CHECK(f.rename_all() == lines{});
  // Two that differ by case only had different plain names, and have different ones again.
  folders g;
  g.finish({entry_of("po"), entry_of("PO")}, po_status::completed);
  CHECK(g.rename_all() == lines{"po -> po_COMPLETED", "PO (2) -> PO (2)_COMPLETED"});
}

TEST_CASE("moves: a name that another PO has or is about to get is refused, and the others begin") {
  folders f;
  f.finish(entries_of({"1", "2", "3", "4"}), po_status::completed);
  auto moves = must(f.ledger->misnamed(true, 10));
  REQUIRE(moves.size() == 4);
  moves[0].to = "4";
  moves[1].to = "same";
  moves[2].to = "SAME";
  CHECK(must(f.ledger->begin_moves(moves)) == po_ids{moves[0].po_id, moves[2].po_id});
  CHECK(f.open() == lines{"2 -> same", "4 -> 4_COMPLETED"});
  CHECK(must(f.ledger->has_folder("4_completed", moves[0].po_id)));
  CHECK_FALSE(must(f.ledger->has_folder("4_completed", moves[3].po_id)));
}

TEST_CASE("moves: while one is open, nobody else gets either name") {
  folders f;
  f.finish({entry_of("7")}, po_status::completed);
  REQUIRE(f.begin().size() == 1);
  f.reopen();
  f.take_in({entry_of("7"), entry_in("x", "7"), entry_in("y", "7_completed")});
  CHECK(f.names() == lines{"7", "7 (2)", "7_completed (2)"});
  CHECK(f.open() == lines{"7 -> 7_COMPLETED"});
  SUBCASE("it did not happen") {
    must(f.ledger->end_moves({}));
    CHECK(f.names() == lines{"7", "7 (2)", "7_completed (2)"});
    CHECK(f.rename_all() == lines{"7 -> 7_COMPLETED"});
  }
  SUBCASE("it happened") {
    must(f.ledger->end_moves(
        std::vector<folder_move>{{f.rows()[0].outcome.po.id, "7", "7_COMPLETED", po_status::completed}}));
    CHECK(f.names() == lines{"7_COMPLETED", "7 (2)", "7_completed (2)"});
    CHECK(f.rename_all() == lines{});
  }
  CHECK(f.open() == lines{});
}

TEST_CASE("moves: of some begun only those that happened change; the others come with the next run") {
  folders f;
  const auto list = entries_of({"1", "2", "3"});
  f.finish(list, po_status::completed);
  const auto first = f.begin(true, 2);
  REQUIRE(first.size() == 2);
  must(f.ledger->end_moves(std::span(first).first(1)));
  CHECK(f.rename_all() == lines{"3 -> 3_COMPLETED"});
  CHECK(f.names() == lines{"1_COMPLETED", "2", "3_COMPLETED"});
  f.take_in(list);
  CHECK(f.rename_all() == lines{"2 -> 2_COMPLETED"});
}

TEST_CASE("moves: a PO of an earlier list keeps the name that it has; in the list again it is looked after") {
  folders f;
  f.finish({entry_of("7")}, po_status::partial);
  f.rename_all();
  f.finish({entry_of("8")}, po_status::completed);
  CHECK(f.rename_all(false) == lines{});
  f.take_in({entry_of("7")});
  CHECK(f.names() == lines{"7_PARTIAL"});
  CHECK(f.rename_all(false) == lines{"7_PARTIAL -> 7"});
}

TEST_CASE("moves: no file left, the folder of a new list is taken, with nothing of the old name") {
  folders f;
  f.finish({entry_of("7")}, po_status::completed);
  f.rename_all();
  f.take_in({entry_of("7")});
  auto found = f.with(attachment_status::completed);
  found.at(0).known.at(0).status = attachment_status::pending;
  CHECK(must(f.ledger->amend(found)).empty());
  f.finish({entry_in("7", "Acme/7")}, po_status::completed);
  CHECK(f.rename_all() == lines{"Acme/7 -> Acme/7_COMPLETED"});
  f.take_in({entry_in("7", "Acme/7")});
  CHECK(f.rename_all(false) == lines{"Acme/7_COMPLETED -> Acme/7"});
}

TEST_CASE("moves: where only is read, the new folder is told and nothing is written") {
  folders f;
  f.finish(entries_of({"1", "2"}), po_status::completed);
  const auto moves = f.begin();
  f.ledger.reset();
  {
    const auto reading = f.kept_in->open_to_read();
    must(reading->end_moves(std::span(moves).first(1)));
    lines told;
    must(reading->each([&told](const report_row& row) -> result<void> {
      told.push_back(row.outcome.po.folder);
      return {};
    }));
    CHECK(told == lines{"1_COMPLETED", "2"});
  }
  f.reopen();
  CHECK(f.open().size() == 2);
}
