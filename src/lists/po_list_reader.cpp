#include "lists/po_list_reader.hpp"

#include "core/ascii.hpp"
#include "core/po_number.hpp"
#include "lists/csv/csv_reader.hpp"
#include "lists/list_columns.hpp"
#include "lists/list_form.hpp"
#include "lists/list_header.hpp"
#include "lists/record_look.hpp"
#include "lists/row_builder.hpp"
#include "lists/show.hpp"
#include "lists/text/byte_source.hpp"
#include "lists/text/jsonl_reader.hpp"
#include "lists/text/text_reader.hpp"
#include "lists/text/text_source.hpp"
#include "lists/xlsx/sheet_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::lists {
namespace {

class po_list_reader final : public po_list {
 public:
  po_list_reader(std::unique_ptr<record_reader> records, list_header header, list_columns columns,
                 list_facts facts, number_rule read_numbers)
      : records_(std::move(records)),
        names_(std::move(header.names)),
        facts_(std::move(facts)),
        is_manifest_(columns.is_manifest),
        po_(columns.po),
        url_(columns.url),
        is_plain_(header.line == 0),
        rows_(std::move(columns), names_.size(), is_plain_, std::move(read_numbers)) {}

  /// Where the cells of the url column lead.
  void follow(sheet_links links) { links_ = std::move(links); }

  [[nodiscard]] const std::vector<std::string>& columns() const override { return names_; }
  [[nodiscard]] bool is_manifest() const override { return is_manifest_; }

  [[nodiscard]] list_facts facts() const override { return facts_; }

  [[nodiscard]] result<std::optional<po_row>> next() override {
    if (first_) return std::exchange(first_, std::nullopt);
    while (true) {
      auto row = rows_.next();
      if (row) return row;
      auto from = records_->next();
      if (!from) return from.error();
      if (!*from) return std::optional<po_row>();
      if (is_row(**from)) rows_.take(linked(std::move(**from)));
    }
  }

  /// Reads up to the first row, which `next` gives then. False: there is none.
  [[nodiscard]] result<bool> look_ahead() {
    auto row = next();
    if (!row) return row.error();
    first_ = std::move(*row);
    return first_.has_value();
  }

 private:
  /// Counts those that nobody sees in the spreadsheet program.
  [[nodiscard]] bool is_row(const record& from) {
    if (is_no_row(from) || repeats_names(from)) return false;
    facts_.hidden_rows += from.is_hidden ? 1U : 0U;
    return !from.is_hidden || !facts_.hidden_left_out;
  }

  /// Names stand above every page of printed lists, and in the middle of joined ones.
  [[nodiscard]] bool repeats_names(const record& from) const {
    const auto same = [](const std::string& a, const std::string& b) {
      return core::trim(a) == core::trim(b);
    };
    return !is_plain_ && po_ < from.cells.size() && same(from.cells[po_], names_[po_]) &&
           std::equal(from.cells.begin(), from.cells.end(), names_.begin(), names_.end(), same) &&
           !core::parse_po_cell(names_[po_]).all_pos();
  }

  [[nodiscard]] record linked(record from) const {
    const std::string* const target = url_ ? links_.of_row(from.line) : nullptr;
    if (target != nullptr) from.links.push_back({*url_, *target});
    return from;
  }

