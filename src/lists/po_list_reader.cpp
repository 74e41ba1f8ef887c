#include "lists/po_list_reader.hpp"

#include "lists/byte_source.hpp"
#include "lists/csv_reader.hpp"
#include "lists/jsonl_reader.hpp"
#include "lists/list_columns.hpp"
#include "lists/list_form.hpp"
#include "lists/list_header.hpp"
#include "lists/row_builder.hpp"
#include "lists/sheet_file.hpp"
#include "lists/text_reader.hpp"
#include "lists/text_source.hpp"

#include <utility>

namespace pofetch::lists {
namespace {

class po_list_reader final : public po_list {
 public:
  po_list_reader(std::unique_ptr<record_reader> records, list_header header, list_columns columns,
                 list_facts facts)
      : records_(std::move(records)),
        names_(std::move(header.names)),
        facts_(std::move(facts)),
        is_manifest_(columns.is_manifest),
        rows_(std::move(columns), names_.size(), header.line == 0) {}

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
      rows_.take(std::move(**from));
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
  std::unique_ptr<record_reader> records_;
  std::vector<std::string> names_;
  list_facts facts_;
  bool is_manifest_;
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
  list_header header;
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
  list.records = std::make_unique<peeked_records>(make_reader(*form, std::move(*text), name));
  auto header = form->what == list_form::kind::text ? plain_header() : read_header(*list.records, name);
  if (!header) return header.error();
  list.header = std::move(*header);
  return list;
}

result<opened_list> open_rows(opened_sheet sheet, const list_options& options, const std::string& name) {
  opened_list list;
  list.facts.form = "XLSX";
  list.facts.sheet = std::move(sheet.sheet);
  list.facts.remarks = std::move(sheet.remarks);
  sheet_rows& rows = *sheet.rows;
  list.records = std::make_unique<peeked_records>(std::move(sheet.rows));
  auto header = find_sheet_header(*list.records, rows, options, name);
  if (!header) return header.error();
  list.header = std::move(*header);
  return list;
}

void name_columns(const std::vector<std::string>& names, const list_columns& columns, list_facts& facts) {
  facts.po_column = names[columns.po];
  if (columns.supplier) facts.supplier_column = names[*columns.supplier];
  for (const std::size_t folder : columns.folders) facts.folder_columns.push_back(names[folder]);
}

}  // namespace

result<std::unique_ptr<po_list>> open_po_list(const list_options& options) {
  const std::string name = display_name(options.input);
  auto sheet = open_sheet(options, name);
  if (!sheet) return sheet.error();
  auto opened = *sheet ? open_rows(std::move(**sheet), options, name) : open_text(options, name);
  if (!opened) return opened.error();
  auto ahead = opened->records->look_ahead();
  if (!ahead) return ahead.error();
  auto columns = resolve_columns(opened->header.names, **ahead, options, name);
  if (!columns) return columns.error();
  opened->facts.header_line = opened->header.line;
  name_columns(opened->header.names, *columns, opened->facts);
  auto list = std::make_unique<po_list_reader>(std::move(opened->records), std::move(opened->header),
                                               std::move(*columns), std::move(opened->facts));
  auto found = list->look_ahead();
  if (!found) return found.error();
  if (!*found) return no_rows(name);
  return std::unique_ptr<po_list>(std::move(list));
}

}  // namespace pofetch::lists
