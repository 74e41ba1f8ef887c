#include "pipeline/attachment_sink.hpp"

#include "core/mask_url.hpp"
#include "core/url.hpp"

#include <fmt/format.h>

namespace pofetch::pipeline {

namespace {

bool leads_to_sign_in(const http_response& head, const attachment_source& source) {
  if (head.status < 300 || head.status > 399) return false;
  const auto target = core::resolve(head.url, head.field("Location"));
  return target && source.is_sign_in_url(*target);
}

}  // namespace

void attachment_sink::take_up(const body_note& note) {
  disposition_ = note.disposition;
  media_type_ = note.media_type;
}

void attachment_sink::next_try() { refetch_ = false; }

result<void> attachment_sink::begin(const http_response& head) {
  head_ = head;
  remembered_ = false;
  if (leads_to_sign_in(head, parts_.source) || parts_.source.asks_to_sign_in(head, {}))
    return make_failure(errc::session_expired,
                        fmt::format("the session has expired: {} asks to sign in", core::mask_url(head.url)));
  const core::transfer_step step = parts_.state.on_head(head);
  if (step.action == core::transfer_action::fail || step.action == core::transfer_action::refetch) {
    refetch_ = step.action == core::transfer_action::refetch;
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
  for (const auto& announced : parts_.state.digests()) {
    auto required = parts_.body.require(announced.algorithm);
    if (!required) return required;
  }
  return {};
}

result<void> attachment_sink::write(std::span<const std::byte> bytes) {
  auto counted = parts_.state.on_bytes(bytes.size());
  if (!counted) return counted;
  parts_.events.bytes_received(parts_.worker, bytes.size());
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
