#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/purchase_order.hpp>
#include <pofetch/store.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::pipeline {

/// What goes with one attachment of a finished PO until it is committed.
struct commit_part {
  /// The verified body of a `committing` attachment, else null.
  std::unique_ptr<partial_file> body;
  /// The name that an earlier run gave it; empty: none yet.
  std::string held_name;
  /// Its file of an earlier run is there but went bad: it is replaced under the name that it has.
  bool replaces = false;
};

/// One PO that a worker is done with, on its way to the committer.
struct finished_po {
  po_outcome outcome;
  /// Beside `outcome.attachments`, entry by entry.
  std::vector<commit_part> parts;
  /// The page was read: the status follows from the attachments (see `settle`).
  bool read = false;
  /// Part of the PO could not be read.
  std::optional<failure> incomplete;
  /// The instance asked to sign in on the way.
  std::optional<failure> signed_out{};
  unsigned worker = 0;
  /// Files of it have been committed by themselves already.
  bool has_committed = false;
  /// Set where this is only one file of a PO that is not finished, the first of the attachments: gives it its
  /// name. Called on the storage thread.
  std::function<result<void>(store& files, po_outcome& outcome)> name_file{};
};

/// Sets status and error of a PO whose page was read, from its attachments (spec: PO status).
/// `incomplete`: part of the PO could not be read.
void settle(po_outcome& outcome, const std::optional<failure>& incomplete);

/// Do --include and --exclude let an attachment through that the source calls so?
[[nodiscard]] bool is_wanted(const std::string& name, const pool_config& config);

/// Puts PO and file in front of the sentence that says what is wrong with one attachment.
[[nodiscard]] failure about_file(const purchase_order& po, const attachment_record& record, failure why);

/// May the same bytes be had from another address, where this one did not lead to them?
[[nodiscard]] bool may_be_elsewhere(const failure& why) noexcept;

/// A PO that ends without its attachments: its page could not be read, or it was held back.
[[nodiscard]] finished_po ended_early(const purchase_order& po, po_status status, failure why);

}  // namespace pofetch::pipeline
