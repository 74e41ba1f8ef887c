#include "pipeline/download_task.hpp"

#include "async/offload.hpp"
#include "core/ascii.hpp"
#include "core/consequence.hpp"
#include "core/digest_fields.hpp"
#include "core/encoding.hpp"
#include "core/file_name.hpp"
#include "core/file_title.hpp"
#include "core/html_marks.hpp"
#include "core/mask_url.hpp"
#include "core/media_sniff.hpp"
#include "core/refusal.hpp"
#include "core/url.hpp"
#include "core/validator.hpp"
#include "pipeline/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace pofetch::pipeline {

namespace {

/// Read back at once: short enough that a stop, or a commit that waits for the thread, does not wait long.
constexpr std::uint64_t recovered_at_once = 16U << 20U;

std::string listed_name(const attachment& what) {
  return core::safe_file_name(core::file_title({{}, what.name, {}, what.url}), "attachment");
}

/// An answer that describes or refuses the file in the place of the file.
bool is_json_type(std::string_view media_type) {
  return core::ifind(media_type.substr(0, media_type.find(';')), "json") != std::string_view::npos;
}

core::transfer_options transfer_options_of(const attachment& what, const std::string& label,
                                           const pool_config& config) {
  core::transfer_options options;
  options.what = label;
  options.size = what.size;
  options.max_size = config.max_file_size;
  return options;
}

/// May the next run go on where this one ended?
bool may_pass(const failure& why) {
  return why.code == errc::cancelled || why.code == errc::session_expired || core::is_transient(why);
}

}  // namespace

download_task::download_task(const download_parts& parts, const attachment& what, std::string_view po,
                             std::string second_url, const held_file* held, watched seen)
    : parts_(parts),
      what_(what),
      url_(what.url),
      second_url_(std::move(second_url)),
      listed_(listed_name(what)),
      label_(fmt::format("file {}", listed_)),
      owner_(po.empty() ? std::string() : fmt::format("{}\n{}", po, what.key)),
      state_(transfer_options_of(what, label_, parts.config)),
      held_(held),
      seen_(seen) {}

awaitable<result<void>> download_task::run() {
  if (what_.url.empty()) {
    failure why = make_failure(
        errc::input,
        fmt::format("{}: its address is not kept any more, since the file was there; run again with "
                    "the list",
                    label_));
    co_return why;
  }
  result<void> outcome = co_await try_address();
  if (outcome || second_url_.empty() || !may_be_elsewhere(outcome.error())) co_return outcome;
  turn_to_second_address();
  outcome = co_await try_address();
  co_return outcome;
}

/// From nothing: what came from one address is never joined with what comes from another, in a later run
/// neither.
void download_task::turn_to_second_address() {
  url_ = second_url_;
  at_second_ = true;
  owner_.clear();
  state_ = core::transfer(transfer_options_of(what_, label_, parts_.config));
  remark_.reset();
  passed_over_.clear();
  sink_.reset();
  wanted_.reset();
  if (body_) (void)body_->forget();
  body_.reset();
}

awaitable<result<void>> download_task::try_address() {
  core::retry_policy policy(core::retry_options_of(parts_.config),
                            std::hash<std::string>()(what_.key) ^ parts_.worker);
  for (unsigned tries = 1;; ++tries) {
    result<void> outcome = co_await attempt();
    if (outcome) co_return outcome;
    auto delay = policy.next(tries, outcome.error());
    if (!delay) co_return outcome;
    parts_.events.on(event::retrying{parts_.worker, outcome.error(), *delay});
    if (seen_.by != nullptr) seen_.by->pauses(seen_.index);
    co_await parts_.time.sleep_for(*delay);
  }
}

awaitable<result<void>> download_task::attempt() {
  ++tries_;
  if (!sink_) {
    auto ready = co_await open_body();
    if (!ready) co_return ready;
  }
  result<void> outcome = co_await exchange();
  if (!outcome && sink_->wants_refetch()) outcome = co_await exchange();
  unchanged_ = sink_->unchanged();
  if (unchanged_) co_return result<void>();
  if (outcome) outcome = verify();
  if (outcome) compare_with_held();
  // What is forgotten must not outlive a kill either.
  if (!outcome && state_.size() == 0 && body_->size() > 0) {
    auto rewound = body_->rewind();
    if (!rewound) co_return rewound;
  }
  co_return outcome;
}

