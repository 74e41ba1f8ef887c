#include "lists/report/order_columns.hpp"

#include <algorithm>
#include <array>

namespace pofetch::lists {

namespace {

constexpr double narrow = 18;
constexpr double wide = 40;

/// Names of the attachments, `; ` between; ` (GONE)` behind those that the source does not list any more.
std::string names_of(const std::vector<attachment_record>& attachments) {
  std::string names;
  for (const attachment_record& one : attachments) {
    if (one.name.empty()) continue;
    if (!names.empty()) names += "; ";
    names += one.name;
    if (one.gone && one.status == attachment_status::completed) names += " (GONE)";
  }
  return names;
}

/// Why the PO is not complete: its own failure, else the first of its attachments'; null: it is.
const failure* reason_of(const po_outcome& po) {
  if (po.error) return &*po.error;
  if (po.status == po_status::completed) return nullptr;
  const auto bad = std::find_if(po.attachments.begin(), po.attachments.end(),
                                [](const attachment_record& one) { return one.error.has_value(); });
  return bad == po.attachments.end() ? nullptr : &*bad->error;
}

std::string reason_word(const po_outcome& po) {
  const failure* const reason = reason_of(po);
  return reason == nullptr ? std::string() : code_word(*reason);
}

std::string reason_message(const po_outcome& po) {
  const failure* const reason = reason_of(po);
  return reason == nullptr ? std::string() : reason->message;
}

constexpr std::array all_order_columns{
    order_column{"STATUS", narrow,
                 [](const auto& po) -> cell_value { return std::string(to_string(po.outcome.status)); }},
    order_column{"SUPPLIER", narrow, [](const auto& po) -> cell_value { return supplier_of(po.outcome); }},
    order_column{"ATTACHMENTS_FOUND", narrow,
                 [](const auto& po) -> cell_value { return po.attachments_found; }},
    order_column{"ATTACHMENTS_DOWNLOADED", narrow,
                 [](const auto& po) -> cell_value { return po.attachments_downloaded; }},
    order_column{"ATTACHMENT_NAMES", wide,
                 [](const auto& po) -> cell_value { return names_of(po.outcome.attachments); }},
    order_column{"BYTES", narrow, [](const auto& po) -> cell_value { return po.bytes; }},
    order_column{"LAST_PROCESSED", narrow,
                 [](const auto& po) -> cell_value { return po.outcome.finished_at; }},
    order_column{"ERROR_CODE", narrow, [](const auto& po) -> cell_value { return reason_word(po.outcome); }},
    order_column{"ERROR_MESSAGE", wide,
                 [](const auto& po) -> cell_value { return reason_message(po.outcome); }},
    order_column{"DOWNLOAD_FOLDER", narrow,
                 [](const auto& po) -> cell_value { return path_cell{folder_of(po)}; }},
    order_column{"PO_URL", wide, [](const auto& po) -> cell_value { return url_cell{po.outcome.url}; }},
    order_column{"LAST_CHECKED", narrow,
                 [](const auto& po) -> cell_value { return last_checked(po.outcome); }},
};

}  // namespace

std::span<const order_column> order_columns() noexcept { return all_order_columns; }

std::chrono::system_clock::time_point last_checked(const po_outcome& po) {
  return po.look ? po.look->at : std::chrono::system_clock::time_point{};
}

const std::string& supplier_of(const po_outcome& po) {
  return po.supplier.empty() ? po.po.supplier : po.supplier;
}

std::string folder_of(const report_row& row) {
  return row.attachments_downloaded == 0 ? std::string() : row.outcome.po.folder;
}

}  // namespace pofetch::lists
