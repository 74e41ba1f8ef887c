#include "ledger/chosen.hpp"

#include "core/po_number.hpp"
#include "core/po_rules.hpp"
#include "ledger/json_list.hpp"

namespace pofetch::sqlite {
namespace {

bool is_meant(const work_choice& choice, po_status status) {
  if (status == po_status::invalid) return false;
  if (status == po_status::skipped && choice.retry_skipped) return true;
  if (choice.statuses.empty()) return core::is_taken_up(status, false);
  for (const po_status each : choice.statuses)
    if (each == status) return true;
  return false;
}

}  // namespace

chosen::chosen(const work_choice& choice, bool of_manifest) : codes_(to_json(choice.error_codes)) {
  for (int i = 0; i < po_status_count; ++i)
    if (is_meant(choice, static_cast<po_status>(i))) states_ |= std::int64_t{1} << i;
  for (const std::string& number : choice.numbers)
    keys_.emplace(of_manifest ? number : std::string(core::without_leading_zeros(number)));
}

}  // namespace pofetch::sqlite
