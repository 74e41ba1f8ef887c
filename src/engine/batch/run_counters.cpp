#include "engine/batch/run_counters.hpp"

#include "core/version_key.hpp"

#include <fmt/format.h>

namespace pofetch::engine {

void look_counter::on(const progress_event& event) {
  std::visit(overloaded{
                 [this](const event::attachment_finished& one) { count_file(*one.record); },
                 [this](const event::po_finished& one) { count_order(*one.outcome); },
                 [](const auto&) {},
             },
             event);
}

void look_counter::count_file(const attachment_record& record) {
  if (record.status != attachment_status::committing) return;
  ++files_;
  if (core::split_version(record.key).number > 1) ++versions_;
}

void look_counter::count_order(const po_outcome& outcome) {
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
