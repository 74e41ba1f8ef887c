#include "lists/report_columns.hpp"

#include <algorithm>

namespace pofetch::lists {

std::vector<std::size_t> own_columns(std::span<const std::string> columns) {
  const auto has = [columns](std::string_view name) {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
  };
  const bool old_report = std::all_of(result_columns.begin(), result_columns.end(), has);
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool is_result =
        std::find(result_columns.begin(), result_columns.end(), columns[i]) != result_columns.end();
    if (!old_report || !is_result) own.push_back(i);
  }
  return own;
}

std::string names_of(const std::vector<attachment_record>& attachments) {
  std::string names;
  for (const attachment_record& one : attachments) {
    if (one.name.empty()) continue;
    if (!names.empty()) names += "; ";
    names += one.name;
  }
  return names;
}

const failure* reason_of(const po_outcome& po) {
  if (po.error) return &*po.error;
  if (po.status == po_status::completed) return nullptr;
  const auto bad = std::find_if(po.attachments.begin(), po.attachments.end(),
                                [](const attachment_record& one) { return one.error.has_value(); });
  return bad == po.attachments.end() ? nullptr : &*bad->error;
}

const std::string& supplier_of(const po_outcome& po) {
  return po.supplier.empty() ? po.po.supplier : po.supplier;
}

}  // namespace pofetch::lists
