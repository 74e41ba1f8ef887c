#include "lists/xlsx/sheet_reader.hpp"

#include "core/ascii.hpp"
#include "lists/xlsx/hyperlink.hpp"
#include "lists/xlsx/sheet_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace pofetch::lists {
namespace {

constexpr std::size_t part_size = 64U << 10;

template <class Number>
std::optional<Number> parse_number(std::string_view digits) {
  Number value{};
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

struct cell_place {
  std::int64_t row = 0;
  std::size_t column = 0;
};

/// The column of a reference such as `BC12`, from 0.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t letters = 0;
  while (letters < reference.size() && core::is_alpha(reference[letters])) {
    if (letters == 4) return std::nullopt;
    column = column * 26 + static_cast<std::size_t>(core::to_lower(reference[letters++]) - 'a' + 1);
  }
  if (letters == 0) return std::nullopt;
  return column - 1;
}

std::optional<cell_place> place_of(std::string_view reference) {
  const auto column = column_of(reference);
  const auto digits = std::min(reference.find_first_of("0123456789"), reference.size());
  const auto row = parse_number<std::int64_t>(reference.substr(digits));
  if (!column || !row) return std::nullopt;
  return cell_place{*row, *column};
}

class merges_reader final : public xml_handler {
 public:
  explicit merges_reader(std::int64_t row) : events(*this), row_(row) {}

  void element_started(std::string_view element, std::span<const xml_attribute> attributes) override {
    if (element != "mergeCell" || found.size() >= max_columns) return;
    const std::string_view reference = value_of(attributes, "ref");
    const auto cells = range_of(reference);
    if (cells && cells->first_row == row_ && reference.find(':') != std::string_view::npos)
      found.push_back(*cells);
  }
  void element_ended(std::string_view element) override {
    if (element == "mergeCells") events.halt();
  }
  void text(std::string_view /*utf8*/) override {}

  xml_events events;
  std::vector<cell_range> found;

 private:
  std::int64_t row_;
};

}  // namespace

std::optional<cell_range> range_of(std::string_view reference) {
  const std::size_t colon = reference.find(':');
  const auto first = place_of(reference.substr(0, colon));
  const auto last = colon == std::string_view::npos ? first : place_of(reference.substr(colon + 1));
  if (!first || !last) return std::nullopt;
  return cell_range{first->row, last->row, first->column, last->column};
}

result<std::vector<cell_range>> read_merged_cells(byte_source& part, std::int64_t row,
                                                  const std::string& name) {
  merges_reader reader(row);
  auto done = read_xml(part, reader.events, name);
  if (!done) return done.error();
  return std::move(reader.found);
}

/// Gathers rows from the events of the sheet's part.
class sheet_reader::parser final : public xml_handler {
 public:
  explicit parser(const std::string& name) : name_(name), events_(*this) {}

  [[nodiscard]] xml_events& events() { return events_; }
  [[nodiscard]] const std::optional<failure>& problem() const { return problem_; }
  std::deque<raw_row> rows;

  void element_started(std::string_view element, std::span<const xml_attribute> attributes) override {
    collects_ = nullptr;
    if (element == "row") {
      begin_row(attributes);
    } else if (element == "c") {
      begin_cell(attributes);
    } else if (in_cell_ && (element == "v" || (element == "t" && !in_aid_))) {
      collects_ = &cell_.text;
    } else if (in_cell_ && element == "f") {
      begin_formula(attributes);
    } else if (element == "rPh") {
      in_aid_ = true;
    }
  }

  void element_ended(std::string_view element) override {
    collects_ = nullptr;
    if (element == "c") end_cell();
    if (element == "rPh") in_aid_ = false;
    if (element == "row" && !row_.cells.empty()) rows.push_back(std::exchange(row_, {}));
    if (element == "sheetData") events_.halt();
  }

  void text(std::string_view utf8) override {
    if (collects_ == nullptr) return;
    row_size_ += utf8.size();
    if (collects_->size() + utf8.size() > max_cell_size || row_size_ > max_record_size)
      return fail(fmt::format("Row {} of {} holds more than {} MiB; that is no list", number_, name_,
                              row_size_ > max_record_size ? max_record_size >> 20U : max_cell_size >> 20U));
    *collects_ += utf8;
  }

 private:
  void begin_row(std::span<const xml_attribute> attributes) {
    const std::string_view given = value_of(attributes, "r");
    const std::int64_t before = number_;
    number_ = given.empty() ? before + 1 : parse_number<std::int64_t>(given).value_or(0);
    column_ = 0;
    row_ = {};
    row_.number = number_;
    const std::string_view hidden = value_of(attributes, "hidden");
    row_.is_hidden = hidden == "1" || hidden == "true" || value_of(attributes, "ht") == "0";
    row_size_ = 0;
    if (number_ <= before)
      return fail(
          fmt::format("The rows of {} are out of order behind row {}: the sheet is damaged; open it in the "
                      "spreadsheet program and save it again",
                      name_, before));
    if (number_ > max_sheet_rows)
      fail(fmt::format(
          "{} goes beyond row 1,048,576, the last that a sheet can have; split the list, or save it as "
          "CSV (UTF-8)",
          name_));
  }

  void begin_cell(std::span<const xml_attribute> attributes) {
    const std::string_view reference = value_of(attributes, "r");
    if (!reference.empty()) column_ = column_of(reference).value_or(max_columns);
    cell_ = {};
    cell_.column = column_++;
    cell_.type = value_of(attributes, "t");
    cell_.style = parse_number<std::size_t>(value_of(attributes, "s")).value_or(0);
    formula_.clear();
    shared_number_.clear();
    in_cell_ = true;
    has_formula_ = false;
  }

