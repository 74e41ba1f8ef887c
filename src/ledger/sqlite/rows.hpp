#pragma once

#include "ledger/json_list.hpp"
#include "ledger/sqlite/database.hpp"
#include "ledger/words.hpp"

#include <pofetch/attachment.hpp>
#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>
#include <pofetch/purchase_order.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sqlite {

// How the words of the ports stand in rows.

using records::from_milliseconds;
using records::pages_to_json;
using records::to_json;
using records::to_milliseconds;

/// As `records` has them, with the advice for a damaged file.
[[nodiscard]] result<std::vector<std::string>> from_json(std::string_view json);
[[nodiscard]] result<std::vector<page_mark>> pages_from_json(const std::string& text);

/// Failure `ledger` for a number that no state has: the file is damaged.
[[nodiscard]] result<po_status> to_po_status(std::int64_t number);
[[nodiscard]] result<attachment_status> to_attachment_status(std::int64_t number);

/// The two error columns.
struct error_columns {
  explicit error_columns(const std::optional<failure>& error);
  std::string code;
  std::string_view message;
};
[[nodiscard]] std::optional<failure> read_error(const statement& row);

/// Of a row with the columns id, number, prefix, supplier, breaker_group and folder.
[[nodiscard]] purchase_order read_purchase_order(const statement& row);

/// What is known of the attachments of a PO, in order of ordinal. Failures: ledger.
[[nodiscard]] result<std::vector<attachment_record>> read_attachments(database& db, std::int64_t po_id);

/// Writes one row over whatever is known under its key. Failures: ledger, disk_full.
[[nodiscard]] result<void> write_attachment(database& db, std::int64_t po_id,
                                            const attachment_record& record);

}  // namespace pofetch::sqlite
