#include "engine/run_counters.hpp"

#include "core/version_key.hpp"

#include <fmt/format.h>

namespace pofetch::engine {

void look_counter::attachment_finished(unsigned, const attachment_record& record) {
  if (record.status != attachment_status::committing) return;
  ++files_;
  if (core::split_version(record.key).number > 1) ++versions_;
}

void look_counter::po_finished(unsigned, const po_outcome& outcome) {
  if (!outcome.look) return;
  ++orders_;
  for (const auto& record : outcome.attachments) gone_ += record.gone ? 1U : 0U;
}

std::string look_counter::text() const {
  return fmt::format(
      "purchase orders looked at: {}; files fetched: {}, of these further versions of files that are there: "
      "{}; "
      "files there that are not listed any more: {}",
      orders_.load(), files_.load(), versions_.load(), gone_.load());
}

}  // namespace pofetch::engine
