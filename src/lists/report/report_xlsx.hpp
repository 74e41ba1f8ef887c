#pragma once

#include <pofetch/batch_reader.hpp>
#include <pofetch/error.hpp>

#include <filesystem>

namespace pofetch::lists {

/// The report as a workbook (XLSX). Sheets: `Summary`; `Purchase orders`, as the CSV report; `Attachments`;
/// `Errors`, a row each cause with what to do about it. Folders, files and pages are links, those on disk
/// relative to the report. Memory does not grow with the POs. Failures as those of `write_report`.
[[nodiscard]] result<void> write_xlsx_report(batch_reader& records, const std::filesystem::path& to,
                                             const std::filesystem::path& out);

}  // namespace pofetch::lists
