#include "ledger/words.hpp"

#include "core/po_number.hpp"
#include "core/po_rules.hpp"
#include "ledger/json_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace pofetch::records {
namespace {

constexpr std::int64_t flag_gone = 1;
constexpr std::int64_t flag_superseded = 2;

failure no_such_state(std::string_view of, std::int64_t number, std::string_view advice) {
  return make_failure(
      errc::ledger,
      fmt::format("The ledger is damaged: {} is not the number of a state of {}. {}", number, of, advice));
}

bool is_meant(const work_choice& choice, po_status status) {
  if (status == po_status::invalid) return false;
  if (status == po_status::skipped && choice.retry_skipped) return true;
  if (choice.statuses.empty()) return core::is_taken_up(status, false);
  for (const po_status each : choice.statuses)
    if (each == status) return true;
  return false;
}

}  // namespace

std::int64_t to_milliseconds(std::chrono::system_clock::time_point time) noexcept {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

std::chrono::system_clock::time_point from_milliseconds(std::int64_t count) noexcept {
  // A damaged ledger may hold any number; the clock ends in 2262.
  using time_point = std::chrono::system_clock::time_point;
  const std::int64_t first = to_milliseconds(time_point::min());
  const std::int64_t last = to_milliseconds(time_point::max());
  return time_point(std::chrono::milliseconds(std::clamp(count, first, last)));
}

result<po_status> to_po_status(std::int64_t number, std::string_view advice) {
  if (number < 0 || number >= po_status_count) return no_such_state("a purchase order", number, advice);
  return static_cast<po_status>(number);
}

result<attachment_status> to_attachment_status(std::int64_t number, std::string_view advice) {
  if (number < 0 || number > static_cast<int>(attachment_status::excluded))
    return no_such_state("an attachment", number, advice);
  return static_cast<attachment_status>(number);
}

std::int64_t flags_of(const attachment_record& record) noexcept {
  return (record.gone ? flag_gone : 0) | (record.superseded ? flag_superseded : 0);
}

void set_flags(attachment_record& record, std::int64_t flags) noexcept {
  record.gone = (flags & flag_gone) != 0;
  record.superseded = (flags & flag_superseded) != 0;
}

std::string pages_to_json(const std::vector<page_mark>& pages) {
  if (pages.empty()) return {};
  std::vector<std::string> texts;
  for (const page_mark& page : pages) {
    texts.push_back(page.url);
    texts.push_back(page.validator);
  }
  return to_json(texts);
}

result<std::vector<page_mark>> pages_from_json(const std::string& text, std::string_view advice) {
  std::vector<page_mark> pages;
  if (text.empty()) return pages;
  auto texts = from_json(text, advice);
  if (!texts) return texts.error();
  for (std::size_t i = 0; i + 1 < texts->size(); i += 2)
    pages.push_back({std::move((*texts)[i]), std::move((*texts)[i + 1])});
  return pages;
}

std::int64_t states_of(const work_choice& choice) noexcept {
  std::int64_t states = 0;
  for (int i = 0; i < po_status_count; ++i)
    if (is_meant(choice, static_cast<po_status>(i))) states |= std::int64_t{1} << i;
  return states;
}

std::unordered_set<std::string> keys_of(const work_choice& choice, bool of_manifest) {
  std::unordered_set<std::string> keys;
  for (const std::string& number : choice.numbers)
    keys.emplace(of_manifest ? number : std::string(core::without_leading_zeros(number)));
  return keys;
}

std::int64_t before_of(const refresh_scope& scope) noexcept {
  return scope.before ? to_milliseconds(*scope.before) : std::numeric_limits<std::int64_t>::max();
}

}  // namespace pofetch::records
