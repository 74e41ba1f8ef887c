// SQLite gets no memory, once, at any of its allocations: the call says so, leaves the ledger as it was, and
// works when it is made again. There is hardly a statement of the ledger that cannot fail this way.
#include "samples.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <functional>

using namespace pofetch;
using namespace pofetch::test;

namespace {

/// The memory of SQLite in this program.
class scarce_memory {
 public:
  /// Before SQLite is used for the first time: later it takes no other memory.
  scarce_memory() {
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_);
    sqlite3_mem_methods mine = real_;
    mine.xMalloc = [](int size) { return is_refused() ? nullptr : real_.xMalloc(size); };
    mine.xRealloc = [](void* old, int size) { return is_refused() ? nullptr : real_.xRealloc(old, size); };
    sqlite3_config(SQLITE_CONFIG_MALLOC, &mine);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);  // small pieces are asked for, too
  }

  /// The allocation that follows after so many is refused; negative: none.
  static void refuse_after(long count) { left_ = count; }
  [[nodiscard]] static bool was_refused() { return left_ < 0; }
  [[nodiscard]] static long left() { return left_; }

 private:
  static bool is_refused() { return left_ >= 0 && left_-- == 0; }

  static inline sqlite3_mem_methods real_{};
  static inline long left_ = -1;
};

const scarce_memory memory;

/// Everything that a batch asks of a ledger, in a file of its own.
class batch {
 public:
  /// Each step is made again when it has failed; how often that was.
  int run() {
    int failed = 0;
    for (const auto& step : steps_) {
      const result<void> first = step();
      if (first) continue;
      ++failed;
      CAPTURE(first.error().message);
      CHECK(first.error().code == errc::ledger);
      CHECK(first.error().message.find("ledger") != std::string::npos);
      must(step());
    }
    return failed;
  }

  std::string seen;  ///< what was read, in words

 private:
  using visit_row = std::function<result<void>(const report_row&)>;

  result<void> open(open_mode mode) {
    ledger_.reset();
    auto opened = sqlite_ledger::open(dir_ / "ledger.db", mode, false);
    if (!opened) return opened.error();
    ledger_ = std::move(*opened);
    return {};
  }

  result<void> lease() {
    if (auto chosen = ledger_->choose({.retry_skipped = true, .numbers = {"1", "2", "3", "9"}}); !chosen)
      return chosen.error();
    const auto counted = ledger_->count({.error_codes = {"timeout"}});
    if (!counted) return counted.error();
    auto leases = ledger_->lease(10);
    if (!leases) return leases.error();
    leases_ = std::move(*leases);
    return {};
  }

  result<void> record() {
    auto file = attachment_of("a", attachment_status::completed);
    file.sha256 = std::string(64, 'a');
    std::vector<po_outcome> outcomes;
    for (const po_lease& one : leases_) outcomes.push_back(outcome_of(one.po, po_status::completed, {file}));
    return taken(ledger_->record(outcomes));
  }

  static result<void> taken(const result<po_ids>& refused) {
    if (!refused) return refused.error();
    CHECK(refused->empty());
    return {};
  }

  result<void> find_moves() {
    auto moves = ledger_->misnamed(true, 10);
    if (moves) moves_ = std::move(*moves);
    return moves ? result<void>() : moves.error();
  }

  result<void> move() {
    for (const folder_move& each : moves_)
      if (auto owned = ledger_->has_folder(each.to, each.po_id); !owned) return owned.error();
    return taken(ledger_->begin_moves(moves_));
  }

  result<void> read() {
    std::string words;
    auto done = ledger_->each([&](const report_row& row) -> result<void> {
      words += row.outcome.po.number + ' ' + row.outcome.po.folder + ' ' + row.cells.back();
      for (const auto& file : row.outcome.attachments)
        words += ' ' + file.name + ' ' + file.sha256.substr(0, 2);
      words += "; ";
      return {};
    });
    if (!done) return done;
    const auto totals = ledger_->totals();
    if (!totals) return totals.error();
    const auto run = ledger_->last_run();
    if (!run) return run.error();
    seen = words + std::to_string(totals->bytes) + " bytes of " + run->info.input;
    return {};
  }

