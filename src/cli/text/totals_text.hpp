#pragma once

#include <pofetch/ledger.hpp>
#include <pofetch/po_list.hpp>

#include <string>
#include <string_view>

namespace pofetch::cli {

/// `Label          value` and a line break.
[[nodiscard]] std::string labelled(std::string_view label, std::string_view value);

/// `9 of 12 found are there, 3 left out, 1.2 MiB`.
[[nodiscard]] std::string files_text(const batch_totals& totals);

/// `20,000, taken all the same; ...` of a list that has hidden rows.
[[nodiscard]] std::string hidden_text(const list_facts& list);

/// One line for every status that occurs: its word, the count, what it means.
[[nodiscard]] std::string status_table(const batch_totals& totals);

}  // namespace pofetch::cli
