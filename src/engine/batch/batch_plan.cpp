// What `plan` does with what it finds: it goes to the caller, and into no folder.
#include "core/file_name.hpp"
#include "engine/batch/batch_run.hpp"
#include "pipeline/circuit_breaker.hpp"
#include "pipeline/intake.hpp"

#include <utility>

namespace pofetch::engine {

result<void> batch_run::take_in_plan() {
  auto listed = list_instance();
  if (!listed) return listed;
  auto records = sqlite::sqlite_ledger::open_temporary();
  if (!records) return records.error();
  records_ = std::move(*records);
  return take_in(true, nothing_);
}

batch_result batch_run::conclude_plan(const batch::row_visitor& visit) {
  batch_result done = conclude();
  auto visited = records_->each(visit);
  if (!visited) return failed(visited.error());
  settle_look(done);
  save_sign_in();
  return done;
}

/// What a list says by itself. Nobody is asked, so there are no lanes.
batch_result batch_run::read_only_list(const batch::row_visitor& visit) {
  auto records = sqlite::sqlite_ledger::open_temporary();
  if (!records) return failed(records.error());
  records_ = std::move(*records);
  const auto stopped = [this] { return is_stopped(); };
  pipeline::circuit_breaker nobody_held_back(false);
  auto counts =
      pipeline::take_in_list(*list_, describe(), *records_, nobody_held_back, stopped, core::max_name_bytes);
  if (!counts) return failed(counts.error());
  auto totals = records_->totals();
  if (!totals) return failed(totals.error());
  auto visited = records_->each(visit);
  if (!visited) return failed(visited.error());
  batch_result done;
  done.totals = *totals;
  done.run.intake = std::move(*counts);
  done.list = list_->facts();
  done.offline = true;
  return done;
}

}  // namespace pofetch::engine
