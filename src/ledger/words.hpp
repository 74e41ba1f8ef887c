#pragma once

#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

// How the words of the ports stand in a ledger, whatever keeps it.

namespace pofetch::records {

[[nodiscard]] std::int64_t to_milliseconds(std::chrono::system_clock::time_point time) noexcept;
/// Of any number: one that no clock can tell becomes the nearest that it can.
[[nodiscard]] std::chrono::system_clock::time_point from_milliseconds(std::int64_t count) noexcept;

/// Failure `ledger` for a number that no state has; `advice` ends its message.
[[nodiscard]] result<po_status> to_po_status(std::int64_t number, std::string_view advice);
[[nodiscard]] result<attachment_status> to_attachment_status(std::int64_t number, std::string_view advice);

/// `gone` and `superseded` as one number.
[[nodiscard]] std::int64_t flags_of(const attachment_record& record) noexcept;
void set_flags(attachment_record& record, std::int64_t flags) noexcept;

/// The marks of a look's pages as one text; empty for none.
[[nodiscard]] std::string pages_to_json(const std::vector<page_mark>& pages);
/// Failure `ledger` for what is no list of texts; `advice` ends its message.
[[nodiscard]] result<std::vector<page_mark>> pages_from_json(const std::string& text,
                                                             std::string_view advice = {});

/// A bit for each status that is chosen.
[[nodiscard]] std::int64_t states_of(const work_choice& choice) noexcept;
/// Keys of the chosen numbers. `of_manifest`: leading zeros matter.
[[nodiscard]] std::unordered_set<std::string> keys_of(const work_choice& choice, bool of_manifest);

/// Milliseconds before which a look must be to be in that scope.
[[nodiscard]] std::int64_t before_of(const refresh_scope& scope) noexcept;

}  // namespace pofetch::records