  /// A formula that is shared with the cells below stands in the first of them; the others have its number.
  void begin_formula(std::span<const xml_attribute> attributes) {
    has_formula_ = true;
    collects_ = &formula_;
    const bool is_shared = value_of(attributes, "t") == "shared";
    shared_number_ = is_shared ? std::string(value_of(attributes, "si")) : std::string();
  }

  /// The formula by which the cell is a link, if it is one.
  std::string link_formula() {
    constexpr std::size_t most_shared = 1000;
    const auto known = shared_number_.empty() ? shared_links_.end() : shared_links_.find(shared_number_);
    if (formula_.empty()) return known == shared_links_.end() ? std::string() : known->second;
    constexpr std::size_t longest_formula = 8192;
    std::string link = "=" + formula_;
    if (!is_link_formula(link) || link.size() > longest_formula) return {};
    if (!shared_number_.empty() && shared_links_.size() < most_shared) shared_links_[shared_number_] = link;
    return link;
  }

  void end_cell() {
    in_cell_ = false;
    if (has_formula_) cell_.link = link_formula();
    // A formula's empty text is a value; no value at all was never calculated.
    cell_.is_formula = has_formula_ && cell_.text.empty() && cell_.type != "str";
    if (cell_.is_formula) cell_.text = std::exchange(formula_, {});
    if (cell_.text.empty() && !cell_.is_formula) return;
    if (cell_.column >= max_columns)
      return fail(fmt::format("Row {} of {} has a value beyond column {}; that is no list", number_, name_,
                              max_columns));
    row_.cells.push_back(std::move(cell_));
  }

  void fail(std::string why) {
    if (!problem_) problem_ = make_failure(errc::input, std::move(why) + ".");
    events_.halt();
  }

  std::string name_;
  xml_events events_;
  std::optional<failure> problem_;
  raw_row row_;
  raw_cell cell_;
  std::string formula_;
  std::string shared_number_;                        ///< of the formula, if it is shared
  std::map<std::string, std::string> shared_links_;  ///< formulas that are links, by their numbers
  std::int64_t number_ = 0;
  std::size_t column_ = 0;
  std::size_t row_size_ = 0;
  std::string* collects_ = nullptr;  ///< where text belongs just now
  bool in_cell_ = false;
  bool in_aid_ = false;  ///< reading aids of Japanese, no part of the text
  bool has_formula_ = false;
};

sheet_reader::sheet_reader(std::unique_ptr<byte_source> part, surroundings around)
    : part_(std::move(part)),
      around_(std::move(around)),
      parser_(std::make_unique<parser>(around_.name)),
      buffer_(part_size, '\0') {}

sheet_reader::~sheet_reader() = default;

/// Feeds one piece of the part to the parser.
result<void> sheet_reader::read_some() {
  auto got = part_->read(buffer_);
  if (!got) return got.error();
  xml_events& events = parser_->events();
  at_end_ = *got == 0;
  const bool good = at_end_ ? events.finish() : events.feed(std::string_view(buffer_).substr(0, *got));
  if (parser_->problem()) return *parser_->problem();
  if (!good) return xml_failure(events, around_.name);
  if (!events.halted() || at_end_) return {};
  return read_rest();
}

/// What stands behind the rows is not looked at, but the check sum of the part is at its end.
result<void> sheet_reader::read_rest() {
  while (!at_end_) {
    auto got = part_->read(buffer_);
    if (!got) return got.error();
    at_end_ = *got == 0;
  }
  return {};
}

result<std::optional<record>> sheet_reader::next() {
  while (parser_->rows.empty()) {
    if (at_end_) return std::optional<record>();
    auto read = read_some();
    if (!read) return read.error();
  }
  const raw_row row = std::move(parser_->rows.front());
  parser_->rows.pop_front();
  auto made = arranged(row);
  if (!made) return made.error();
  return std::optional<record>(std::move(*made));
}

result<record> sheet_reader::arranged(const raw_row& row) {
  record made;
  made.line = row.number;
  made.is_hidden = row.is_hidden;
  std::size_t size = 0;
  for (const raw_cell& cell : row.cells) {
    auto text = text_of(cell, row.number);
    if (!text) return text.error();
    size += text->size() + cell.link.size();
    if (size > max_record_size)
      return make_failure(errc::input, fmt::format("Row {} of {} holds more than {} MiB; that is no list.",
                                                   row.number, around_.name, max_record_size >> 20U));
    if (made.cells.size() <= cell.column) made.cells.resize(cell.column + 1);
    made.cells[cell.column] = std::move(*text);
    if (!cell.link.empty()) made.links.push_back({cell.column, cell.link});
  }
  return made;
}

result<std::string> sheet_reader::text_of(const raw_cell& cell, std::int64_t row) {
  if (cell.is_formula) return "=" + cell.text;
  if (cell.type == "s") {
    const auto number = parse_number<std::uint64_t>(core::trim(cell.text));
    auto text = result<std::optional<std::string>>(std::nullopt);
    if (number && around_.strings) text = around_.strings->find(*number);
    if (!text) return text.error();
    if (*text) return std::move(**text);
    return make_failure(errc::input,
                        fmt::format("Row {} of {} names a text that the workbook does not have: it is "
                                    "damaged; open it in the spreadsheet program and save it again.",
                                    row, around_.name));
  }
  if (cell.type == "b") return std::string(cell.text == "0" ? "FALSE" : "TRUE");
  if (cell.type == "inlineStr" || cell.type == "str") return unescape_sheet_text(cell.text);
  if (cell.type == "e" || cell.type == "d") return cell.text;
  const bool is_date = cell.style < around_.date_styles.size() && around_.date_styles[cell.style];
  return is_date ? date_text(cell.text, around_.from_1904) : number_text(cell.text);
}

}  // namespace pofetch::lists
