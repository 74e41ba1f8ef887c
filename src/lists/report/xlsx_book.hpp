#pragma once

#include "os/replacement_file.hpp"

#include <pofetch/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;

namespace pofetch::lists {

/// A workbook that is being written, one row of each sheet in memory. Texts are always texts, whatever they
/// begin with: a spreadsheet runs none of them as a formula. They are cleaned as in the CSV report and cut to
/// the 32,767 characters that a cell may have.
class xlsx_book {
 public:
  /// Failures: disk, disk_full, permission.
  [[nodiscard]] static result<std::unique_ptr<xlsx_book>> make();
  ~xlsx_book();

  xlsx_book(const xlsx_book&) = delete;
  xlsx_book& operator=(const xlsx_book&) = delete;

  /// Ends it, reads it once to see that it is whole, and writes it into the file. Failures: disk, disk_full,
  /// permission.
  [[nodiscard]] result<void> close_into(os::replacement_file& file);

 private:
  friend class xlsx_table;
  explicit xlsx_book(std::filesystem::path folder);

  std::filesystem::path folder_;  ///< of its own, removed at the end
  std::string path_;
  ::lxw_workbook* book_ = nullptr;
  ::lxw_format* header_ = nullptr;
  ::lxw_format* time_ = nullptr;
  ::lxw_format* link_ = nullptr;
  bool failed_ = false;
  std::size_t sheets_ = 0;
};

struct xlsx_column {
  std::string name;
  double width = 0;  ///< in characters
};

/// A table with a header row, which stays in view and has filters. What is more than a sheet can hold goes on
/// in a second one. Cells of a row are given from left to right. The book must outlive it.
class xlsx_table {
 public:
  /// Rows and links of one sheet: what spreadsheet programs can take.
  struct bounds {
    std::uint32_t rows = 1'048'575;
    std::uint32_t links = 65'530;
  };

  xlsx_table(xlsx_book& book, std::string name, std::vector<xlsx_column> columns)
      : xlsx_table(book, std::move(name), std::move(columns), bounds()) {}
  xlsx_table(xlsx_book& book, std::string name, std::vector<xlsx_column> columns, bounds most);

  void text(std::string_view value);
  void number(std::uint64_t value);
  /// As a date of the spreadsheet, UTC. Empty for the one that stands for "not known".
  void time(std::chrono::system_clock::time_point when);
  /// A text that leads somewhere: to a web address, or (a path) to a file or folder. Text alone if that
  /// cannot be.
  void link(std::string_view shown, const std::string& target);
  void end_row();
  /// No more rows.
  void finish();

 private:
  void begin_sheet();
  void make_room();

  xlsx_book& book_;
  std::string name_;
  std::vector<xlsx_column> columns_;
  bounds most_;
  ::lxw_worksheet* sheet_ = nullptr;
  std::uint32_t sheets_ = 0;
  std::uint32_t row_ = 0;
  std::uint16_t column_ = 0;
  std::uint32_t links_ = 0;
};

}  // namespace pofetch::lists
