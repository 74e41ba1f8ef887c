#include "core/ascii.hpp"

#include <pofetch/attachment.hpp>
#include <pofetch/http_message.hpp>
#include <pofetch/purchase_order.hpp>

namespace pofetch {

std::string_view to_string(po_status status) noexcept {
  switch (status) {
    case po_status::pending:
      return "PENDING";
    case po_status::completed:
      return "COMPLETED";
    case po_status::partial:
      return "PARTIAL";
    case po_status::failed:
      return "FAILED";
    case po_status::no_attachments:
      return "NO_ATTACHMENTS";
    case po_status::not_found:
      return "NOT_FOUND";
    case po_status::invalid:
      return "INVALID";
    case po_status::skipped:
      return "SKIPPED";
  }
  return "PENDING";
}

std::string_view to_string(attachment_status status) noexcept {
  switch (status) {
    case attachment_status::pending:
    case attachment_status::committing:
      return "PENDING";
    case attachment_status::completed:
      return "COMPLETED";
    case attachment_status::failed:
      return "FAILED";
    case attachment_status::excluded:
      return "EXCLUDED";
  }
  return "PENDING";
}

std::string_view status_word(const attachment_record& record) noexcept {
  if (record.gone && record.status == attachment_status::completed) return "GONE";
  return to_string(record.status);
}

std::string_view http_response::field(std::string_view name) const noexcept {
  for (const auto& f : fields) {
    if (core::iequals(f.name, name)) return f.value;
  }
  return {};
}

}  // namespace pofetch