  result<void> look(int what) {
    const auto ignore = [](const auto&...) -> result<void> { return {}; };
    if (what == 0) return ledger_->each_with(attachment_status::completed, ignore);
    if (what == 1) return ledger_->each_with(attachment_status::committing, ignore);
    if (what == 2) return ledger_->each_move(ignore);
    return ledger_->each_copy(ignore);
  }

  result<void> intend() {
    const auto file = attachment_of("a", attachment_status::committing);
    return taken(ledger_->intend(std::vector{outcome_of(leases_.at(0).po, po_status::pending, {file})}));
  }

  result<void> amend() {
    const auto file = attachment_of("b", attachment_status::failed);
    return taken(ledger_->amend(std::vector{po_lease{leases_.at(0).po, {file}}}));
  }

  result<void> resume() {
    const auto groups = ledger_->groups();
    if (!groups) return groups.error();
    const auto run = ledger_->resume_run(at_second(1'700'000'200));
    return run ? result<void>() : run.error();
  }

  result<void> end_intake() {
    const auto counts = ledger_->end_intake();
    return counts ? result<void>() : counts.error();
  }

  temp_dir dir_;
  std::unique_ptr<sqlite_ledger> ledger_;
  std::vector<po_lease> leases_;
  std::vector<folder_move> moves_;
  const std::vector<po_entry> list_ = entries_of({"1", "2", "3", "2"});
  const std::vector<po_entry> later_{entry_in("1", "elsewhere"), entry_of("9"), entry_of("3")};
  const std::vector<std::function<result<void>()>> steps_{
      [this] { return open(open_mode::read_write_create); },
      [this] { return ledger_->begin_run(sample_run()); },
      [this] { return ledger_->add(list_); },
      [this] { return end_intake(); },
      [this] { return lease(); },
      [this] { return intend(); },
      [this] { return look(1); },
      [this] { return record(); },
      [this] { return amend(); },
      [this] { return look(0); },
      [this] { return look(3); },
      [this] { return find_moves(); },
      [this] { return move(); },
      [this] { return look(2); },
      [this] { return ledger_->end_moves(moves_); },
      [this] { return ledger_->end_run({}); },
      [this] { return open(open_mode::read_write_create); },
      [this] { return ledger_->begin_run(sample_run()); },
      [this] { return ledger_->add(later_); },
      [this] { return end_intake(); },
      [this] { return lease(); },
      [this] { return record(); },
      [this] { return find_moves(); },
      [this] { return move(); },
      [this] { return ledger_->end_moves(moves_); },
      [this] { return ledger_->end_run({}); },
      [this] { return resume(); },
      [this] { return open(open_mode::read_only); },
      [this] { return read(); },
  };
};

}  // namespace

TEST_CASE("out of memory: whichever allocation fails, the call says so and can be made again") {
  constexpr long many = 1'000'000;
  scarce_memory::refuse_after(many);
  batch whole;
  REQUIRE(whole.run() == 0);
  const long allocations = many - scarce_memory::left();
  scarce_memory::refuse_after(-1);
  REQUIRE(allocations > 1000);
  INFO(whole.seen);
  REQUIRE(whole.seen.find("9 9_COMPLETED") != std::string::npos);

  constexpr long tries = 300;
  int failed = 0;
  for (long at = 0; at < allocations; at += std::max(allocations / tries, 1L)) {
    CAPTURE(at);
    batch once;
    scarce_memory::refuse_after(at);
    failed += once.run();
    CHECK(once.seen == whole.seen);
  }
  scarce_memory::refuse_after(-1);
  // SQLite can do without some of it.
  CHECK(failed > tries / 2);
}
