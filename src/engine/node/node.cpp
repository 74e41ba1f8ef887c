#include "engine/node/node.hpp"

#include "pipeline/reconcile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace pofetch::engine {
namespace {

/// So soon at the latest it is heard what people want.
constexpr std::chrono::milliseconds longest_wait{500};
/// Orders settled in one go.
constexpr std::size_t settled_at_once = 256;

node_wish wish_of(const std::string& word) {
  if (word == "pause") return node_wish::pause;
  return word == "stop" ? node_wish::stop : node_wish::run;
}

}  // namespace

node::node(parts what, postgres::watch eye, std::unique_ptr<storage::file_store> files)
    : parts_(std::move(what)),
      eye_(std::move(eye)),
      files_(std::move(files)),
      seen_(postgres::watch::boottime().count()),
      thread_([this] { run(); }) {}

result<std::unique_ptr<node>> node::start(parts what) {
  auto files = storage::file_store::open(what.out, what.how, false);
  if (!files) return files.error();
  auto server = what.server;
  // The first connection is waited for as long as any; later ones are a matter of signs of life.
  auto eye = postgres::watch::open(std::move(server), what.batch, what.id, what.lease);
  if (!eye) return eye.error();
  eye->be_patient_for(std::max(what.lease / 4, std::chrono::milliseconds(250)));
  return std::unique_ptr<node>(new node(std::move(what), std::move(*eye), std::move(*files)));
}

node::~node() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  news_.notify_all();
  thread_.join();
}

std::chrono::nanoseconds node::silent_for() const {
  return postgres::watch::boottime() - std::chrono::nanoseconds(seen_.load());
}

bool node::is_due() const { return postgres::watch::boottime() - tried_ >= parts_.lease / 3; }

void node::run() {
  const auto tick = std::min(longest_wait, parts_.lease / 6);
  while (!ends_ && !lost_) {
    if (is_due()) {
      beat();
      if (!lost_) look_after_others();
    }
    if (!lost_) hear();
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, tick, [this] { return ends_.load(); });
  }
}

/// Counted from before the question: the answer may have taken its time.
void node::beat() {
  const auto before = silent_for();
  tried_ = postgres::watch::boottime();
  const auto alive = eye_.beat();
  if (!alive) return;
  if (!*alive) return lose();
  if (before > parts_.lease / 2) eye_.forget();
  {
    const std::lock_guard lock(mutex_);
    seen_ = tried_.count();
  }
  news_.notify_all();
}

void node::lose() {
  {
    const std::lock_guard lock(mutex_);
    lost_ = true;
  }
  news_.notify_all();
  parts_.changed(true, wish_);
}

void node::hear() {
  const auto word = eye_.wanted();
  if (!word) return;
  const node_wish now = wish_of(*word);
  if (wish_.exchange(now) != now) parts_.changed(false, now);
}

void node::look_after_others() {
  const auto dead = eye_.look();
  if (!dead) return;
  for (const postgres::dead_node& each : *dead) {
    const auto done = rescue(each);
    if (ends_ || lost_) return;
    if (done) {
      parts_.events.on(
          event::notice{notice_level::warning,
                        fmt::format("the node '{}' gave no sign of life for {} s; its purchase orders are "
                                    "free for others",
                                    each.name, static_cast<double>(parts_.lease.count()) / 1000)});
    } else if (complained_.insert(each.id).second) {
      parts_.events.on(
          event::notice{notice_level::warning,
                        fmt::format("the purchase orders of the node '{}', which is dead, cannot be freed "
                                    "yet: {}",
                                    each.name, done.error().message)});
    }
  }
}

/// In this order: tests/cluster/README.md. Reading large files takes its time, so signs of life come in
/// between.
result<void> node::rescue(const postgres::dead_node& dead) {
  if (auto taken = files_->revoke(std::to_string(dead.id)); !taken) return taken;
  const auto stopped = [this] {
    if (is_due()) beat();
    return ends_ || lost_;
  };
  std::vector<po_lease> found;
  const auto settle = [&]() -> result<void> {
    if (found.empty()) return {};
    // What it has renamed is perhaps not on stable storage yet.
    if (auto synced = files_->sync({}); !synced) return synced;
    auto settled = eye_.settle(dead, found);
    found.clear();
    return settled;
  };
  auto visited = eye_.each_left(dead, [&](const po_lease& left) -> result<void> {
    found.push_back(left);
    if (auto looked = pipeline::settle_left(found.back(), *files_, stopped); !looked) return looked;
    return found.size() < settled_at_once ? result<void>() : settle();
  });
  if (visited) visited = settle();
  return visited ? eye_.release(dead) : visited;
}

result<void> node::may_place() {
  const auto is_fresh = [this] { return silent_for() < parts_.lease * 4 / 5; };
  if (is_fresh() && !lost_) return {};
  const auto until = std::chrono::steady_clock::now() + parts_.server.timeout;
  const auto gives_up = [&] {
    return ends_ || lost_ || std::chrono::steady_clock::now() >= until ||
           (parts_.server.stopped && parts_.server.stopped());
  };
  std::unique_lock lock(mutex_);
  while (!is_fresh() && !gives_up()) news_.wait_for(lock, longest_wait);
  if (is_fresh() && !lost_) return {};
  return make_failure(errc::ledger,
                      "this node gave no sign of life for too long, so others may work on the order");
}

}  // namespace pofetch::engine
