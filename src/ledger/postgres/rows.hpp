#pragma once

#include "ledger/postgres/connection.hpp"

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// How the words of the ports stand in rows.

namespace pofetch::postgres {

/// Columns of `purchase_orders AS p` that the functions below read.
inline constexpr std::string_view po_columns =
    "p.id, p.number, p.prefix, p.supplier, p.breaker_group, p.folder";
/// What is known of its attachments: rows, and over them what is about to be placed.
inline constexpr std::string_view known_columns =
    "(SELECT json_agg(a ORDER BY a.ordinal, a.key) FROM pofetch.attachments AS a WHERE a.po_id = p.id) AS "
    "known, "
    "(SELECT i.files FROM pofetch.intents AS i WHERE i.po_id = p.id) AS intended";
inline constexpr std::string_view listed_column =
    "(SELECT json_agg(l ORDER BY l.position) FROM pofetch.listed_attachments AS l WHERE l.po_id = p.id) AS "
    "listed";

[[nodiscard]] purchase_order read_purchase_order(const table& rows, std::size_t row);
/// In order of ordinal. Failure `ledger`: it is damaged.
[[nodiscard]] result<std::vector<attachment_record>> read_known(const table& rows, std::size_t row);
[[nodiscard]] result<std::vector<listed_attachment>> read_listed(const table& rows, std::size_t row);
/// The columns of both, without what is listed.
[[nodiscard]] result<po_lease> read_lease(const table& rows, std::size_t row);

/// Failure `ledger`: it is damaged.
[[nodiscard]] result<po_status> status_of(std::int64_t number);

[[nodiscard]] std::optional<failure> read_error(const table& rows, std::size_t row);
[[nodiscard]] std::string code_of(const std::optional<failure>& error);
[[nodiscard]] std::string_view message_of(const std::optional<failure>& error);

/// Those of these attachments that are `committing`, by key, as `intents` has them; empty: none is.
[[nodiscard]] std::string intents_of(std::span<const attachment_record> all);

/// Rows of `attachments` that are to be written. What is `committing` is left out; of two with one key the
/// last counts. What is added must stay alive.
class attachment_rows {
 public:
  void add(std::int64_t po_id, std::span<const attachment_record> all);
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  /// Writes them over what is known under their keys. `condition` on `n.po_id` says of which orders; what is
  /// added to the command is its `$17` and so on.
  [[nodiscard]] command upsert(std::string_view condition) const;
  /// Order and key of each.
  [[nodiscard]] std::pair<column, column> keys() const;

 private:
  /// In the order in which all programs lock them.
  std::map<std::pair<std::int64_t, std::string_view>, const attachment_record*> rows_;
};

}  // namespace pofetch::postgres
