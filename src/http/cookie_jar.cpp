#include "http/cookie_jar.hpp"

#include "http/set_cookie.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::http {

namespace {

bool same_identity(const cookie& a, const cookie& b) {
  return a.name == b.name && a.domain == b.domain && a.path == b.path;
}

bool is_expired(const cookie& c, cookie_jar::time_point now) { return c.expires && *c.expires <= now; }

bool applies(const cookie& c, const core::origin& to, std::string_view path) {
  if (c.secure && to.scheme != "https") return false;
  if (c.host_only ? to.host != c.domain : !domain_matches(to.host, c.domain)) return false;
  return path_matches(path, c.path);
}

}  // namespace

void cookie_jar::put(cookie made) {
  const std::lock_guard lock(mutex_);
  put_locked(std::move(made));
}

void cookie_jar::put_locked(cookie made) {
  ++ticks_;
  for (entry& known : entries_) {
    if (!same_identity(known.what, made)) continue;
    known.renewed = ticks_;
    if (known.what == made) return;
    known.what = std::move(made);
    bump();
    return;
  }
  const auto before = [](const entry& a, const entry& b) { return a.what.path.size() > b.what.path.size(); };
  entry fresh{std::move(made), ticks_, ticks_};
  entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), fresh, before), std::move(fresh));
  if (entries_.size() > max_cookies) make_room_locked(std::chrono::system_clock::now());
  count_.store(entries_.size(), std::memory_order_release);
  bump();
}

void cookie_jar::make_room_locked(time_point now) {
  std::erase_if(entries_, [now](const entry& e) { return is_expired(e.what, now); });
  if (entries_.size() <= max_cookies) return;
  const auto older = [](const entry& a, const entry& b) { return a.renewed < b.renewed; };
  entries_.erase(std::min_element(entries_.begin(), entries_.end(), older));
}

void cookie_jar::store(std::string_view set_cookie, const core::origin& from, std::string_view path,
                       accept which, time_point now) {
  auto made = parse_set_cookie(set_cookie, from, path, now);
  if (!made) return;
  const std::lock_guard lock(mutex_);
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const entry& e) { return same_identity(e.what, *made); });
  const bool is_known = known != entries_.end();
  if (which == accept::renewals && !is_known) return;
  // Plain HTTP must not touch what was given under TLS (RFC 6265bis 5.7).
  if (is_known && known->what.secure && from.scheme != "https") return;
  if (!is_expired(*made, now)) {
    put_locked(std::move(*made));
  } else if (is_known) {
    entries_.erase(known);
    count_.store(entries_.size(), std::memory_order_release);
    bump();
  }
}

void cookie_jar::append_header(std::string& out, const core::origin& to, std::string_view path,
                               time_point now) const {
  if (count_.load(std::memory_order_acquire) == 0) return;
  const std::lock_guard lock(mutex_);
  bool first = true;
  for (const entry& e : entries_) {
    if (!applies(e.what, to, path) || is_expired(e.what, now)) continue;
    if (!std::exchange(first, false)) out += "; ";
    out += e.what.name;
    out += '=';
    out += e.what.value;
  }
}

std::string cookie_jar::header_for(const core::origin& to, std::string_view path, time_point now) const {
  std::string text;
  append_header(text, to, path, now);
  return text;
}

std::vector<cookie> cookie_jar::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<cookie> copy;
  copy.reserve(entries_.size());
  for (const entry& e : entries_) copy.push_back(e.what);
  return copy;
}

}  // namespace pofetch::http
