#include "lists/report/report_writer.hpp"

#include "core/ascii.hpp"
#include "lists/report/report_sink.hpp"
#include "lists/report/report_xlsx.hpp"

#include <string>

namespace pofetch::lists {
namespace {

constexpr std::size_t write_size = 256U << 10;

std::unique_ptr<report_sink> make_report(report_format format) {
  switch (format) {
    case report_format::json:
      return make_json_report();
    case report_format::jsonl:
      return make_jsonl_report();
    case report_format::xlsx:  // no stream of text: see write_report
    case report_format::csv:
      break;
  }
  return make_csv_report();
}

/// `make` creates the file once the ledger has answered.
template <typename Make>
result<void> write(batch_reader& records, const Make& make, report_format format) {
  auto run = records.last_run();
  if (!run) return run.error();
  auto totals = records.totals();
  if (!totals) return totals.error();
  auto file = make();
  if (!file) return file.error();

  const std::unique_ptr<report_sink> report = make_report(format);
  std::string buffer;
  report->begin(*run, *totals, buffer);
  const auto visit = [&](const report_row& row) -> result<void> {
    report->row(row, buffer);
    if (buffer.size() < write_size) return {};
    auto written = (*file)->write(buffer);
    buffer.clear();
    return written;
  };
  auto visited = records.each(visit);
  if (!visited) return visited.error();
  report->end(buffer);
  auto written = (*file)->write(buffer);
  if (!written) return written.error();
  return (*file)->commit();
}

}  // namespace

result<report_format> report_format_of(const std::filesystem::path& to) {
  const std::string ending = core::to_lower(to.extension().string());
  if (ending == ".csv") return report_format::csv;
  if (ending == ".json") return report_format::json;
  if (ending == ".jsonl" || ending == ".ndjson") return report_format::jsonl;
  if (ending == ".xlsx") return report_format::xlsx;
  return make_failure(errc::unsupported, "Cannot write a report to '" + to.string() +
                                             "': its name must end in .csv, .json, .jsonl or .xlsx.");
}

result<void> write_report(batch_reader& records, const std::filesystem::path& to, report_format format,
                          const std::filesystem::path& out) {
  if (format == report_format::xlsx) return write_xlsx_report(records, to, out);
  const auto make = [&to] { return os::replacement_file::create(to); };
  return write(records, make, format);
}

result<void> write_own_report(batch_reader& records, const own_file_maker& make) {
  return write(
      records, [&make] { return make("report.csv"); }, report_format::csv);
}

}  // namespace pofetch::lists
