#include "pipeline/attachment_sink.hpp"

#include "core/digest_fields.hpp"
#include "core/encoding.hpp"
#include "core/mask_url.hpp"
#include "core/refusal.hpp"
#include "core/url.hpp"
#include "core/validator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pofetch::pipeline {

namespace {

/// A refusal whose body says who refuses, and why: a storage, a firewall.
bool may_say_why(int status) { return status == 400 || status == 401 || status == 403; }

/// Where a redirect leads that was not followed; empty if it is none.
std::string target_of(const http_response& head) {
  const std::string_view location = head.field("Location");
  if (head.status < 300 || head.status > 399 || location.empty()) return {};
  auto target = core::resolve(head.url, location);
  return target ? std::move(*target) : std::string();
}

failure signed_out(const http_response& head) {
  const std::string target = target_of(head);
  const std::string how =
      target.empty() ? "asks to sign in" : fmt::format("leads to {} to sign in", core::mask_url(target));
  return make_failure(errc::session_expired,
                      fmt::format("the session has expired: {} {}", core::mask_url(head.url), how));
}

}  // namespace

void attachment_sink::take_up(const body_note& note) {
  disposition_ = note.disposition;
  media_type_ = note.media_type;
}

void attachment_sink::next_try(bool conditional) {
  refetch_ = false;
  refused_ = false;
  said_.clear();
  conditional_ = conditional;
  unchanged_ = false;
}

/// Does the head of a whole answer say that the present version comes? Then its body need not: a server that
/// knows no conditions sends it all the same.
bool attachment_sink::is_held(const http_response& head) const {
  if (parts_.held == nullptr || head.status != 200) return false;
  const held_file& held = *parts_.held;
  if (held.digests.empty()) return false;
  if (!head.decoded && head.content_length && *head.content_length != held.bytes) return false;
  const core::sameness as = core::compare(head, held.validator);
  if (as != core::sameness::unknown) return as == core::sameness::same;
  const auto announced = core::announced_digests(head);
  return std::any_of(announced.begin(), announced.end(), [&held](const announced_digest& one) {
    return one.algorithm == digest_algorithm::sha256 && core::to_hex(one.bytes) == held.digests.back();
  });
}

/// A 304 that says another entity-tag or date than the one that was asked about is not believed.
result<void> attachment_sink::take_not_modified(const http_response& head) {
  unchanged_ = core::compare(head, parts_.held->validator) != core::sameness::other;
  if (unchanged_) return {};
  distrusts_condition_ = true;
  refetch_ = true;
  return make_failure(errc::protocol, "the server answered 304 Not Modified about another version");
}

result<void> attachment_sink::begin(const http_response& head) {
  head_ = head;
  remembered_ = false;
  const bool is_error = head.status >= 400;
  const bool leads_there = parts_.source.is_sign_in_url(target_of(head));
  if (leads_there || parts_.source.asks_to_sign_in(head, {}, !is_error)) return signed_out(head);
  if (conditional_ && head.status == 304) return take_not_modified(head);
  unchanged_ = is_held(head);
  if (unchanged_) return make_failure(errc::cancelled, "it is held already");
  const core::transfer_step step = parts_.state.on_head(head);
  if (step.action == core::transfer_action::fail || step.action == core::transfer_action::refetch) {
    refetch_ = step.action == core::transfer_action::refetch;
    refused_ = !refetch_ && may_say_why(head.status);
    if (refused_) return {};
    return step.why.value_or(make_failure(errc::protocol, "the answer cannot be used"));
  }
  if (step.action == core::transfer_action::start_over && parts_.body.size() > 0) {
    auto rewound = parts_.body.rewind();
    if (!rewound) return rewound;
  }
  return prepare_body(step.action);
}

result<void> attachment_sink::prepare_body(core::transfer_action action) {
  const auto disposition = head_.field("Content-Disposition");
  const auto media_type = head_.field("Content-Type");
  // The rest of a body comes without the fields that its beginning had (RFC 9110 15.3.7).
  const bool goes_on = action == core::transfer_action::append;
  if (!goes_on || !disposition.empty()) disposition_ = disposition;
  if (!goes_on || !media_type.empty()) media_type_ = media_type;
  if (std::string validator = core::validator_of(head_, parts_.time.wall()); !goes_on || !validator.empty())
    validator_ = std::move(validator);
  for (const auto& announced : parts_.state.digests()) {
    auto required = parts_.body.require(announced.algorithm);
    if (!required) return required;
  }
  parts_.begun();
  return {};
}

result<void> attachment_sink::write(std::span<const std::byte> bytes) {
  if (refused_) {
    const std::size_t most = core::refusal_size - said_.size();
    said_.append(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), most));
    if (said_.size() < core::refusal_size) return {};
    return make_failure(errc::http_status, "enough was heard of a refusal");
  }
  auto counted = parts_.state.on_bytes(bytes.size());
  if (!counted) return counted;
  parts_.events.on(event::bytes_received{parts_.worker, bytes.size()});
  auto written = parts_.body.append(bytes);
  if (written && !remembered_ && parts_.body.size() >= worth_remembering) remember();
  return written;
}

void attachment_sink::remember() {
  remembered_ = true;
  if (parts_.owner.empty()) return;
  auto note = parts_.state.note();
  if (!note) return;
  note->disposition = disposition_;
  note->media_type = media_type_;
  // Without it a later run starts over, which is no reason to end this one.
  (void)parts_.body.remember(parts_.owner, *note);
}

}  // namespace pofetch::pipeline
