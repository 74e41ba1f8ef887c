#include "lists/report/report_columns.hpp"

#include "core/ascii.hpp"
#include "core/unicode.hpp"
#include "lists/report/order_columns.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace pofetch::lists {

namespace {

constexpr std::string_view our_prefix = "POFETCH_";
constexpr std::string_view unnamed = "UNNAMED";

/// What must not be equal: many programs and databases tell names neither by case nor by blanks around them.
std::string key_of(std::string_view name) { return core::fold_case(core::trim(name)); }

bool has_column(std::span<const std::string> columns, std::string_view name) {
  return std::find(columns.begin(), columns.end(), name) != columns.end();
}

/// Where an earlier report has that result column. The list's own one of this name stands before it, and one
/// of them has the prefix, but in reports of old.
std::size_t place_in_report(std::span<const std::string> columns, std::string_view name) {
  const auto last = std::find_if(columns.rbegin(), columns.rend(), [name](std::string_view column) {
    while (column != name && column.starts_with(our_prefix)) column.remove_prefix(our_prefix.size());
    return column == name;
  });
  return static_cast<std::size_t>(columns.rend() - last);  // from 1; 0: it has none
}

/// Nobody else has these names; the others may be a list's own, or taken out of the report.
bool is_report(std::span<const std::string> columns) {
  constexpr std::array<std::string_view, 4> marks{"ATTACHMENTS_FOUND", "ATTACHMENTS_DOWNLOADED",
                                                  "ATTACHMENT_NAMES", "DOWNLOAD_FOLDER"};
  return std::all_of(marks.begin(), marks.end(),
                     [columns](std::string_view name) { return has_column(columns, name); });
}

}  // namespace

std::vector<std::size_t> own_columns(std::span<const std::string> columns) {
  std::vector<bool> is_ours(columns.size());
  if (is_report(columns)) {
    for (const order_column& ours : order_columns()) {
      const std::size_t place = place_in_report(columns, ours.name);
      if (place > 0) is_ours[place - 1] = true;
    }
  }
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!is_ours[i]) own.push_back(i);
  }
  return own;
}

std::vector<std::string> own_names(std::span<const std::string> columns) {
  const std::vector<std::size_t> own = own_columns(columns);
  std::set<std::string> taken;
  for (const std::size_t column : own) taken.insert(key_of(columns[column]));
  std::map<std::string, std::size_t> numbers;
  std::vector<std::string> names;
  for (const std::size_t column : own) {
    const std::string key = key_of(columns[column]);
    std::size_t& number = numbers[key];
    number = key.empty() ? std::max(number, column) + 1 : number + 1;
    std::string name = columns[column];
    if (key.empty() || number > 1) {
      const std::string base = std::string(key.empty() ? unnamed : core::trim(name)) + '_';
      name = base + std::to_string(number);
      while (!taken.insert(key_of(name)).second) name = base + std::to_string(++number);
    }
    names.push_back(std::move(name));
  }
  return names;
}

bool is_made_up(std::span<const std::string> columns, std::size_t column) {
  std::string_view name = columns[column];
  if (!is_report(columns) || !name.starts_with(unnamed)) return false;
  name.remove_prefix(unnamed.size());
  return name.size() > 1 && name.front() == '_' && std::all_of(name.begin() + 1, name.end(), core::is_digit);
}

std::vector<std::string> result_names(std::span<const std::string> columns) {
  std::set<std::string> own;
  for (const std::string& name : own_names(columns)) own.insert(key_of(name));
  std::vector<std::string> names;
  for (const order_column& ours : order_columns()) {
    std::string name(ours.name);
    while (own.contains(key_of(name))) name.insert(0, our_prefix);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace pofetch::lists
