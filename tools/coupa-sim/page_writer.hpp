#pragma once

#include "coupa-sim/dataset.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace coupa_sim {

/// The page of a PO that can be read. Lists the PO's own files and links its requisitions. `padding`:
/// about so many bytes of order lines besides.
[[nodiscard]] std::string order_page(const order_facts& order, std::uint64_t seed, std::uint64_t padding);

/// The page of one requisition with its files; sometimes it repeats one of the PO's own.
[[nodiscard]] std::string requisition_page(const order_facts& order, const requisition_facts& requisition,
                                           std::uint64_t seed);

/// The list at /order_headers, which a signed-in user sees.
[[nodiscard]] std::string orders_page(const dataset& site);

/// What a signed-in user sees at /.
[[nodiscard]] std::string home_page();

/// The sign-in form. `remark`: a sentence above it.
[[nodiscard]] std::string sign_in_page(std::string_view remark);

/// A sign-in form that fills in and sends itself to `action`.
[[nodiscard]] std::string sending_itself_page(std::string_view action);

/// An answer for a human: status, and page.
struct refusal {
  unsigned status = 404;
  std::string page;
};

/// There is no such thing: texts, languages and status (200 or 404) vary with `roll`.
[[nodiscard]] refusal not_found_page(std::uint64_t roll);

/// This user may not see it: texts and status (200 or 403) vary with `roll`.
[[nodiscard]] refusal forbidden_page(std::uint64_t roll);

}  // namespace coupa_sim