  std::unique_ptr<record_reader> records_;
  std::vector<std::string> names_;
  list_facts facts_;
  bool is_manifest_;
  std::size_t po_;
  std::optional<std::size_t> url_;
  bool is_plain_;
  sheet_links links_;
  row_builder rows_;
  std::optional<po_row> first_;
};

std::unique_ptr<record_reader> make_reader(const list_form& form, std::unique_ptr<text_source> text,
                                           const std::string& name) {
  switch (form.what) {
    case list_form::kind::json_lines:
      return std::make_unique<jsonl_reader>(std::move(text), name);
    case list_form::kind::text:
      return std::make_unique<text_reader>(std::move(text));
    case list_form::kind::csv:
      break;
  }
  return std::make_unique<csv_reader>(std::move(text), form.dialect, name);
}

/// A list before its columns are known.
struct opened_list {
  std::unique_ptr<peeked_records> records;
  sheet_rows* sheet = nullptr;  ///< what `records` reads, of a workbook
  list_form::kind form = list_form::kind::csv;
  list_facts facts;
};

std::string separator_name(char delimiter) {
  switch (delimiter) {
    case ',':
      return "comma";
    case ';':
      return "semicolon";
    case '\t':
      return "tab";
    case '|':
      return "bar";
    case csv_dialect::none:
      return "none, one column";
    default:
      return std::string("'") + delimiter + "'";
  }
}

std::string encoding_name(text_encoding encoding) {
  switch (encoding) {
    case text_encoding::utf16_le:
    case text_encoding::utf16_be:
      return "UTF-16";
    case text_encoding::windows_1252:
      return "Windows-1252";
    case text_encoding::utf8:
      break;
  }
  return "UTF-8";
}

list_facts facts_of(const list_form& form, text_encoding encoding) {
  list_facts facts;
  facts.encoding = encoding_name(encoding);
  facts.form = "plain text";
  if (form.what == list_form::kind::json_lines) facts.form = "JSON Lines";
  if (form.what == list_form::kind::csv) {
    facts.form = "CSV";
    facts.separator = separator_name(form.dialect.delimiter);
  }
  return facts;
}

result<opened_list> open_text(const list_options& options, const std::string& name) {
  auto bytes = open_byte_source(options.input);
  if (!bytes) return bytes.error();
  auto text = text_source::open(std::move(*bytes), name);
  if (!text) return text.error();
  auto form = detect_list_form((*text)->sample(), options, name);
  if (!form) return form.error();
  opened_list list;
  list.facts = facts_of(*form, (*text)->encoding());
  list.form = form->what;
  list.records = std::make_unique<peeked_records>(make_reader(*form, std::move(*text), name));
  return list;
}

opened_list open_rows(opened_sheet sheet) {
  opened_list list;
  list.facts.form = "XLSX";
  list.facts.sheet = std::move(sheet.sheet);
  list.facts.remarks = std::move(sheet.remarks);
  list.sheet = sheet.rows.get();
  list.records = std::make_unique<peeked_records>(std::move(sheet.rows));
  return list;
}

result<list_header> header_of(opened_list& list, const list_options& options, const std::string& name) {
  if (list.sheet != nullptr) return find_sheet_header(*list.records, *list.sheet, options, name);
  switch (list.form) {
    case list_form::kind::text:
      return plain_header();
    case list_form::kind::json_lines:
      return read_header(*list.records, name);
    case list_form::kind::csv:
      break;
  }
  return find_header(*list.records, options, name);
}

/// Formulas whose source has gone leave a whole column of errors: the sheet has to be mended, not its rows.
result<void> check_formulas(const std::deque<record>& rows, std::size_t po, const std::string& column,
                            const std::string& name) {
  const auto is_broken = [po](const record& row) {
    return po < row.cells.size() && core::is_formula_error(row.cells[po]);
  };
  if (rows.empty() || !std::all_of(rows.begin(), rows.end(), is_broken)) return {};
  return make_failure(
      errc::input,
      fmt::format("The column {} of {} begins with errors of formulas, {} in line {}, and not one PO number; "
                  "mend the formulas in the spreadsheet program, or enter the numbers, and save it.",
                  show(column), name, show(rows.front().cells[po]), rows.front().line));
}

void name_columns(const std::vector<std::string>& names, const list_columns& columns, list_facts& facts) {
  facts.po_column = names[columns.po];
  if (columns.supplier) facts.supplier_column = names[*columns.supplier];
  for (const std::size_t folder : columns.folders) facts.folder_columns.push_back(names[folder]);
}

result<std::unique_ptr<po_list>> made_of(opened_list opened, const list_options& options,
                                         const std::string& name) {
  auto header = header_of(opened, options, name);
  if (!header) return header.error();
  auto ahead = opened.records->look_ahead();
  if (!ahead) return ahead.error();
  auto columns = resolve_columns(header->names, **ahead, options, name);
  if (!columns) return columns.error();
  const bool has_keys = opened.form == list_form::kind::json_lines;
  if (!has_keys && options.po_column.empty() && may_be_title(*header, **ahead, columns->po))
    return uncertain(name);
  if (opened.sheet != nullptr && !columns->is_manifest) {
    auto good = check_formulas(**ahead, columns->po, header->names[columns->po], name);
    if (!good) return good.error();
  }
  auto links = result<sheet_links>(sheet_links());
  if (opened.sheet != nullptr && columns->url) links = opened.sheet->links_of(*columns->url);
  if (!links) return links.error();
  opened.facts.header_line = header->line;
  opened.facts.hidden_left_out = options.visible_rows;
  name_columns(header->names, *columns, opened.facts);
  auto list =
      std::make_unique<po_list_reader>(std::move(opened.records), std::move(*header), std::move(*columns),
                                       std::move(opened.facts), options.read_numbers);
  list->follow(std::move(*links));
  auto found = list->look_ahead();
  if (!found) return found.error();
  if (!*found) return no_rows(name, list->facts().hidden_rows);
  return std::unique_ptr<po_list>(std::move(list));
}

}  // namespace

result<std::unique_ptr<po_list>> open_po_list(const list_options& options) {
  const std::string name = display_name(options.input);
  auto sheet = open_sheet(options, name);
  if (!sheet) return sheet.error();
  auto opened = *sheet ? result<opened_list>(open_rows(std::move(**sheet))) : open_text(options, name);
  if (!opened) return opened.error();
  const std::vector<std::string> remarks = opened->facts.remarks;
  auto made = made_of(std::move(*opened), options, name);
  if (made) return made;
  std::string message = made.error().message;
  for (const std::string& remark : remarks) message += " " + remark;
  return make_failure(made.error().code, std::move(message));
}

}  // namespace pofetch::lists
