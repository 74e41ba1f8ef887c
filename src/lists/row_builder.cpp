#include "lists/row_builder.hpp"

#include "core/ascii.hpp"
#include "core/mask_url.hpp"
#include "core/url.hpp"
#include "lists/record_look.hpp"
#include "lists/show.hpp"
#include "lists/xlsx/hyperlink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::lists {
namespace {

constexpr std::size_t sha256_digits = 64;

std::string trimmed(const std::string& cell) { return std::string(core::trim(cell)); }

bool is_sha256(std::string_view text) {
  return text.size() == sha256_digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return core::hex_value(c) >= 0; });
}

/// Of any scheme: passwords stand in those of FTP, too.
bool is_address(std::string_view text) {
  const std::string_view scheme = text.substr(0, text.find("://"));
  return !scheme.empty() && scheme.size() < text.size() &&
         std::all_of(scheme.begin(), scheme.end(),
                     [](char c) { return core::is_alnum(c) || c == '+' || c == '-' || c == '.'; });
}

/// What a copy of the record takes, at least.
std::size_t size_of(const record& from) {
  std::size_t size = sizeof(po_row);
  for (const std::string& text : from.cells) size += sizeof(text) + text.size();
  return size;
}

/// A formula that was saved without its value. By `="4500123"` and `=4500123` text and numbers are kept as
/// they are.
bool is_uncalculated(std::string_view text) {
  text = core::trim(text);
  if (!text.starts_with('=')) return false;
  text.remove_prefix(1);
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text.find_first_of("()&+*\"$!") != std::string_view::npos ||
         core::parse_po_cell(text).orders.empty();
}

std::string show_all(const std::vector<std::string>& texts) {
  constexpr std::size_t shown = 5;
  std::string all;
  for (std::size_t i = 0; i < texts.size() && i < shown; ++i) all += (i > 0 ? ", " : "") + show(texts[i]);
  if (texts.size() > shown) all += ", ...";
  return all;
}

}  // namespace

const std::string& row_builder::cell(const record& from, std::optional<std::size_t> column) const {
  static const std::string nothing;
  return column && *column < from.cells.size() ? from.cells[*column] : nothing;
}

/// Why the cell names no PO.
std::string row_builder::no_po(const std::string& text, const core::po_cell& read) const {
  if (is_blank_cell(text)) return "the PO cell is empty";
  const bool scientific = std::any_of(read.rejected.begin(), read.rejected.end(),
                                      [](const auto& one) { return core::is_scientific(one); });
  if (scientific)
    return show(text) +
           " is what a spreadsheet makes of a long number, and digits may be lost; format the column as text "
           "and enter the PO number again";
  if (std::any_of(read.rejected.begin(), read.rejected.end(),
                  [](const auto& one) { return core::has_thousands(one); }))
    return show(text) +
           " may be one number with separators of thousands, or several POs; write digits alone, and several "
           "POs with a semicolon between them";
  if (std::any_of(read.rejected.begin(), read.rejected.end(),
                  [](const auto& one) { return core::is_date(one); }))
    return show(text) +
           " is a date, no PO number; if the spreadsheet has made it of a number, format the column as text "
           "and enter the PO number again";
  if (core::is_formula_error(text))
    return show(text) +
           " is the error of a formula, no PO number; mend the formula or enter the number, and save";
  if (is_uncalculated(text))
    return show(text) +
           " is a formula without its value; open the sheet in the spreadsheet program and save it";
  return show(text) + " is no PO number; expected digits, alone or after PO or PM";
}

void row_builder::take_order(const record& from) {
  const std::string& text = cell(from, columns_.po);
  core::po_cell read = read_numbers_(text);
  if (!plain_ && read.orders.size() > 1 && read.orders.size() > max_copied_size / size_of(from)) {
    row_.problem = fmt::format("Line {}: there are {} POs in one cell; give each of them a row of its own.",
                               row_.line, read.orders.size());
    return;
  }
  orders_ = std::move(read.orders);
  // A number among words of a plain text may be anything: a date, a quantity, a telephone number.
  const bool is_prose = plain_ && !orders_.empty() && !read.rejected.empty();
  if (is_prose || is_uncalculated(text)) orders_.clear();
  if (is_prose) {
    row_.problem = fmt::format(
        "Line {}: {} is not taken, since there is more on the line than PO numbers: {}; give the orders "
        "lines of "
        "their own.",
        row_.line, show(text), show_all(read.rejected));
  } else if (orders_.empty()) {
    row_.problem = fmt::format("Line {}: {}.", row_.line, no_po(text, read));
  } else if (!read.rejected.empty()) {
    row_.problem =
        fmt::format("Line {}: left out, since it is no PO number: {}.", row_.line, show_all(read.rejected));
    keep_lost(read.rejected);
  }
}