awaitable<result<void>> download_task::open_body() {
  body_note note;
  std::optional<left_body> left;
  if (!owner_.empty()) left = parts_.files.take_left(owner_);
  if (left) {
    const bool recovered = co_await recover(*left);
    if (recovered) {
      note = std::move(left->note);
      body_ = std::move(left->body);
    }
  }
  if (!body_) {
    auto made = parts_.files.create();
    no_room_ = !made;
    if (!made) co_return made.error();
    body_ = std::move(*made);
    auto hashed = require_digests(*body_, {});
    if (!hashed) co_return hashed;
  }
  sink_ = std::make_unique<attachment_sink>(
      attachment_sink::parts{parts_.source, parts_.events, parts_.worker, *body_, state_, owner_, parts_.time,
                             held_, [this] { tell_name(); }});
  sink_->take_up(note);
  co_return result<void>();
}

/// Reads a body of an earlier run back, for its digests. False: it is not to be used, and not to be kept.
awaitable<bool> download_task::recover(left_body& left) {
  result<void> ready;
  const bool fits = state_.take_up(left.note, left.found);
  if (fits) ready = require_digests(*left.body, left.note.digests);
  while (fits && ready && left.body->size() < left.found) {
    auto slice = [&left] {
      return left.body->recover(std::min(left.found - left.body->size(), recovered_at_once));
    };
    ready = co_await async::offload(parts_.storage_thread, slice);
  }
  if (fits && ready) co_return true;
  state_.forget();
  (void)left.body->forget();
  co_return false;
}

result<void> download_task::require_digests(partial_file& body,
                                            const std::vector<announced_digest>& announced) {
  result<void> done;
  if (parts_.config.hash || !what_.sha256.empty() || held_ != nullptr)
    done = body.require(digest_algorithm::sha256);
  for (const auto& digest : announced)
    if (done) done = body.require(digest.algorithm);
  return done;
}

awaitable<result<void>> download_task::exchange() {
  const bool conditional =
      held_ != nullptr && !held_->validator.empty() && !state_.can_resume() && !sink_->distrusts_condition();
  sink_->next_try(conditional);
  http_request request;
  request.url = url_;
  request.fields = state_.request_fields();
  request.file_name = what_.name;
  if (conditional) request.fields.push_back(core::condition_of(held_->validator));
  request.user_named = what_.user_named;
  if (!what_.authorization.empty() && !at_second_)
    request.fields.push_back({"Authorization", what_.authorization});
  request.max_body = parts_.config.max_file_size;
  led_to_.clear();
  request.stop_before = [this](std::string_view url) {
    if (parts_.source.looks_like_sign_in(url)) led_to_ = url;
    return parts_.source.is_sign_in_url(url);
  };
  wanted_.reset();
  auto answer = co_await parts_.http.exchange(request, *sink_);
  if (sink_->refused()) {
    state_.on_broken();
    co_return refused_by_server();
  }
  if (!answer) {
    state_.on_broken();
    co_return behind_sign_in(answer.error());
  }
  passed_over_ = std::move(answer->remark);
  co_return state_.on_body_end();
}

failure download_task::refused_by_server() const {
  const http_response& head = sink_->head();
  if (head.status == 403 && core::read_refusal(head, sink_->said()).in_between) parts_.http.spare(head.url);
  return core::failure_for_refusal(head, sink_->said(), label_);
}

/// A company's sign-in page may be out of reach from here.
failure download_task::behind_sign_in(failure why) const {
  const error_kind kind = kind_of(why.code);
  const bool out_of_reach = kind == error_kind::network || kind == error_kind::security;
  if (!out_of_reach || !core::istarts_with(led_to_, "https:")) return why;
  return make_failure(
      errc::session_expired,
      fmt::format("the session has expired, as it seems: {} leads to {}, which cannot be read: {}",
                  core::mask_url(url_), core::mask_url(led_to_), why.message));
}

/// The same content is the same file, whatever else the server says of it.
void download_task::compare_with_held() {
  if (held_ == nullptr) return;
  const std::string digest = core::to_hex(body_->digest(digest_algorithm::sha256));
  const auto& known = held_->digests;
  unchanged_ = std::find(known.begin(), known.end(), digest) != known.end();
  if (unchanged_) same_as_ = digest;
}

result<void> download_task::verify() {
  auto verified = verify_digests();
  if (verified) verified = verify_content();
  if (!verified)
    state_.forget();
  else
    remark_on(passed_over_);
  return verified;
}

