#include "core/po_rules.hpp"

#include <cstddef>

namespace pofetch::core {
namespace {

template <class Rule>
std::uint64_t count_where(const status_counts& counts, Rule rule) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (rule(static_cast<po_status>(i))) sum += counts[i];
  return sum;
}

}  // namespace

bool is_done(po_status status) noexcept {
  return status == po_status::completed || status == po_status::no_attachments;
}

bool is_taken_up(po_status status, bool retry_skipped) noexcept {
  switch (status) {
    case po_status::pending:
    case po_status::partial:
    case po_status::failed:
    case po_status::not_found:
      return true;
    case po_status::skipped:
      return retry_skipped;
    case po_status::completed:
    case po_status::no_attachments:
    case po_status::invalid:
      return false;
  }
  return false;
}

bool is_bad(po_status status) noexcept { return status == po_status::partial || status == po_status::failed; }

std::uint64_t count_done(const status_counts& counts) noexcept { return count_where(counts, is_done); }

std::uint64_t count_bad(const status_counts& counts) noexcept { return count_where(counts, is_bad); }

std::uint64_t count_taken_up(const status_counts& counts, bool retry_skipped) noexcept {
  return count_where(counts, [&](po_status status) { return is_taken_up(status, retry_skipped); });
}

std::string numbers_done() {
  std::string numbers;
  for (int i = 0; i < po_status_count; ++i)
    if (is_done(static_cast<po_status>(i))) numbers += (numbers.empty() ? "" : ", ") + std::to_string(i);
  return numbers;
}

}  // namespace pofetch::core
