#pragma once

#include "lists/po_list_reader.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::test {

/// A list as the program opens it, read to its end.
struct opened_list {
  list_facts facts;
  std::vector<std::string> columns;
  bool is_manifest = false;
  std::vector<po_row> rows;
  std::string fault;  ///< why it could not be opened or read on

  /// `prefix number` of every row, `!` for one without.
  [[nodiscard]] std::vector<std::string> numbers() const {
    std::vector<std::string> all;
    for (const po_row& row : rows) all.push_back(row.number.empty() ? "!" : row.prefix + row.number);
    return all;
  }

  /// The same with the line in front: `3:PO12`.
  [[nodiscard]] std::vector<std::string> by_line() const {
    std::vector<std::string> all = numbers();
    for (std::size_t i = 0; i < all.size(); ++i) all[i].insert(0, std::to_string(rows[i].line) + ":");
    return all;
  }
};

inline opened_list open_list(const std::string& path, lists::list_options options = {}) {
  options.input = path;
  opened_list found;
  auto list = lists::open_po_list(options);
  if (!list) {
    CHECK(list.error().code == errc::input);
    found.fault = list.error().message;
    return found;
  }
  found.facts = (*list)->facts();
  found.columns = (*list)->columns();
  found.is_manifest = (*list)->is_manifest();
  while (true) {
    auto row = (*list)->next();
    if (!row) found.fault = row.error().message;
    found.facts = (*list)->facts();
    if (!row || !*row) return found;
    found.rows.push_back(std::move(**row));
  }
}

/// The same of a file with this content.
inline opened_list open_list_of(const std::string& file_name, std::string_view content,
                                lists::list_options options = {}) {
  const temp_dir folder;
  return open_list(folder.file(file_name, content), std::move(options));
}

[[nodiscard]] inline bool says(std::string_view message, std::string_view part) {
  return message.find(part) != std::string_view::npos;
}

}  // namespace pofetch::test
