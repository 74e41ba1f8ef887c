#include "core/timestamp.hpp"
#include "lists/report/order_columns.hpp"
#include "lists/report/report_columns.hpp"
#include "lists/report/report_sink.hpp"
#include "lists/report/report_text.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pofetch::lists {
namespace {

/// What stands in a cell of a table that knows only text.
struct plain_text {
  std::string operator()(std::string text) const { return text; }
  std::string operator()(std::uint64_t number) const { return std::to_string(number); }
  std::string operator()(std::chrono::system_clock::time_point when) const { return core::rfc3339(when); }
  std::string operator()(path_cell where) const { return std::move(where.path); }
  std::string operator()(url_cell page) const { return std::move(page.url); }
};

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
    for (const order_column& column : order_columns()) put(std::visit(plain_text(), column.of(po)));
    out.back() = '\n';
  }

  void end(std::string& /*out*/) override {}

 private:
  std::vector<std::size_t> own_columns_;  ///< those of the list that are shown
};

}  // namespace

std::unique_ptr<report_sink> make_csv_report() { return std::make_unique<csv_report>(); }

}  // namespace pofetch::lists
