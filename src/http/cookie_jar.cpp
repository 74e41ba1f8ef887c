#include "http/cookie_jar.hpp"

#include "http/set_cookie.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::http {

namespace {

bool is_expired(const cookie& c, cookie_jar::time_point now) { return c.expires && *c.expires <= now; }

bool fits_host(const cookie& c, std::string_view host) {
  return c.host_only ? host == c.domain : domain_matches(host, c.domain);
}

/// Hosts whose cookies are found at once; more of them start anew.
constexpr std::size_t max_indexed_hosts = 64;

}  // namespace

void cookie_jar::put(cookie made) {
  const std::lock_guard lock(mutex_);
  put_locked(std::move(made), false, 0);
}

void cookie_jar::sign_in(std::vector<cookie> fresh) {
  const std::lock_guard lock(mutex_);
  era_.fetch_add(1, std::memory_order_acq_rel);
  for (cookie& each : fresh) put_locked(std::move(each), false, 0);
}

void cookie_jar::put_locked(cookie made, bool from_server, std::uint64_t asked) {
  ++ticks_;
  for (entry& known : entries_) {
    if (!same_identity(known.what, made)) continue;
    known.renewed = ticks_;
    known.asked = asked;
    if (known.what == made) return;
    if (known.what.host_only != made.host_only) by_host_.clear();
    known.what = std::move(made);
    bump();
    return;
  }
  const auto before = [](const entry& a, const entry& b) { return a.what.path.size() > b.what.path.size(); };
  entry fresh{std::move(made), ticks_, from_server, asked};
  entries_.insert(std::upper_bound(entries_.begin(), entries_.end(), fresh, before), std::move(fresh));
  if (from_server) make_room_locked(std::chrono::system_clock::now());
  structure_changed_locked();
}

void cookie_jar::structure_changed_locked() {
  by_host_.clear();
  count_.store(entries_.size(), std::memory_order_release);
  bump();
}

void cookie_jar::make_room_locked(time_point now) {
  const auto set_by_server = [](const entry& e) { return e.from_server; };
  const auto too_many = [&] {
    return std::count_if(entries_.begin(), entries_.end(), set_by_server) > static_cast<long>(max_cookies);
  };
  if (!too_many()) return;
  std::erase_if(entries_, [now](const entry& e) { return e.from_server && is_expired(e.what, now); });
  if (!too_many()) return;
  const auto goes_first = [](const entry& a, const entry& b) {
    return a.from_server != b.from_server ? a.from_server : a.renewed < b.renewed;
  };
  entries_.erase(std::min_element(entries_.begin(), entries_.end(), goes_first));
}

bool cookie_jar::store(std::string_view set_cookie, const core::origin& from, std::string_view path,
                       accept which, time_point now, std::uint64_t asked) {
  auto made = parse_set_cookie(set_cookie, from, path, now);
  if (!made) return false;
  const std::lock_guard lock(mutex_);
  // A host's own cookie is renewed by that host and by no other.
  const auto find = [&] {
    return std::find_if(entries_.begin(), entries_.end(), [&](const entry& e) {
      return same_identity(e.what, *made) && (!e.what.host_only || e.what.domain == from.host);
    });
  };
  auto known = find();
  if (known == entries_.end() && !made->host_only) {
    // Nobody but the user widens the circle: which domains belong to many is not known here.
    made->domain = from.host;
    made->host_only = true;
    known = find();
  }
  const bool is_known = known != entries_.end();
  if (which == accept::renewals && !is_known) return false;
  if (is_known && asked != 0 && asked < known->asked) return true;
  // Plain HTTP must not touch what was given under TLS (RFC 6265bis 5.7).
  if (is_known && known->what.secure && from.scheme != "https") return true;
  if (!is_expired(*made, now)) {
    put_locked(std::move(*made), true, asked);
  } else if (is_known) {
    entries_.erase(known);
    structure_changed_locked();
  }
  return true;
}

void cookie_jar::append_header(std::string& out, const core::origin& to, std::string_view path,
                               time_point now) const {
  if (count_.load(std::memory_order_acquire) == 0) return;
  const std::lock_guard lock(mutex_);
  bool first = true;
  for (const std::size_t place : candidates_locked(to.host)) {
    const cookie& c = entries_[place].what;
    if ((c.secure && to.scheme != "https") || !path_matches(path, c.path) || is_expired(c, now)) continue;
    if (!std::exchange(first, false)) out += "; ";
    out += c.name;
    out += '=';
    out += c.value;
  }
}

const std::vector<std::size_t>& cookie_jar::candidates_locked(const std::string& host) const {
  const auto known = by_host_.find(host);
  if (known != by_host_.end()) return known->second;
  if (by_host_.size() >= max_indexed_hosts) by_host_.clear();
  std::vector<std::size_t>& places = by_host_[host];
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (fits_host(entries_[i].what, host)) places.push_back(i);
  return places;
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
