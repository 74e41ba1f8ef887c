#pragma once

#include "sources/order_listing.hpp"

#include <pofetch/attachment_source.hpp>
#include <pofetch/purchase_order.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// What the API says about one purchase order; the id is digits.
struct api_order_facts : order_facts {
  /// Ids of the requisitions that it came from, each once.
  std::vector<std::string> requisitions;
  bool too_many_requisitions = false;
  /// One that it names, but without a usable id.
  bool odd_requisition = false;
};

inline constexpr std::size_t most_api_requisitions = 64;

[[nodiscard]] api_order_facts read_order(const boost::json::object& from);

/// The attachments that the lines of an order carry, as they stand there.
[[nodiscard]] std::vector<const boost::json::value*> line_attachments(const boost::json::object& order);

/// Is this `po-number` that of the PO which was asked for in the form `asked` (`12`, `PO12`)? A prefix counts
/// where the list or the question has one.
[[nodiscard]] bool is_wanted_number(std::string_view found, const purchase_order& po, std::string_view asked);

struct api_attachment {
  attachment what;
  attachment_note note;
};

/// One attachment. `address` is where the API serves the ones of this list: `.../attachments`. The bytes come
/// from `file-url` if it is there and can be an address, else from the API's address, which is otherwise the
/// second choice. A text or a link comes with the reason why it is not fetched; one that has a file all the
/// same is a file. Nothing: it has neither a usable id nor an address, or is of no known type.
[[nodiscard]] std::optional<api_attachment> read_api_attachment(const boost::json::value& from,
                                                                std::string_view address,
                                                                const std::string& base_url);

/// ` (id 7, type 'video', 'plan.mov')`: what there is of it, for messages. Empty if there is nothing.
[[nodiscard]] std::string shown_attachment(const boost::json::value& from);

/// `file-url` as absolute address: may lack scheme or host. Empty: cannot be used.
[[nodiscard]] std::string whole_file_url(std::string_view text, const std::string& base_url);

}  // namespace pofetch::sources
