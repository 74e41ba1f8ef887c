#pragma once

#include "os/replacement_file.hpp"

#include <pofetch/batch_reader.hpp>
#include <pofetch/error.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace pofetch::lists {

enum class report_format {
  csv,    ///< a row each PO: the list's own columns, then pofetch's
  json,   ///< one object, schema `pofetch.report/1`
  jsonl,  ///< a line each PO: its object of the JSON report and nothing else
  xlsx,   ///< a workbook: summary, POs, attachments, errors by their causes
};

/// The format that the ending of the name stands for (csv, json, jsonl, ndjson, xlsx in any case). Failure
/// `unsupported` for another one.
[[nodiscard]] result<report_format> report_format_of(const std::filesystem::path& to);

/// Writes the report of the ledger's last run. It streams: memory does not grow with the POs. The report
/// is written beside `to`, synced, and renamed over it, so that a reader that has the old one open keeps it,
/// and a failure leaves it as it was. `out` is the folder of the batch, which a workbook links to. Failures:
/// those of the ledger; disk, disk_full, permission.
[[nodiscard]] result<void> write_report(batch_reader& records, const std::filesystem::path& to,
                                        report_format format, const std::filesystem::path& out = ".");

/// Begins a file of that name in the output folder. What somebody put there in its place is never followed: a
/// link is replaced, anything but a regular file refused.
using own_file_maker = std::function<result<std::unique_ptr<os::replacement_file>>(const std::string& name)>;

/// The same as `report.csv` in the output folder.
[[nodiscard]] result<void> write_own_report(batch_reader& records, const own_file_maker& make);

}  // namespace pofetch::lists
