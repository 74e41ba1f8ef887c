#include "pipeline/outcome.hpp"

#include "core/consequence.hpp"
#include "core/glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::pipeline {

namespace {

struct tally {
  std::size_t completed = 0;
  std::size_t failed = 0;
  std::size_t pending = 0;
  const attachment_record* first_failed = nullptr;
  const attachment_record* first_held_up = nullptr;  ///< pending for a reason that is told at the PO
};

/// Not what passes by itself with the next run (a stop), or is no failure of fetching (a size that is not
/// known).
bool holds_up(const attachment_record& a) {
  if (a.status != attachment_status::pending || !a.error || a.error->code == errc::cancelled) return false;
  return core::consequence_of(a.error->code).ends == core::extent::run;
}

tally count(const std::vector<attachment_record>& attachments) {
  tally t;
  for (const auto& a : attachments) {
    if (a.status == attachment_status::completed) ++t.completed;
    if (a.status == attachment_status::pending || a.status == attachment_status::committing) ++t.pending;
    if (t.first_held_up == nullptr && holds_up(a)) t.first_held_up = &a;
    if (a.status != attachment_status::failed) continue;
    if (t.failed++ == 0) t.first_failed = &a;
  }
  return t;
}

failure summary(const tally& t, std::size_t total) {
  failure why = t.first_failed->error.value_or(make_failure(errc::internal, "no reason was recorded"));
  why.retry_after.reset();
  why.message =
      fmt::format("{} of {} attachments could not be fetched; the first: {}", t.failed, total, why.message);
  return why;
}

}  // namespace

void settle(po_outcome& outcome, const std::optional<failure>& incomplete) {
  const tally t = count(outcome.attachments);
  outcome.error.reset();
  if (t.pending > 0) {
    outcome.status = po_status::pending;
    if (t.first_held_up != nullptr) outcome.error = t.first_held_up->error;
  } else if (t.failed > 0) {
    outcome.status = t.completed > 0 ? po_status::partial : po_status::failed;
    outcome.error = summary(t, outcome.attachments.size());
  } else if (incomplete) {
    outcome.status = t.completed > 0 ? po_status::partial : po_status::failed;
    outcome.error = incomplete;
  } else {
    outcome.status = outcome.attachments.empty() ? po_status::no_attachments : po_status::completed;
  }
}

bool is_wanted(const std::string& name, const pool_config& config) {
  const auto matches = [&name](const std::string& glob) { return core::glob_match(glob, name); };
  const bool included =
      config.include.empty() || std::any_of(config.include.begin(), config.include.end(), matches);
  return included && std::none_of(config.exclude.begin(), config.exclude.end(), matches);
}

failure about_file(const purchase_order& po, const attachment_record& record, failure why) {
  const bool names_file = why.message.starts_with("file ");
  why.message = names_file ? fmt::format("PO {}, {}", po.number, why.message)
                           : fmt::format("PO {}, file {}: {}", po.number, record.name, why.message);
  return why;
}

bool may_be_elsewhere(const failure& why) noexcept {
  if (why.code == errc::too_large || why.code == errc::rate_limited) return false;
  const error_kind kind = kind_of(why.code);
  return kind == error_kind::network || kind == error_kind::remote || kind == error_kind::content ||
         kind == error_kind::security;
}

finished_po ended_early(const purchase_order& po, po_status status, failure why) {
  finished_po done;
  done.outcome.po = po;
  done.outcome.status = status;
  why.retry_after.reset();
  done.outcome.error = std::move(why);
  return done;
}

}  // namespace pofetch::pipeline
