#pragma once

#include "coupa-sim/dataset.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coupa_sim {

/// Where files can be fetched: the `file-url` of attachments is written with it.
struct api_place {
  std::string scheme;
  std::string authority;
};

/// A text or a link that stands among the files of a PO.
struct api_note {
  std::uint64_t id = 0;
  bool link = false;
};

/// Ids of notes are above those of all files.
inline constexpr std::uint64_t first_note_id = 4'000'000'000'000'000;

/// The API's own id of a PO: the number of another one (but for the middle one of an odd count), so that who
/// takes the one for the other is found out.
[[nodiscard]] std::uint64_t api_id_of(const dataset& site, std::uint64_t number);
/// The number of the PO with this id.
[[nodiscard]] std::uint64_t api_number_of(const dataset& site, std::uint64_t id);

/// As `po-number` says it.
[[nodiscard]] std::string api_po_number(const order_facts& order);

/// The note of a PO, if it has one: every second PO with files does.
[[nodiscard]] std::optional<api_note> note_of(const order_facts& order);

/// Is this file attached to an order line, not to the PO itself?
[[nodiscard]] bool on_a_line(const file_facts& file);

[[nodiscard]] boost::json::object api_attachment(const file_facts& file, const api_place& where);
[[nodiscard]] boost::json::object api_attachment(const api_note& note);

/// What hangs on the PO itself.
[[nodiscard]] boost::json::array order_attachments(const order_facts& order, const api_place& where);

/// What hangs on one of its requisitions: now and then also a file of the PO itself.
[[nodiscard]] boost::json::array requisition_attachments(const order_facts& order,
                                                         const requisition_facts& requisition,
                                                         const api_place& where);

/// The PO with everything in it.
[[nodiscard]] boost::json::object api_order(const dataset& site, const order_facts& order,
                                            const api_place& where);

}  // namespace coupa_sim
