#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/store.hpp>

#include <memory>
#include <string>

namespace pofetch {

/// One attachment after its download: a verified body that waits for its final name, or a reason.
struct download {
  /// Status is `committing` with a body, `completed` if an earlier run has it, else `failed` or
  /// `pending` (stopped). `name` is the wanted name, not yet made unique.
  attachment_record record;
  std::unique_ptr<partial_file> body;
  /// The server has what the caller holds already; there is no body. `record.validator` is the newest.
  bool unchanged = false;
  /// With `unchanged`: which of the held contents; empty: the present one.
  std::string same_as{};
};

}  // namespace pofetch
