// What can be asked of a batch in its output folder, also while a run works on it. Nothing here writes to it.
#include "engine/batch/batch_reading.hpp"

#include "engine/batch/objects_of.hpp"
#include "ledger/sqlite/sqlite_ledger.hpp"
#include "pipeline/folder_status.hpp"
#include "pipeline/verifier.hpp"
#include "storage/file_store.hpp"

#include <pofetch/batch.hpp>

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace pofetch::engine {

result<batch_status> status_in(batch_reader& records) {
  auto run = records.last_run();
  if (!run) return run.error();
  const auto totals = records.totals();
  if (!totals) return totals.error();
  return batch_status{std::move(*run), *totals};
}

result<void> report_to(const std::filesystem::path& to, lists::report_format format, batch_reader& records,
                       const std::filesystem::path& out) {
  const auto run = records.last_run();
  if (!run) return run.error();
  std::error_code ignored;
  if (std::filesystem::equivalent(to, run->info.input, ignored))
    return make_failure(errc::config, "'" + to.string() +
                                          "' is the list of this batch, which is only read; give the report "
                                          "another name.");
  return lists::write_report(records, to, format, out);
}

}  // namespace pofetch::engine

namespace pofetch {

namespace {

struct opened_batch {
  std::unique_ptr<storage::file_store> files;
  std::unique_ptr<sqlite::sqlite_ledger> records;
};

result<opened_batch> open_for_reading(const std::filesystem::path& out) {
  auto files = storage::file_store::open(out, durability::none, false);
  if (!files) return files.error();
  auto records = sqlite::sqlite_ledger::open((*files)->ledger_path(), sqlite::open_mode::read_only);
  if (!records) return records.error();
  if (auto settled = pipeline::settle_moves(**records, **files); !settled) return settled.error();
  return opened_batch{std::move(*files), std::move(*records)};
}

}  // namespace

result<verify_result> verify_batch(const std::filesystem::path& out,
                                   const std::function<void(const damage&)>& found) {
  auto opened = open_for_reading(out);
  if (!opened) return opened.error();
  return pipeline::verify(*opened->records, *opened->files, found);
}

result<verify_result> verify_batch(const batch_options& options,
                                   const std::function<void(const damage&)>& found) {
  if (!is_object_address(options.out)) return verify_batch(options.out, found);
  if (auto good = objects::check_output(options.out, options.objects, options.pool); !good)
    return good.error();
  auto opened = open_for_reading(home_of(options));
  if (!opened) return opened.error();
  auto setup = engine::store_setup_of(options);
  if (!setup) return setup.error();
  auto remote = objects::object_store::open(std::move(*setup), false);
  if (!remote) return remote.error();
  return pipeline::verify(*opened->records, **remote, found);
}

result<batch_status> read_status(const std::filesystem::path& out) {
  auto opened = open_for_reading(out);
  if (!opened) return opened.error();
  auto now = engine::status_in(*opened->records);
  if (!now) return now;
  auto holder = opened->files->holder();
  if (!holder) return holder.error();
  now->holder = std::move(*holder);
  return now;
}

result<work_count> count_chosen(const std::filesystem::path& out, const work_choice& choice) {
  auto opened = open_for_reading(out);
  if (!opened) return opened.error();
  return opened->records->count(choice);
}

result<void> write_batch_report(const std::filesystem::path& out, const std::filesystem::path& to) {
  auto format = lists::report_format_of(to);
  if (!format) return format.error();
  auto opened = open_for_reading(out);
  if (!opened) return opened.error();
  return engine::report_to(to, *format, *opened->records, out);
}

}  // namespace pofetch
