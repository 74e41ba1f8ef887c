#pragma once

#include "core/po_number.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// What an address of the instance leads to, as far as its path says.
enum class route {
  file,        ///< one of the routes that answer with a file
  attachment,  ///< about attachments, but leads back to a page (`/attachments/7`)
  page,        ///< under the pages of orders and requisitions: never a file
  other,       ///< anything else
};

/// Looks at the path of an absolute address, whatever its host.
[[nodiscard]] route route_of(std::string_view url);

/// Is this reference a path from the root of its host, so that the functions here may look at it as it is?
[[nodiscard]] bool is_path(std::string_view reference) noexcept;

/// The part of the path that says which attachment it is: `7` of `/attachments/7/download`; empty if there is
/// none.
[[nodiscard]] std::string attachment_id(std::string_view url);

/// Can `route_of` this reference be one of files or attachments? Cheap, for leaving out most links.
[[nodiscard]] bool may_be_attachment(std::string_view reference) noexcept;

/// The digits of `/requisition_headers/<digits>`; nothing for other paths (`new`, `7/edit`).
[[nodiscard]] std::optional<std::string> requisition_number(std::string_view url);

/// The digits of `/order_headers/<digits>`, also with a prefix before them or a further level behind.
[[nodiscard]] std::optional<std::string> order_number(std::string_view url);

/// The address within a piece of script: its first quoted text that leads to a file, else its first that
/// begins with `/`, `http:` or `https:`. Escaped slashes (`\/`) are read as slashes.
[[nodiscard]] std::optional<std::string> quoted_address(std::string_view script);

/// The quoted texts of a piece of script, in order; a few of them.
[[nodiscard]] std::vector<std::string> quoted_texts(std::string_view script);

/// How numbers of orders are compared.
using core::without_leading_zeros;

}  // namespace pofetch::sources
