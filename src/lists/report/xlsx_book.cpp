#include "lists/report/xlsx_book.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"
#include "lists/report/report_text.hpp"
#include "lists/xlsx/scratch_file.hpp"
#include "lists/xlsx/xml_events.hpp"
#include "lists/xlsx/zip_archive.hpp"
#include "os/failure_of.hpp"
#include "os/read_write.hpp"
#include "os/unique_fd.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <stdlib.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <xlsxwriter.h>

namespace pofetch::lists {
namespace {

constexpr std::size_t copy_size = 256U << 10;
constexpr std::size_t units_of_a_cell = 32'767;

failure cannot_write(const std::string& why, int error) {
  return make_failure(
      os::code_of(error),
      "Cannot write the workbook of the report: " + why +
          "; see that there is room in the folder for temporary files (the variable TMPDIR names "
          "another one).");
}

failure cannot_write(int error) { return cannot_write(os::words_of(error), error); }

/// Would a reader take what begins here for an escaped character (`_x000D_`)?
bool reads_as_escape(std::string_view text) {
  constexpr std::size_t length = 7;
  if (text.size() < length || text[0] != '_' || text[1] != 'x' || text[length - 1] != '_') return false;
  for (const char digit : text.substr(2, 4)) {
    if (core::hex_value(digit) < 0) return false;
  }
  return true;
}

/// The text as a cell can hold it.
std::string sheet_text(std::string_view text) {
  const std::string clean = core::to_utf8(without_controls(text));
  std::string cell;
  std::size_t units = 0;
  for (std::string_view rest = clean; !rest.empty();) {
    std::string piece = reads_as_escape(rest) ? "_x005F" : "";
    const std::uint32_t c = core::next_code_point(rest);
    // XML has no such characters (XML 1.0, 2.2).
    if (c == 0xFFFE || c == 0xFFFF) continue;
    core::append_utf8(piece, c);
    units += piece.size() > 6 ? piece.size() : (c > 0xFFFF ? 2U : 1U);
    if (units > units_of_a_cell - 3 && cell.size() + rest.size() + piece.size() > units_of_a_cell)
      return cell + "...";
    cell += piece;
  }
  return cell;
}

class any_document final : public xml_handler {
 public:
  void element_started(std::string_view, std::span<const xml_attribute>) override {}
  void element_ended(std::string_view) override {}
  void text(std::string_view) override {}
};

/// The writing library does not see every full disk: a sheet that was cut off is no well-formed XML.
result<void> check_whole(int fd, std::size_t sheets) {
  auto archive = zip_archive::open(fd, "The report", zip_archive::trust::own_work);
  if (!archive) return archive.error();
  for (std::size_t i = 1; i <= sheets; ++i) {
    auto part = (*archive)->open_part(fmt::format("xl/worksheets/sheet{}.xml", i));
    if (!part) return part.error();
    any_document nothing;
    xml_events events(nothing);
    auto read = read_xml(**part, events, "The report");
    if (!read) return read;
  }
  return {};
}

result<void> copy(int fd, os::replacement_file& into) {
  for (std::uint64_t at = 0;; at += copy_size) {
    const os::bytes_read piece = os::read_at(fd, at, copy_size);
    if (piece.error != 0) return cannot_write(piece.error);
    auto written = into.write(piece.bytes);
    if (!written || piece.bytes.size() < copy_size) return written;
  }
}

}  // namespace

result<std::unique_ptr<xlsx_book>> xlsx_book::make() {
  std::string folder = (temporary_folder() / "pofetch-report-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return cannot_write(errno);
  std::unique_ptr<xlsx_book> made(new xlsx_book(folder));
  if (made->book_ == nullptr) return cannot_write("it cannot be begun", errno);
  return made;
}

xlsx_book::xlsx_book(std::filesystem::path folder)
    : folder_(std::move(folder)), path_((folder_ / "report.xlsx").string()) {
  std::string temporary = folder_.string();
  lxw_workbook_options options{};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = temporary.data();
  options.use_zip64 = LXW_FALSE;
  book_ = workbook_new_opt(path_.c_str(), &options);
  if (book_ == nullptr) return;
  header_ = workbook_add_format(book_);
  format_set_bold(header_);
  format_set_bg_color(header_, 0xDDE6F0);
  time_ = workbook_add_format(book_);
  format_set_num_format(time_, "yyyy-mm-dd hh:mm:ss");
  link_ = workbook_get_default_url_format(book_);
}

xlsx_book::~xlsx_book() {
  if (book_ != nullptr) workbook_close(book_);  // there is no other way to free it
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

result<void> xlsx_book::close_into(os::replacement_file& file) {
  errno = 0;
  const lxw_error problem = workbook_close(std::exchange(book_, nullptr));
  if (problem != LXW_NO_ERROR) return cannot_write(lxw_strerror(problem), errno);
  if (failed_) return cannot_write("a sheet cannot be begun", errno);
  const os::unique_fd written(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!written) return cannot_write(errno);
  if (!check_whole(written.get(), sheets_))
    return cannot_write("what was written cannot be read back", errno);
  return copy(written.get(), file);
}

xlsx_table::xlsx_table(xlsx_book& book, std::string name, std::vector<xlsx_column> columns, bounds most)
    : book_(book), name_(std::move(name)), columns_(std::move(columns)), most_(most) {
  begin_sheet();
}

void xlsx_table::begin_sheet() {
  ++sheets_;
  const std::string tab = sheets_ == 1 ? name_ : fmt::format("{} {}", name_, sheets_);
  sheet_ = workbook_add_worksheet(book_.book_, tab.c_str());
  row_ = 0;
  links_ = 0;
  column_ = 0;
  if (sheet_ == nullptr) {
    book_.failed_ = true;
    return;
  }
  ++book_.sheets_;
  for (const xlsx_column& column : columns_) {
    worksheet_set_column(sheet_, column_, column_, column.width, nullptr);
    worksheet_write_string(sheet_, 0, column_++, sheet_text(column.name).c_str(), book_.header_);
  }
  worksheet_freeze_panes(sheet_, 1, 0);
  // Printed, a row stays on one page and the names stand above each.
  worksheet_set_landscape(sheet_);
  worksheet_fit_to_pages(sheet_, 1, 0);
  worksheet_repeat_rows(sheet_, 0, 0);
  // Numbers of purchase orders are texts, and no mistake.
  worksheet_ignore_errors(sheet_, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
  column_ = 0;
  row_ = 1;
}

void xlsx_table::text(std::string_view value) {
  make_room();
  if (sheet_ != nullptr && !value.empty())
    worksheet_write_string(sheet_, row_, column_, sheet_text(value).c_str(), nullptr);
  ++column_;
}

void xlsx_table::number(std::uint64_t value) {
  make_room();
  if (sheet_ != nullptr) worksheet_write_number(sheet_, row_, column_, static_cast<double>(value), nullptr);
  ++column_;
}

void xlsx_table::time(std::chrono::system_clock::time_point when) {
  make_room();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when.time_since_epoch()).count();
  if (sheet_ != nullptr && when != std::chrono::system_clock::time_point{})
    worksheet_write_unixtime(sheet_, row_, column_, seconds, book_.time_);
  ++column_;
}

void xlsx_table::link(std::string_view shown, const std::string& target) {
  make_room();
  const bool is_web = target.starts_with("https://") || target.starts_with("http://");
  // Behind a '#' stands a place within the file.
  const bool can_be = !shown.empty() && !target.empty() && (is_web || target.find('#') == std::string::npos);
  if (sheet_ == nullptr || !can_be || links_ >= most_.links) return text(shown);
  const std::string address = is_web ? target : "external:" + target;
  if (worksheet_write_url(sheet_, row_, column_, address.c_str(), book_.link_) != LXW_NO_ERROR)
    return text(shown);
  // The library turns the slashes of what is seen, too: it is written over.
  worksheet_write_string(sheet_, row_, column_, sheet_text(shown).c_str(), book_.link_);
  ++links_;
  ++column_;
}

void xlsx_table::end_row() {
  column_ = 0;
  ++row_;
}

void xlsx_table::make_room() {
  if (row_ <= most_.rows) return;
  finish();
  begin_sheet();
}

void xlsx_table::finish() {
  if (sheet_ == nullptr || columns_.empty()) return;
  worksheet_autofilter(sheet_, 0, 0, row_ > 1 ? row_ - 1 : 1, static_cast<lxw_col_t>(columns_.size() - 1));
}

}  // namespace pofetch::lists
