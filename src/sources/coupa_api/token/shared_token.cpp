#include "sources/coupa_api/token/shared_token.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::sources {

namespace {

/// The vendor's advice: a token of 24 hours is renewed after 20.
constexpr int renew_after_parts = 5;
constexpr int of_parts = 6;

}  // namespace

shared_token::step shared_token::next(time_point now) {
  const std::lock_guard lock(mutex_);
  step told;
  if (renewing_) {
    told.until = now + glance;
    return told;
  }
  if (is_good(now) && now < renew_at_) {
    const bool ready = now >= usable_at_;
    told.what = ready ? action::use : action::wait;
    told.until = usable_at_;
    if (ready) {
      told.value = value_;
      told.generation = generation_;
    }
    return told;
  }
  if (failed_ && now < failed_at_ + failure_holds) {
    told.what = action::fail;
    told.why = failed_;
    return told;
  }
  renewing_ = true;
  told.what = action::renew;
  return told;
}

void shared_token::put(access_token fresh, time_point now) {
  const std::lock_guard lock(mutex_);
  renewing_ = false;
  failed_.reset();
  value_ = std::move(fresh.value);
  ++generation_;
  told_lifetime_ = fresh.lifetime_told ? std::optional(fresh.lifetime) : std::nullopt;
  // Who waits until a token is old enough must not find it too old then.
  usable_at_ = now + std::min<duration>(rest_, fresh.lifetime / 2);
  renew_at_ = now + fresh.lifetime * renew_after_parts / of_parts;
  ends_at_ = now + fresh.lifetime;
}

void shared_token::give_up(failure why, time_point now) {
  const std::lock_guard lock(mutex_);
  renewing_ = false;
  if (is_good(now)) {
    renew_at_ = std::min(now + renewal_pause, ends_at_);
    return;
  }
  failed_ = std::move(why);
  failed_at_ = now;
}

void shared_token::abandon() {
  const std::lock_guard lock(mutex_);
  renewing_ = false;
}

void shared_token::refuse(std::uint64_t generation) {
  const std::lock_guard lock(mutex_);
  if (generation == generation_) value_.clear();
}

bool shared_token::had_one() const {
  const std::lock_guard lock(mutex_);
  return generation_ > 0;
}

std::optional<std::chrono::seconds> shared_token::told_lifetime() const {
  const std::lock_guard lock(mutex_);
  return told_lifetime_;
}

}  // namespace pofetch::sources
