#include "coupa-sim/stats.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace coupa_sim {
namespace {

bool is_file(request_kind kind) { return kind == request_kind::download || kind == request_kind::storage; }

}  // namespace

std::uint64_t stats::begin(request_kind kind, std::uint64_t po, std::string_view path) {
  if (kind == request_kind::control) return 0;
  const std::lock_guard lock(mutex_);
  ++now_.requests;
  if (kind == request_kind::page) ++now_.pages;
  if (kind == request_kind::requisition) ++now_.requisitions;
  if (kind == request_kind::download) ++now_.downloads;
  if (kind == request_kind::storage) ++now_.storage;
  if (kind == request_kind::api) ++now_.api;
  now_.max_in_flight = std::max(now_.max_in_flight, ++now_.in_flight);
  stats_second& present = second();
  ++present.requests;
  present.max_in_flight = std::max(present.max_in_flight, now_.in_flight);
  if (is_file(kind)) now_.max_in_flight_per_po = std::max(now_.max_in_flight_per_po, ++downloads_of_po_[po]);
  return count_paths_ ? paths_[std::string(path)]++ : 0;
}

void stats::end(request_kind kind, std::uint64_t po, std::uint64_t bytes) {
  if (kind == request_kind::control) return;
  const std::lock_guard lock(mutex_);
  now_.bytes += bytes;
  --now_.in_flight;
  if (!is_file(kind)) return;
  const auto entry = downloads_of_po_.find(po);
  if (entry != downloads_of_po_.end() && --entry->second == 0) downloads_of_po_.erase(entry);
}

/// The one that it is now; the last one stands for all that come after it.
stats_second& stats::second() {
  constexpr std::size_t most = 4 * 3600;
  const auto now = std::chrono::steady_clock::now();
  if (!began_) began_ = now;
  const auto since = std::chrono::duration_cast<std::chrono::seconds>(now - *began_).count();
  const std::size_t index = std::min(static_cast<std::size_t>(since), most - 1);
  if (seconds_.size() <= index) seconds_.resize(index + 1);
  return seconds_[index];
}

void stats::answered(unsigned status) {
  const std::lock_guard lock(mutex_);
  ++second().answers[status];
}

void stats::sent(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  second().bytes += bytes;
}

void stats::connected() {
  const std::lock_guard lock(mutex_);
  ++now_.connections_opened;
  ++now_.connections_open;
}

void stats::disconnected() {
  const std::lock_guard lock(mutex_);
  --now_.connections_open;
}

void stats::count(std::uint64_t stats_snapshot::*counter) {
  const std::lock_guard lock(mutex_);
  ++(now_.*counter);
}

stats_snapshot stats::snapshot() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

std::vector<stats_second> stats::seconds() const {
  const std::lock_guard lock(mutex_);
  return seconds_;
}

std::map<std::string, std::uint64_t> stats::paths() const {
  const std::lock_guard lock(mutex_);
  return {paths_.begin(), paths_.end()};
}

void stats::reset() {
  const std::lock_guard lock(mutex_);
  stats_snapshot fresh;
  fresh.in_flight = fresh.max_in_flight = now_.in_flight;
  fresh.connections_open = now_.connections_open;
  for (const auto& [po, running] : downloads_of_po_) {
    fresh.max_in_flight_per_po = std::max(fresh.max_in_flight_per_po, running);
  }
  now_ = fresh;
  paths_.clear();
  began_.reset();
  seconds_.clear();
}

std::string to_json(const stats_snapshot& seen) {
  boost::json::object out;
  out["requests"] = seen.requests;
  out["pages"] = seen.pages;
  out["requisitions"] = seen.requisitions;
  out["downloads"] = seen.downloads;
  out["storage"] = seen.storage;
  out["api"] = seen.api;
  out["in_flight"] = seen.in_flight;
  out["max_in_flight"] = seen.max_in_flight;
  out["max_in_flight_per_po"] = seen.max_in_flight_per_po;
  out["connections_opened"] = seen.connections_opened;
  out["connections_open"] = seen.connections_open;
  out["bytes"] = seen.bytes;
  out["throttled"] = seen.throttled;
  out["faults"] = seen.faults;
  out["signed_out"] = seen.signed_out;
  out["leaked_cookies"] = seen.leaked_cookies;
  out["doubled_cookies"] = seen.doubled_cookies;
  out["tokens"] = seen.tokens;
  out["unauthorized"] = seen.unauthorized;
  out["leaked_tokens"] = seen.leaked_tokens;
  out["internal_errors"] = seen.internal_errors;
  return boost::json::serialize(out);
}

std::string to_json(const std::vector<stats_second>& seconds) {
  boost::json::array out;
  for (const stats_second& each : seconds) {
    boost::json::object answers;
    for (const auto& [status, count] : each.answers) answers[std::to_string(status)] = count;
    out.push_back({{"requests", each.requests},
                   {"bytes", each.bytes},
                   {"max_in_flight", each.max_in_flight},
                   {"answers", std::move(answers)}});
  }
  return boost::json::serialize(out);
}

std::string to_json(const std::map<std::string, std::uint64_t>& paths) {
  boost::json::object out;
  for (const auto& [path, count] : paths) out[path] = count;
  return boost::json::serialize(out);
}

}  // namespace coupa_sim
