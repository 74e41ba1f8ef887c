#include "http/connection_pool.hpp"

#include <algorithm>
#include <utility>

namespace pofetch::http {

namespace {

/// Servers and the boxes before them forget connections about then, often without saying so.
constexpr std::chrono::seconds longest_rest{30};

}  // namespace

connection_pool::lease& connection_pool::lease::operator=(lease&& other) noexcept {
  if (this == &other) return *this;
  leave();
  connection_ = std::move(other.connection_);
  permit_ = std::move(other.permit_);
  host_turn_ = std::move(other.host_turn_);
  pool_ = other.pool_;
  reused_ = other.reused_;
  return *this;
}

void connection_pool::lease::put(std::unique_ptr<connection> fresh) {
  connection_ = std::move(fresh);
  reused_ = false;
}

void connection_pool::lease::drop() noexcept { connection_.reset(); }

void connection_pool::lease::keep() {
  if (connection_) pool_->idle_.push_back({std::move(connection_), std::chrono::steady_clock::now()});
  leave();
}

void connection_pool::lease::leave() noexcept {
  connection_.reset();
  if (!permit_) return;
  permit_.reset();
  host_turn_.reset();
  if (pool_->turns_.available() == pool_->max_) pool_->rest();
}

connection_pool::connection_pool(boost::asio::any_io_executor executor, std::size_t max, neighbours& beside)
    : max_(std::max<std::size_t>(max, 1)), beside_(beside), turns_(std::move(executor), max_) {}

connection_pool::~connection_pool() { std::erase(beside_, this); }

/// With its first use: pools are made on any thread, and used on one.
void connection_pool::join_neighbours() {
  if (std::find(beside_.begin(), beside_.end(), this) == beside_.end()) beside_.push_back(this);
}

awaitable<connection_pool::lease> connection_pool::acquire(const core::origin& to,
                                                           async::semaphore& host_turns, claim whose,
                                                           bool fresh) {
  auto host_turn = host_turns.try_acquire();
  if (!host_turn) host_turn = co_await host_turns.acquire(whose.urgency, whose.party);
  auto permit = turns_.try_acquire();
  if (!permit) permit = co_await turns_.acquire(whose.urgency, whose.party);
  join_neighbours();
  lease granted;
  granted.host_turn_ = std::move(host_turn);
  granted.permit_ = std::move(permit);
  granted.pool_ = this;
  if (!fresh) granted.connection_ = take_idle(to);
  granted.reused_ = granted.connection_ != nullptr;
  if (!granted.reused_) make_room();
  co_return granted;
}

void connection_pool::resize(std::size_t max) noexcept {
  max = std::max<std::size_t>(max, 1);
  if (max == max_) return;
  max_ = max;
  turns_.resize(max);
}

void connection_pool::rest() {
  for (const resting& each : idle_) each.what->rest();
}

std::unique_ptr<connection> connection_pool::take_idle(const core::origin& to) {
  const auto oldest = std::chrono::steady_clock::now() - longest_rest;
  std::erase_if(idle_, [oldest](const resting& each) { return each.since < oldest; });
  for (std::size_t i = idle_.size(); i-- > 0;) {
    if (idle_[i].what->peer() != to) continue;
    auto candidate = std::move(idle_[i].what);
    idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
    if (candidate->is_quiet()) return candidate;
  }
  return nullptr;
}

/// Whoever holds a turn has, or is about to open, one connection: the idle ones must leave room for those,
/// also the neighbours'. The longest idle goes first.
void connection_pool::make_room() {
  std::size_t in_use = 0;
  std::size_t idle = 0;
  for (const connection_pool* each : beside_) {
    in_use += each->max_ - std::min(each->turns_.available(), each->max_);
    idle += each->idle_.size();
  }
  const auto rests_longer = [](const connection_pool* a, const connection_pool* b) {
    if (a->idle_.empty() || b->idle_.empty()) return !a->idle_.empty();
    return a->idle_.front().since < b->idle_.front().since;
  };
  for (const std::size_t allowed = max_ - std::min(in_use, max_); idle > allowed; --idle) {
    connection_pool& longest = **std::min_element(beside_.begin(), beside_.end(), rests_longer);
    longest.idle_.erase(longest.idle_.begin());
  }
}

}  // namespace pofetch::http
