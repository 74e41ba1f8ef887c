#include "lists/report_sink.hpp"
#include "lists/report_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace pofetch::lists {
namespace {

constexpr std::array<std::string_view, 11> result_columns = {
    "STATUS", "SUPPLIER",       "ATTACHMENTS_FOUND", "ATTACHMENTS_DOWNLOADED", "ATTACHMENT_NAMES",
    "BYTES",  "LAST_PROCESSED", "ERROR_CODE",        "ERROR_MESSAGE",          "DOWNLOAD_FOLDER",
    "PO_URL"};

std::string names_of(const std::vector<attachment_record>& attachments) {
  std::string names;
  for (const attachment_record& one : attachments) {
    if (one.name.empty()) continue;
    if (!names.empty()) names += "; ";
    names += one.name;
  }
  return names;
}

/// Is the list a report of ours, fed back in? Its result columns are not repeated then.
bool is_old_report(const std::vector<std::string>& columns) {
  return std::all_of(result_columns.begin(), result_columns.end(), [&columns](std::string_view result) {
    return std::find(columns.begin(), columns.end(), result) != columns.end();
  });
}

/// Why the PO is not complete: its own failure, else the first of its attachments'.
const failure* reason_of(const po_outcome& po) {
  if (po.error) return &*po.error;
  if (po.status == po_status::completed) return nullptr;
  const auto bad = std::find_if(po.attachments.begin(), po.attachments.end(),
                                [](const attachment_record& one) { return one.error.has_value(); });
  return bad == po.attachments.end() ? nullptr : &*bad->error;
}

class csv_report final : public report_sink {
 public:
  void begin(const run_record& run, const batch_totals& /*totals*/, std::string& out) override {
    const bool old_report = is_old_report(run.info.columns);
    for (std::size_t i = 0; i < run.info.columns.size(); ++i) {
      const std::string& column = run.info.columns[i];
      const bool is_old_result = old_report && std::find(result_columns.begin(), result_columns.end(),
                                                         column) != result_columns.end();
      if (is_old_result) continue;
      own_columns_.push_back(i);
      append_csv_cell(out, column);
      out.push_back(',');
    }
    for (const std::string_view column : result_columns) {
      out += column;
      out.push_back(',');
    }
    out.back() = '\n';
  }

  void row(const report_row& po, std::string& out) override {
    const auto put = [&out](std::string_view text) {
      append_csv_cell(out, text);
      out.push_back(',');
    };
    for (const std::size_t column : own_columns_)
      put(column < po.cells.size() ? std::string_view(po.cells[column]) : std::string_view());
    const po_outcome& outcome = po.outcome;
    const failure* reason = reason_of(outcome);
    put(to_string(outcome.status));
    put(outcome.supplier.empty() ? outcome.po.supplier : outcome.supplier);
    put(std::to_string(po.attachments_found));
    put(std::to_string(po.attachments_downloaded));
    put(names_of(outcome.attachments));
    put(std::to_string(po.bytes));
    put(rfc3339(outcome.finished_at));
    put(reason == nullptr ? std::string() : code_word(*reason));
    put(reason == nullptr ? std::string() : reason->message);
    put(po.attachments_downloaded == 0 ? std::string() : outcome.po.folder);
    put(outcome.url);
    out.back() = '\n';
  }

  void end(std::string& /*out*/) override {}

 private:
  std::vector<std::size_t> own_columns_;  ///< those of the list that are shown
};

}  // namespace

std::unique_ptr<report_sink> make_csv_report() { return std::make_unique<csv_report>(); }

}  // namespace pofetch::lists
