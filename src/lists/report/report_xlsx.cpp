#include "lists/report/report_xlsx.hpp"

#include "core/consequence.hpp"
#include "core/setting_text.hpp"
#include "core/version_key.hpp"
#include "lists/report/order_columns.hpp"
#include "lists/report/report_columns.hpp"
#include "lists/report/xlsx_book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pofetch::lists {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t orders_named = 10;

/// The output folder as the report's own folder sees it, so that both can be moved together.
std::string folder_seen_from(const fs::path& to, const fs::path& out) {
  std::error_code problem;
  const fs::path whole = fs::weakly_canonical(out, problem);
  const fs::path seen = fs::relative(out, fs::absolute(to).parent_path(), problem);
  return (problem || seen.empty() ? whole : seen).generic_string();
}

std::string joined(const std::string& folder, const std::string& rest) {
  return folder == "." ? rest : folder + "/" + rest;
}

/// What failed in the same way.
struct cause {
  errc code = errc::internal;
  std::uint64_t orders = 0;
  std::uint64_t attachments = 0;
  std::string example;
  std::string first_orders;
};

/// Causes by their words: these are a small closed set, so memory stays flat.
class cause_list {
 public:
  void add(const report_row& row) {
    const po_outcome& po = row.outcome;
    std::vector<std::string> here;
    if (po.error) note(*po.error, row, here);
    for (const attachment_record& one : po.attachments) {
      if (!one.error) continue;
      ++note(*one.error, row, here).attachments;
    }
  }

  [[nodiscard]] std::vector<std::pair<std::string, cause>> commonest_first() const {
    std::vector<std::pair<std::string, cause>> sorted(causes_.begin(), causes_.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second.orders > b.second.orders; });
    return sorted;
  }

 private:
  /// `here`: the words that this PO was counted for.
  cause& note(const failure& why, const report_row& row, std::vector<std::string>& here) {
    const std::string word = code_word(why);
    cause& one = causes_[word];
    one.code = why.code;
    if (one.example.empty()) one.example = why.message;
    if (std::find(here.begin(), here.end(), word) != here.end()) return one;
    here.push_back(word);
    if (one.orders < orders_named) {
      if (!one.first_orders.empty()) one.first_orders += ", ";
      const std::string& number = row.outcome.po.number;
      one.first_orders += number.empty() ? fmt::format("line {}", row.line) : number;
    } else if (one.orders == orders_named) {
      one.first_orders += ", ...";
    }
    ++one.orders;
    return one;
  }

  std::map<std::string, cause> causes_;
};

/// A column of the sheet of attachments.
struct attachment_column {
  std::string_view name;
  double width;  ///< in characters
  cell_value (*of)(const po_outcome& po, const attachment_record& one);
};

path_cell path_of(const po_outcome& po, const attachment_record& one) {
  const bool on_disk = one.status == attachment_status::completed && !one.name.empty();
  return {on_disk ? joined(po.po.folder.empty() ? "." : po.po.folder, one.name) : std::string()};
}

constexpr std::array attachment_columns{
    attachment_column{"PO_NUMBER", 16,
                      [](const auto& po, const auto&) -> cell_value { return po.po.number; }},
    attachment_column{"NAME", 40, [](const auto&, const auto& one) -> cell_value { return one.name; }},
    attachment_column{
        "STATUS", 14,
        [](const auto&, const auto& one) -> cell_value { return std::string(status_word(one)); }},
    attachment_column{"BYTES", 14, [](const auto&, const auto& one) -> cell_value { return one.bytes; }},
    attachment_column{"SHA256", 20, [](const auto&, const auto& one) -> cell_value { return one.sha256; }},
    attachment_column{"MEDIA_TYPE", 24,
                      [](const auto&, const auto& one) -> cell_value { return one.media_type; }},
    attachment_column{"ATTEMPTS", 10,
                      [](const auto&, const auto& one) -> cell_value {
                        return static_cast<std::uint64_t>(std::max<std::int64_t>(one.attempts, 0));
                      }},
    attachment_column{"PATH", 40,
                      [](const auto& po, const auto& one) -> cell_value { return path_of(po, one); }},
    attachment_column{"URL", 40, [](const auto&, const auto& one) -> cell_value { return one.url; }},
    attachment_column{"ERROR_CODE", 18,
                      [](const auto&, const auto& one) -> cell_value {
                        return one.error ? code_word(*one.error) : std::string();
                      }},
    attachment_column{"ERROR_MESSAGE", 60,
                      [](const auto&, const auto& one) -> cell_value {
                        return one.error ? one.error->message : std::string();
                      }},
    attachment_column{"VERSION", 10,
                      [](const auto&, const auto& one) -> cell_value {
                        return std::uint64_t{core::split_version(one.key).number};
                      }},
};

/// The tables of one report.
class workbook_report {
 public:
  workbook_report(xlsx_book& book, const run_record& run, std::string folder)
      : book_(book),
        folder_(std::move(folder)),
        own_(own_columns(run.info.columns)),
        orders_(book, "Purchase orders", columns_of_orders(run.info.columns)),
        attachments_(book, "Attachments", columns_of_attachments()) {}

  void add(const report_row& row) {
    causes_.add(row);
    add_order(row);
    for (const attachment_record& one : row.outcome.attachments) add_attachment(row.outcome, one);
  }

