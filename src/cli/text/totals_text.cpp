#include "cli/text/totals_text.hpp"

#include "cli/text/human_text.hpp"
#include "cli/text/printable.hpp"

#include <fmt/format.h>

namespace pofetch::cli {

namespace {

std::string_view meaning(po_status status) {
  switch (status) {
    case po_status::pending:
      return "still to do";
    case po_status::completed:
      return "every attachment that is wanted is there";
    case po_status::partial:
      return "some attachments are there, some are not";
    case po_status::failed:
      return "could not be fetched";
    case po_status::no_attachments:
      return "there is nothing to fetch";
    case po_status::not_found:
      return "no such purchase order, or not visible to this user";
    case po_status::invalid:
      return "the row names no usable purchase order";
    case po_status::skipped:
      return "held back; --retry-skipped takes them up";
  }
  return "";
}

}  // namespace

std::string labelled(std::string_view label, std::string_view value) {
  return fmt::format("{} {}\n", padded(label, 17), value);
}

std::string files_text(const batch_totals& totals) {
  const std::string left_out = totals.attachments_left_out == 0
                                   ? std::string()
                                   : human_count(totals.attachments_left_out) + " left out, ";
  return fmt::format("{} of {} found are there, {}{}", human_count(totals.attachments_downloaded),
                     human_count(totals.attachments_found), left_out, human_bytes(totals.bytes));
}

std::string hidden_text(const list_facts& list) {
  return human_count(list.hidden_rows) +
         (list.hidden_left_out
              ? " in the spreadsheet, left out (--visible-rows)"
              : " in the spreadsheet (by hand, by a filter, in a closed group), taken all the same; "
                "--visible-rows leaves them out");
}

std::string status_table(const batch_totals& totals) {
  std::string text;
  for (std::size_t i = 0; i < totals.by_status.size(); ++i) {
    const auto status = static_cast<po_status>(i);
    if (totals.by_status[i] == 0) continue;
    text += fmt::format("  {} {:>12}  {}\n", padded(to_string(status), 14), human_count(totals.by_status[i]),
                        meaning(status));
  }
  return text;
}

}  // namespace pofetch::cli
