#pragma once

#include <pofetch/ledger.hpp>

#include <memory>
#include <string>

namespace pofetch::lists {

/// One format of the report. Every call appends to `out`.
class report_sink {
 public:
  virtual ~report_sink() = default;

  virtual void begin(const run_record& run, const batch_totals& totals, std::string& out) = 0;
  virtual void row(const report_row& po, std::string& out) = 0;
  virtual void end(std::string& out) = 0;
};

/// CSV (RFC 4180, but LF): UTF-8 without a byte order mark, since scripts take one for a part of the first
/// column's name. Control characters and terminal sequences are left out, and cells that a spreadsheet
/// would run as a formula begin with an apostrophe. If the list has
/// all of the result columns it is an earlier report: those are not repeated.
[[nodiscard]] std::unique_ptr<report_sink> make_csv_report();

/// JSON, schema `pofetch.report/1`. Not known is null: times, `path` and `folder` while nothing of it is
/// on disk, `sha256`, `media_type`. Text that is not UTF-8 is read as Windows-1252.
[[nodiscard]] std::unique_ptr<report_sink> make_json_report();

/// JSON Lines: the objects of `purchase_orders`, one a line.
[[nodiscard]] std::unique_ptr<report_sink> make_jsonl_report();

}  // namespace pofetch::lists