/// Words with digits may have been meant as POs: they must not get lost, so they get an unusable row of their
/// own. Other words are notes.
void row_builder::keep_lost(const std::vector<std::string>& rejected) {
  std::string lost;
  for (const std::string& word : rejected) {
    if (std::none_of(word.begin(), word.end(), core::is_digit)) continue;
    lost += (lost.empty() ? "" : " ") + word;
  }
  if (!lost.empty()) orders_.push_back({{}, std::move(lost)});
}

std::string row_builder::manifest_problem(const record& from) {
  if (row_.url.empty()) return "the url is empty";
  if (is_link_formula(row_.url))
    return show(row_.url) +
           " puts its address together from other cells, which is not calculated here; put the address "
           "itself "
           "into the cell";
  if (!core::origin_of(row_.url))
    return show(core::mask_url(row_.url)) + " is no absolute http or https address";
  if (!row_.sha256.empty() && !is_sha256(row_.sha256))
    return "the sha256 " + show(row_.sha256) + " is not 64 hexadecimal digits";
  const std::string_view size = core::trim(cell(from, columns_.size));
  row_.size = core::parse_unsigned(size);
  if (!size.empty() && !row_.size) return "the size " + show(size) + " is no count of bytes";
  return {};
}

/// The address that the cell shows, else the one that its link leads to.
std::string row_builder::address_in(const record& from) const {
  std::string shown = trimmed(cell(from, columns_.url));
  if (core::origin_of(shown)) return shown;
  const auto linked = std::find_if(from.links.begin(), from.links.end(),
                                   [this](const cell_link& one) { return one.column == columns_.url; });
  const std::string link = linked == from.links.end() ? shown : trimmed(linked->target);
  return link_target(link).value_or(link);
}

void row_builder::take_manifest(const record& from) {
  const std::string& text = cell(from, columns_.po);
  row_.url = address_in(from);
  row_.filename = trimmed(cell(from, columns_.file_name));
  row_.sha256 = core::to_lower(core::trim(cell(from, columns_.sha256)));
  row_.size.reset();
  const auto number = core::manifest_po(text);
  if (!number) {
    row_.problem = is_blank_cell(text)
                       ? fmt::format("Line {}: the PO cell is empty.", row_.line)
                       : fmt::format("Line {}: {} is no printable PO.", row_.line, show(text));
    return;
  }
  const std::string problem = manifest_problem(from);
  if (problem.empty()) {
    orders_.push_back({*number, {}});
  } else {
    row_.problem = fmt::format("Line {} (PO {}): {}.", row_.line, show(*number), problem);
  }
}

void row_builder::mask_cells() {
  for (std::size_t i = 0; i < row_.cells.size(); ++i) {
    std::string& text = row_.cells[i];
    if (is_link_formula(text)) {
      text = core::mask_secrets_in_text(text);
    } else if (i == columns_.url || is_address(core::trim(text))) {
      text = core::mask_url(text);
    }
  }
}

void row_builder::take(record from) {
  orders_.clear();
  next_order_ = 0;
  row_ = {};
  row_.line = from.line;
  exhausted_ = false;
  row_.supplier = trimmed(cell(from, columns_.supplier));
  for (const std::size_t folder : columns_.folders) row_.folders.push_back(trimmed(cell(from, folder)));
  if (!from.problem.empty()) {
    row_.problem = std::move(from.problem);
  } else if (columns_.is_manifest) {
    take_manifest(from);
  } else {
    take_order(from);
  }
  if (!plain_ || orders_.size() <= 1) row_.cells = std::move(from.cells);
  row_.cells.resize(column_count_);
  mask_cells();
}

std::optional<po_row> row_builder::next() {
  if (exhausted_) return std::nullopt;
  const bool is_last = next_order_ + 1 >= orders_.size();
  exhausted_ = is_last;
  if (orders_.empty()) return std::move(row_);
  po_row row = is_last ? std::move(row_) : row_;
  core::parsed_po& order = orders_[next_order_++];
  const bool is_lost = order.number.empty();
  const bool tells = is_lost || (next_order_ == 1 && !orders_.back().number.empty());
  if (!tells) row.problem.clear();
  if (plain_ && orders_.size() > 1) row.cells = {order.prefix + order.number};
  row.number = std::move(order.number);
  if (!is_lost) row.prefix = std::move(order.prefix);
  return row;
}

}  // namespace pofetch::lists
