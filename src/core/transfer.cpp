#include "core/transfer.hpp"

#include "core/content_range.hpp"
#include "core/mask_url.hpp"
#include "core/status_failure.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pofetch::core {

transfer::transfer(transfer_options options) : options_(std::move(options)) {}

std::vector<http_field> transfer::request_fields() const {
  // Offsets count bytes as stored, so no coding may come between.
  std::vector<http_field> fields{{"Accept-Encoding", "identity"}};
  if (can_resume()) {
    fields.push_back({"Range", fmt::format("bytes={}-", size_)});
    fields.push_back({"If-Range", etag_});
  }
  return fields;
}

transfer_step transfer::on_head(const http_response& head) {
  switch (head.status) {
    case 200:
    case 203:
      return on_whole(head);
    case 206:
      return on_part(head);
    case 416:
      if (can_resume()) return refetch("the server cannot send the rest of the file (416)");
      break;
    case 304:
      return fail(errc::protocol, "the server answered 304 Not Modified to a request without condition");
    default:
      break;
  }
  if (head.status >= 200 && head.status < 300) {
    return fail(errc::not_a_file, fmt::format("the server answered {} {}, which carries no file", head.status,
                                              reason_phrase(head.status)));
  }
  return {transfer_action::fail, failure_for_response(head, options_.what)};
}

transfer_step transfer::on_whole(const http_response& head) {
  forget();
  // The announced length is that of the encoded body.
  if (!head.decoded) total_ = head.content_length;
  if (total_ && *total_ > options_.max_size) {
    return fail(errc::too_large, fmt::format("the file has {} bytes, more than the {} that are allowed",
                                             *total_, options_.max_size));
  }
  announced_ = head.content_length || head.decoded || !head.field("Transfer-Encoding").empty();
  if (!head.decoded) etag_ = strong_etag(head.field("ETag"));
  learn_digests(head);
  return {transfer_action::start_over, {}};
}

transfer_step transfer::on_part(const http_response& head) {
  if (!can_resume()) {
    return fail(errc::protocol, "the server answered 206 Partial Content to a request for the whole file");
  }
  const auto range = parse_content_range(head.field("Content-Range"));
  if (!range || !range->total || head.decoded) return refetch("the server does not say which part it sends");
  if (strong_etag(head.field("ETag")) != etag_) return refetch("the file has changed since");
  if (total_ && *range->total != *total_) {
    return refetch(fmt::format("the file had {} bytes and now has {}", *total_, *range->total));
  }
  if (range->first != size_ || range->last + 1 != *range->total) {
    return refetch(fmt::format("bytes {} to the end were asked for, {}-{} of {} come", size_, range->first,
                               range->last, *range->total));
  }
  if (head.content_length && *head.content_length != *range->total - size_) {
    return refetch("length and range of the answer do not fit");
  }
  if (*range->total > options_.max_size) {
    return fail(errc::too_large, fmt::format("the file has {} bytes, more than the {} that are allowed",
                                             *range->total, options_.max_size));
  }
  total_ = range->total;
  learn_digests(head);
  return {transfer_action::append, {}};
}

result<void> transfer::on_bytes(std::uint64_t count) {
  if (count > options_.max_size - std::min(size_, options_.max_size)) {
    return *fail(errc::too_large,
                 fmt::format("more than the {} bytes that are allowed come", options_.max_size))
                .why;
  }
  size_ += count;
  return {};
}

result<void> transfer::on_body_end() {
  if (total_ && size_ < *total_) {
    auto cut = make_failure(errc::truncated, fmt::format("{}: the body ended after {} of {} bytes.",
                                                         options_.what, size_, *total_));
    on_broken();
    return cut;
  }
  if (total_ && size_ > *total_) {
    auto excess = make_failure(errc::protocol, fmt::format("{}: {} bytes came where the server announced {}.",
                                                           options_.what, size_, *total_));
    forget();
    return excess;
  }
  if (size_ == 0 && !announced_)
    return make_failure(
        errc::truncated,
        fmt::format("{}: the connection was closed in place of a body: no length was announced, "
                    "and no byte came.",
                    options_.what));
  auto complete = check_complete(size_, options_.size, options_.what);
  if (!complete) forget();
  return complete;
}

void transfer::on_broken() noexcept {
  if (!can_resume()) forget();
}

void transfer::forget() noexcept {
  size_ = 0;
  total_.reset();
  etag_.clear();
  digests_.clear();
}

bool transfer::take_up(const body_note& note, std::uint64_t size) {
  const bool fits = size > 0 && size < note.total && note.total <= options_.max_size &&
                    note.total == options_.size.value_or(note.total);
  if (!fits || !is_strong_etag(note.etag)) return false;
  size_ = size;
  total_ = note.total;
  etag_ = note.etag;
  digests_ = note.digests;
  return true;
}

std::optional<body_note> transfer::note() const {
  if (!can_resume() || !total_) return std::nullopt;
  body_note made;
  made.etag = etag_;
  made.total = *total_;
  made.digests = digests_;
  return made;
}

transfer_step transfer::fail(errc code, std::string message) const {
  return {transfer_action::fail, make_failure(code, fmt::format("{}: {}.", options_.what, message))};
}

transfer_step transfer::refetch(std::string_view why) {
  auto reason = make_failure(
      errc::truncated,
      fmt::format("{}: cannot go on after {} bytes, {}; it starts over.", options_.what, size_, why));
  forget();
  return {transfer_action::refetch, std::move(reason)};
}

void transfer::learn_digests(const http_response& head) {
  for (auto& digest : announced_digests(head)) {
    const bool known = std::any_of(digests_.begin(), digests_.end(), [&digest](const announced_digest& d) {
      return d.algorithm == digest.algorithm && d.bytes == digest.bytes;
    });
    if (!known) digests_.push_back(std::move(digest));
  }
}

result<void> check_complete(std::uint64_t size, std::optional<std::uint64_t> announced,
                            std::string_view what) {
  if (!announced || *announced == size) return {};
  return make_failure(errc::digest_mismatch,
                      fmt::format("{}: {} bytes came, but the source announced {}.", what, size, *announced));
}

}  // namespace pofetch::core
