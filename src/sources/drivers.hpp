#pragma once

#include "sources/driver.hpp"

#include <pofetch/source_kind.hpp>

#include <span>
#include <string_view>

namespace pofetch::sources {

/// Those of `known_sources.hpp`, in their order.
[[nodiscard]] std::span<const driver* const> drivers();

/// Null: there is none of that word; so it is with `auto`.
[[nodiscard]] const driver* find_driver(std::string_view word);

/// For a list whose rows are orders, or files.
[[nodiscard]] const driver& driver_for_list(bool names_files);

/// Of the pages of an order, as the ledger has it.
[[nodiscard]] const driver& driver_for_page(std::string_view page);

}  // namespace pofetch::sources
