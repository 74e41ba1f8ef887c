#include "lists/report_columns.hpp"
#include "lists/report_sink.hpp"
#include "lists/report_text.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace pofetch::lists {
namespace {

class csv_report final : public report_sink {
 public:
  void begin(const run_record& run, const batch_totals& /*totals*/, std::string& out) override {
    own_columns_ = own_columns(run.info.columns);
    for (const std::string& column : own_names(run.info.columns)) {
      append_csv_cell(out, column);
      out.push_back(',');
    }
    for (const std::string& column : result_names(run.info.columns)) {
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
    put(supplier_of(outcome));
    put(std::to_string(po.attachments_found));
    put(std::to_string(po.attachments_downloaded));
    put(names_of(outcome.attachments));
    put(std::to_string(po.bytes));
    put(rfc3339(outcome.finished_at));
    put(reason == nullptr ? std::string() : code_word(*reason));
    put(reason == nullptr ? std::string() : reason->message);
    put(po.attachments_downloaded == 0 ? std::string() : outcome.po.folder);
    put(outcome.url);
    put(rfc3339(last_checked(outcome)));
    out.back() = '\n';
  }

  void end(std::string& /*out*/) override {}

 private:
  std::vector<std::size_t> own_columns_;  ///< those of the list that are shown
};

}  // namespace

std::unique_ptr<report_sink> make_csv_report() { return std::make_unique<csv_report>(); }

}  // namespace pofetch::lists