/// The file is kept, and this is told of it.
void download_task::remark_on(const std::string& what) {
  if (what.empty()) return;
  if (remark_)
    remark_->message.append(fmt::format(" Also, {}.", what));
  else
    remark_ = make_failure(errc::unexpected_content, fmt::format("file {}: {}.", wanted_name(), what));
}

result<void> download_task::verify_digests() {
  auto announced = state_.digests();
  // A digest may lag behind the bytes; where they cannot be read back, this says so.
  if (auto level = require_digests(*body_, announced); !level) return level;
  if (auto listed = core::sha256_digest(what_.sha256, "the list")) announced.push_back(*listed);
  for (const auto& digest : announced) {
    auto held = core::check_digest(digest, body_->digest(digest.algorithm), label_);
    if (!held) return held;
  }
  return {};
}

result<void> download_task::verify_content() {
  auto first = body_->head(core::sniff_size);
  if (!first) return first.error();
  remark_ = core::contradiction(wanted_name(), sink_->media_type(), *first);
  if (remark_) remark_->message.insert(0, "file ");
  const bool is_json = is_json_type(sink_->media_type());
  if (remark_ && is_json) return *remark_;
  // Nothing says what the file is, and so that this is it.
  if (is_json && !what_.user_named && sink_->disposition().empty() &&
      wanted_name().find('.') == std::string::npos)
    return make_failure(
        errc::unexpected_content,
        fmt::format("{}: JSON came where a file was expected, perhaps a description or a refusal of it.",
                    label_));
  const bool is_html = core::looks_like_html(*first);
  if (!is_html && !core::is_html_type(sink_->media_type())) return {};
  // A file that is a page itself is given as a file; a sign-in page is not.
  if (remark_ || sink_->disposition().empty()) {
    auto page = body_->head(core::html_marks_size);
    if (!page) return page.error();
    const bool meant = remark_ && is_meant(*page);
    if (parts_.source.asks_to_sign_in(sink_->head(), *page, !remark_ || meant))
      return make_failure(errc::session_expired,
                          fmt::format("the session has expired: a sign-in page came in place of {}, from {}",
                                      label_, core::mask_url(sink_->head().url)));
    if (remark_ && !meant) return *remark_;
    if (remark_ && is_html)
      remark_->message =
          fmt::format("file {}: it is HTML, which the server gives as this file.", wanted_name());
  }
  return {};
}

/// HTML under the name of something else, on purpose, as ERP systems export tables: kept, with the remark.
bool download_task::is_meant(std::string_view page) {
  return core::is_meant_as_file(wanted_name(), sink_->media_type(), sink_->disposition()) &&
         !core::is_sign_in_or_error(page);
}

const std::string& download_task::wanted_name() {
  if (!sink_) return listed_;
  if (!wanted_)
    wanted_ = core::safe_file_name(
        core::file_title({sink_->disposition(), what_.name, sink_->head().url, url_}), listed_);
  return *wanted_;
}

void download_task::tell_name() {
  if (seen_.by != nullptr && held_ == nullptr) seen_.by->named(seen_.index, wanted_name());
}

download download_task::take(const result<void>& outcome) {
  download done;
  auto& record = done.record;
  record.key = what_.key;
  record.url = core::mask_url(url_);
  record.name = wanted_name();
  record.attempts = tries_;
  if (sink_) record.validator = sink_->validator();
  if (unchanged_) {
    done.unchanged = true;
    done.same_as = std::move(same_as_);
    if (body_) (void)body_->forget();
    body_.reset();
    return done;
  }
  if (!outcome) {
    record.error = outcome.error();
    record.error->retry_after.reset();
    // Where all others would fail the same way none of them has failed.
    const bool would_all_fail =
        no_room_ || core::consequence_of(record.error->code).ends == core::extent::run;
    record.status = would_all_fail ? attachment_status::pending : attachment_status::failed;
    // A note that cannot be removed now belongs to no body afterwards, and is swept.
    if (body_ && !(state_.can_resume() && may_pass(*record.error))) (void)body_->forget();
    body_.reset();
    return done;
  }
  record.status = attachment_status::committing;
  record.media_type = sink_->media_type();
  record.bytes = body_->size();
  if (parts_.config.hash) record.sha256 = core::to_hex(body_->digest(digest_algorithm::sha256));
  record.error = remark_;
  done.body = std::move(body_);
  return done;
}

}  // namespace pofetch::pipeline
