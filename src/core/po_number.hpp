#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::core {

inline constexpr std::size_t max_po_digits = 18;
/// Of a manifest's PO, in bytes.
inline constexpr std::size_t max_manifest_po = 1024;

struct parsed_po {
  /// Digits alone, as written.
  std::string number;
  /// `PO`, `PM` or empty.
  std::string prefix;

  bool operator==(const parsed_po&) const = default;
};

/// One cell of the PO column.
struct po_cell {
  /// In the order of the cell; repeated ones are kept.
  std::vector<parsed_po> orders;
  /// Items (positions) of the order before them: `10` of `4500012345/10`. Nothing that is missing.
  std::vector<std::string> items;
  /// What stood there and is no PO (of a number in scientific notation nothing else is taken); placeholders
  /// (`N/A`, `TBD`, `-`, ...) and connecting words do not count.
  std::vector<std::string> rejected;

  /// POs (with or without items) and nothing else.
  [[nodiscard]] bool all_pos() const noexcept { return !orders.empty() && rejected.empty(); }
  /// One PO, and nothing else at all.
  [[nodiscard]] bool is_one_po() const noexcept {
    return orders.size() == 1 && items.empty() && rejected.empty();
  }
};

/// Reads a cell of a list for Coupa: 1 to 18 digits, alone or after `PO` or `PM` in any case with or without
/// space,
/// `-`, `_`, `#`, `:` or `.` between; the `.0` of spreadsheets is dropped. Several stand apart by comma,
/// semicolon, slash, bar, white space, `&` or `and`. Dates and numbers with separators of thousands are
/// rejected as a whole. A bare number that is far shorter than one beside it (`4500012345 17`) is an item or
/// a quantity, no order: behind a slash, where shorter is enough (`7001/10`), it is an item, unless it may be
/// short for the next order (`4500012345/46`) or be one (`1200/900`); else it is rejected. So is a number
/// beside a word that counts (`Total: 42`). Of a row
/// (`7000001 to 7000005`) the two orders are taken, and that it is one is among the rejected.
[[nodiscard]] po_cell parse_po_cell(std::string_view cell);

/// What makes two spellings of a number one order: the digits without leading zeros; of `000` the last one.
[[nodiscard]] std::string_view without_leading_zeros(std::string_view digits) noexcept;

/// Has a spreadsheet put a number into scientific notation, such as `1.2E+7` or `4,50012E+09`? Digits may be
/// lost, so which number it was is never guessed.
[[nodiscard]] bool is_scientific(std::string_view word) noexcept;

/// Has it separators of thousands, such as `7,000,001`, `7.000.001` or `PO 7 000 001`? It may be one number
/// or several POs: which is never guessed.
[[nodiscard]] bool has_thousands(std::string_view word) noexcept;

/// Is it written like a date: `31/12/2026`, `2026-12-31`, `1.2.26`?
[[nodiscard]] bool is_date(std::string_view word) noexcept;

/// Does the cell show what is wrong with a formula: `#REF!`, `#VALUE!`, `#NAME?`, `#N/A`, `Err:502`?
[[nodiscard]] bool is_formula_error(std::string_view cell) noexcept;

/// A manifest's PO: the cell without space around it, as UTF-8. Nothing if it is empty, longer than
/// `max_manifest_po` bytes or has a control character.
[[nodiscard]] std::optional<std::string> manifest_po(std::string_view cell);

}  // namespace pofetch::core