  void finish() {
    orders_.finish();
    attachments_.finish();
    xlsx_table errors(book_, "Errors",
                      {{"CAUSE", 22},
                       {"PURCHASE_ORDERS", 18},
                       {"ATTACHMENTS", 14},
                       {"NEXT_STEP", 80},
                       {"EXAMPLE", 80},
                       {"FIRST_PURCHASE_ORDERS", 50}});
    for (const auto& [word, one] : causes_.commonest_first()) {
      errors.text(word);
      errors.number(one.orders);
      errors.number(one.attachments);
      errors.text(core::spelled(core::consequence_of(one.code).next_step));
      errors.text(one.example);
      errors.text(one.first_orders);
      errors.end_row();
    }
    errors.finish();
  }

 private:
  static std::vector<xlsx_column> columns_of_orders(const std::vector<std::string>& columns) {
    constexpr double of_the_list = 18;
    std::vector<xlsx_column> made;
    for (const std::string& name : own_names(columns)) made.push_back({name, of_the_list});
    const std::span<const order_column> ours = order_columns();
    const std::vector<std::string> names = result_names(columns);
    for (std::size_t i = 0; i < ours.size(); ++i) made.push_back({names[i], ours[i].width});
    return made;
  }

  static std::vector<xlsx_column> columns_of_attachments() {
    std::vector<xlsx_column> made;
    for (const attachment_column& each : attachment_columns)
      made.push_back({std::string(each.name), each.width});
    return made;
  }

  void add_order(const report_row& row) {
    for (const std::size_t column : own_)
      orders_.text(column < row.cells.size() ? std::string_view(row.cells[column]) : std::string_view());
    for (const order_column& each : order_columns()) put(orders_, each.of(row));
    orders_.end_row();
  }

  void add_attachment(const po_outcome& po, const attachment_record& one) {
    for (const attachment_column& each : attachment_columns) put(attachments_, each.of(po, one));
    attachments_.end_row();
  }

  void put(xlsx_table& table, const cell_value& value) const {
    struct writer {
      xlsx_table& table;
      const std::string& folder;
      void operator()(const std::string& text) const { table.text(text); }
      void operator()(std::uint64_t number) const { table.number(number); }
      void operator()(std::chrono::system_clock::time_point when) const { table.time(when); }
      void operator()(const path_cell& where) const { table.link(where.path, joined(folder, where.path)); }
      void operator()(const url_cell& page) const { table.link(page.url, page.url); }
    };
    std::visit(writer{table, folder_}, value);
  }

  xlsx_book& book_;
  std::string folder_;
  std::vector<std::size_t> own_;
  xlsx_table orders_;
  xlsx_table attachments_;
  cause_list causes_;
};

void write_summary(xlsx_book& book, const run_record& run, const batch_totals& totals,
                   const std::string& folder) {
  xlsx_table summary(book, "Summary", {{"Batch", 26}, {"", 28}});
  const auto line = [&summary](std::string_view label, const auto& value) {
    summary.text(label);
    value();
    summary.end_row();
  };
  const auto text = [&](std::string_view label, std::string_view value) {
    line(label, [&] { summary.text(value); });
  };
  const auto number = [&](std::string_view label, std::uint64_t value) {
    line(label, [&] { summary.number(value); });
  };
  text("List", run.info.input);
  text("Source", run.info.source);
  line("Instance", [&] { summary.link(run.info.base_url, run.info.base_url); });
  line("Folder", [&] { summary.link(folder, folder); });
  line("Started (UTC)", [&] { summary.time(run.info.started_at); });
  if (run.finished_at) line("Finished (UTC)", [&] { summary.time(*run.finished_at); });
  text("State", run.interrupted ? "stopped before its end; run the same command again to go on" : "finished");
  number("Purchase orders in the list", totals.purchase_orders);
  for (std::size_t i = 0; i < totals.by_status.size(); ++i)
    number(fmt::format("    {}", to_string(static_cast<po_status>(i))), totals.by_status[i]);
  number("Attachments found", totals.attachments_found);
  number("Attachments downloaded", totals.attachments_downloaded);
  number("Attachments left out", totals.attachments_left_out);
  number("Bytes", totals.bytes);
  number("Rows of the list", run.intake.rows);
  number("    repeated", run.intake.repeated);
  number("    without a usable PO", run.intake.invalid);
  number("Requests of the last run", run.requests);
  number("    tried again", run.retries);
  text("Seconds of the last run", fmt::format("{:.1f}", run.elapsed_seconds));
}

}  // namespace

result<void> write_xlsx_report(batch_reader& records, const fs::path& to, const fs::path& out) {
  auto run = records.last_run();
  if (!run) return run.error();
  auto totals = records.totals();
  if (!totals) return totals.error();
  auto file = os::replacement_file::create(to);
  if (!file) return file.error();
  auto book = xlsx_book::make();
  if (!book) return book.error();
  const std::string folder = folder_seen_from(to, out);
  write_summary(**book, *run, *totals, folder);
  workbook_report report(**book, *run, folder);
  auto visited = records.each([&report](const report_row& row) -> result<void> {
    report.add(row);
    return {};
  });
  if (!visited) return visited.error();
  report.finish();
  auto closed = (*book)->close_into(**file);
  if (!closed) return closed.error();
  return (*file)->commit();
}

}  // namespace pofetch::lists
