#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch {

/// States of a PO. The numbers are on disk: never change one.
enum class po_status : int {
  pending = 0,
  completed = 1,
  partial = 2,
  failed = 3,
  no_attachments = 4,
  not_found = 5,
  invalid = 6,
  skipped = 7,
};
inline constexpr int po_status_count = 8;

/// `PENDING`, `COMPLETED`, `PARTIAL`, `FAILED`, `NO_ATTACHMENTS`, `NOT_FOUND`, `INVALID`, `SKIPPED`.
[[nodiscard]] std::string_view to_string(po_status status) noexcept;

/// One purchase order to work on.
struct purchase_order {
  /// The ledger's number for it.
  std::int64_t id = 0;
  /// Canonical number: the digits alone for Coupa, any printable text for a manifest.
  std::string number;
  /// The prefix that the list had before the digits, upper case (`PO`, `PM`), or empty.
  std::string prefix;
  /// From the list; may be empty.
  std::string supplier;
  /// Key of its circuit-breaker group; empty: none.
  std::string group;
  /// Folder relative to the output root, '/' between levels, every level safe.
  std::string folder;
};

/// A page as it was read: by what it can be asked whether it is still the same.
struct page_mark {
  std::string url;
  /// Entity-tag or Last-Modified, as sent.
  std::string validator;

  friend bool operator==(const page_mark&, const page_mark&) = default;
};

/// What a look at a PO leaves for the next one: its list of attachments was read whole, and every file that
/// was there before is accounted for.
struct po_look {
  /// When it began; by the source's clock, where that tells the time.
  std::chrono::system_clock::time_point at{};
  /// The PO's own time of its last change, as the source writes it; empty: not said, or not to be relied on.
  std::string updated_at{};
  /// Every page that was read; none: they cannot be asked for conditionally.
  std::vector<page_mark> pages{};
};

/// A PO taken from the ledger together with what earlier runs left of it.
struct po_lease {
  purchase_order po;
  /// In order of ordinal. Completed ones are not fetched again; names stay.
  std::vector<attachment_record> known;
  /// It is done, and looked at again.
  bool again = false;
  /// Pages of its last look then, if that left any.
  std::vector<page_mark> pages{};
  /// What the list says of its attachments, in the list's order; none: the list names POs only. Secrets.
  std::vector<listed_attachment> listed{};
};

/// What became of one PO.
struct po_outcome {
  purchase_order po;
  po_status status = po_status::pending;
  /// As the source said it; empty: keep what the list says.
  std::string supplier;
  /// Masked address of its page.
  std::string url;
  /// Why it is not COMPLETED, if it is not.
  std::optional<failure> error{};
  /// All attachments found, in the source's order.
  std::vector<attachment_record> attachments;
  std::chrono::system_clock::time_point finished_at{};
  /// The last look that was whole; as what a run found: nothing unless its own was. Only what a look found is
  /// recorded moves it.
  std::optional<po_look> look{};
};

}  // namespace pofetch
