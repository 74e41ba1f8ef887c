// Rows a second: the list into the ledger, results into it, and everything out again.
#include "ledger/sqlite/sqlite_ledger.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace pofetch;
using sqlite::open_mode;
using sqlite::sqlite_ledger;

constexpr std::size_t rows = 20'000;
constexpr std::size_t rows_a_call = 4'096;

std::vector<po_entry> list_of(std::size_t count) {
  std::vector<po_entry> list(count);
  for (std::size_t i = 0; i < count; ++i) {
    po_entry& entry = list[i];
    entry.number = std::to_string(7'000'001 + i);
    entry.key = entry.folder = entry.number;
    entry.supplier = entry.group = "Acme";
    entry.line = static_cast<std::int64_t>(i + 2);
    entry.cells = {entry.number, "Acme"};
  }
  return list;
}

/// A new ledger with the whole list in it; nothing if that fails.
std::unique_ptr<sqlite_ledger> filled(const test::temp_dir& dir, const std::vector<po_entry>& list) {
  auto opened = sqlite_ledger::open(dir / "ledger.db", open_mode::read_write_create, false);
  if (!opened ||
      !(*opened)->begin_run({"list.csv", "web", "https://acme.coupahost.com", {"PO", "Supplier"}})) {
    return nullptr;
  }
  for (std::size_t at = 0; at < list.size(); at += rows_a_call) {
    const auto some = std::span(list).subspan(at, std::min(rows_a_call, list.size() - at));
    if (!(*opened)->add(some)) return nullptr;
  }
  if (!(*opened)->end_intake()) return nullptr;
  return std::move(*opened);
}

po_outcome done(const purchase_order& po) {
  po_outcome outcome;
  outcome.po = po;
  outcome.status = po_status::completed;
  for (int i = 0; i < 4; ++i) {
    attachment_record record;
    record.key = "https://acme.coupahost.com/attachments/" + po.number + std::to_string(i) + "/download";
    record.url = record.key;
    record.name = "quote-" + std::to_string(i) + ".pdf";
    record.status = attachment_status::completed;
    record.ordinal = i;
    record.bytes = 10'240;
    record.sha256 = std::string(64, 'a');
    outcome.attachments.push_back(std::move(record));
  }
  return outcome;
}

void take_in(benchmark::State& state) {
  const auto list = list_of(rows);
  for (auto _ : state) {
    const test::temp_dir dir;
    if (filled(dir, list) == nullptr) state.SkipWithError("the list was not taken in");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
}

/// Orders with 4 attachments, so many in one transaction.
void record_results(benchmark::State& state) {
  const test::temp_dir dir;
  const auto ledger = filled(dir, list_of(rows));
  const auto group = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    auto leases = ledger->lease(group);
    if (!leases || leases->size() < group) {
      state.SkipWithError("the list is too short");
      break;
    }
    std::vector<po_outcome> outcomes;
    for (const po_lease& each : *leases) outcomes.push_back(done(each.po));
    state.ResumeTiming();
    if (!ledger->record(outcomes)) state.SkipWithError("the results were not recorded");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void read_all(benchmark::State& state) {
  const test::temp_dir dir;
  const auto ledger = filled(dir, list_of(rows));
  for (auto _ : state) {
    std::size_t seen = 0;
    auto visited = ledger->each([&seen](const report_row&) -> result<void> {
      ++seen;
      return {};
    });
    if (!visited || seen != rows) state.SkipWithError("the list was not read whole");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
}

}  // namespace

BENCHMARK(take_in)->Unit(benchmark::kMillisecond);
BENCHMARK(record_results)->Arg(1)->Iterations(1'000);
BENCHMARK(record_results)->Arg(32)->Iterations(500);
BENCHMARK(read_all)->Unit(benchmark::kMillisecond);
