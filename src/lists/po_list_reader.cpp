#include "lists/po_list_reader.hpp"

#include "core/ascii.hpp"
#include "lists/byte_source.hpp"
#include "lists/csv_reader.hpp"
#include "lists/jsonl_reader.hpp"
#include "lists/list_columns.hpp"
#include "lists/list_form.hpp"
#include "lists/row_builder.hpp"
#include "lists/text_reader.hpp"
#include "lists/text_source.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::lists {
namespace {

/// The made-up column of a plain text list; a report of it can be read as a list again.
constexpr const char* text_column = "po_number";

class po_list_reader final : public po_list {
 public:
  po_list_reader(std::unique_ptr<record_reader> records, std::vector<std::string> names, list_columns columns,
                 bool plain)
      : records_(std::move(records)),
        names_(std::move(names)),
        is_manifest_(columns.is_manifest),
        rows_(std::move(columns), names_.size(), plain) {}

  [[nodiscard]] const std::vector<std::string>& columns() const override { return names_; }
  [[nodiscard]] bool is_manifest() const override { return is_manifest_; }

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

failure no_rows(const std::string& name) {
  return make_failure(errc::input,
                      "There are no rows in " + name + "; expected at least one purchase order.");
}

/// The first record that is not blank.
result<std::vector<std::string>> read_header(record_reader& records, const std::string& name) {
  while (true) {
    auto next = records.next();
    if (!next) return next.error();
    if (!*next) return no_rows(name);
    auto& cells = (**next).cells;
    const bool blank =
        std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return core::trim(cell).empty(); });
    if (!blank) return std::move(cells);
  }
}

}  // namespace

result<std::unique_ptr<po_list>> open_po_list(const list_options& options) {
  const std::string name = display_name(options.input);
  auto bytes = open_byte_source(options.input);
  if (!bytes) return bytes.error();
  auto text = text_source::open(std::move(*bytes), name);
  if (!text) return text.error();
  auto form = detect_list_form((*text)->sample(), options, name);
  if (!form) return form.error();
  const bool plain = form->what == list_form::kind::text;
  auto records = make_reader(*form, std::move(*text), name);
  std::vector<std::string> names = {text_column};
  if (!plain) {
    auto header = read_header(*records, name);
    if (!header) return header.error();
    names = std::move(*header);
  }
  auto columns = resolve_columns(names, options, name);
  if (!columns) return columns.error();
  auto list =
      std::make_unique<po_list_reader>(std::move(records), std::move(names), std::move(*columns), plain);
  auto found = list->look_ahead();
  if (!found) return found.error();
  if (!*found) return no_rows(name);
  return std::unique_ptr<po_list>(std::move(list));
}

}  // namespace pofetch::lists
