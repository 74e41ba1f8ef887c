#include "ledger/postgres/session.hpp"

#include "ledger/postgres/schema.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <thread>

namespace pofetch::postgres {
namespace {

constexpr std::chrono::milliseconds first_wait{50};
constexpr std::chrono::milliseconds longest_wait{5000};

/// Many nodes that lose one server do not come back all at once.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds wait) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const auto half = wait.count() / 2;
  return std::chrono::milliseconds(half + std::uniform_int_distribution<std::int64_t>(0, half)(random));
}

}  // namespace

result<session> session::open(session_options options) {
  session made(std::move(options));
  if (auto connected = made.connect(made.patience()); !connected) return connected.error();
  return made;
}

/// A stop is heard within a tenth of a second.
result<void> session::pause(const failure& why, connection::deadline until) {
  wait_ = std::clamp(wait_ * 2, first_wait, longest_wait);
  const auto end = std::min(connection::deadline::clock::now() + with_jitter(wait_), until);
  for (;;) {
    if (options_.stopped && options_.stopped())
      return make_failure(errc::cancelled, "stopped while the ledger's database was waited for");
    const auto now = connection::deadline::clock::now();
    if (now >= until) return why;
    if (now >= end) return {};
    std::this_thread::sleep_for(
        std::min<connection::deadline::duration>(end - now, std::chrono::milliseconds(100)));
  }
}

result<void> session::connect(connection::deadline until) {
  while (!link_) {
    auto opened =
        connection::open(options_.where, options_.to_write,
                         std::min(until, connection::deadline::clock::now() + std::chrono::seconds(10)));
    if (opened.link) {
      link_ = std::move(opened.link);
      if (!prepared_) {
        auto ready = options_.to_write ? prepare_schema(*link_, until) : check_schema(*link_, until);
        if (!ready) return ready;
      }
      prepared_ = true;
      wait_ = std::chrono::milliseconds(0);
      return {};
    }
    if (!opened.error->is_passing()) return opened.error->why;
    if (auto waited = pause(opened.error->why, until); !waited) return waited;
  }
  return {};
}

reply session::run(std::span<const command> commands, connection::deadline until) {
  if (auto connected = connect(until); !connected) return {{}, refusal{connected.error(), "PF000", false}};
  reply got = link_->run(commands, until);
  if (got.error && (got.error->lost || got.error->is_passing())) link_.reset();
  return got;
}

result<std::vector<table>> session::ask(std::span<const command> commands) {
  const auto until = patience();
  for (;;) {
    reply got = run(commands, until);
    if (!got.error) return std::move(got.tables);
    if (!got.error->lost && !got.error->is_passing()) return got.error->why;
    if (auto waited = pause(got.error->why, until); !waited) return waited.error();
  }
}

result<table> session::ask(const command& one) {
  auto got = ask(std::span(&one, 1));
  if (!got) return got.error();
  return std::move(got->front());
}

result<session::fate> session::find_out() {
  const auto row =
      ask(command("SELECT seq, state = 'alive' AS alive FROM pofetch.nodes WHERE id = $1", node_));
  if (!row) return row.error();
  if (row->size() == 0 || !row->truth(0, "alive")) return fate::fenced;
  const std::int64_t seq = row->integer(0, "seq");
  if (seq == seq_ + 1) return fate::done;
  return seq == seq_ ? fate::undone : fate::fenced;
}

result<session::committed> session::commit(std::vector<command> commands) {
  commands.emplace(commands.begin(), "SELECT pofetch.fence($1, $2)", node_, seq_ + 1);
  const auto until = patience();
  for (;;) {
    reply got = run(commands, until);
    if (!got.error) {
      ++seq_;
      got.tables.erase(got.tables.begin());
      return committed{false, std::move(got.tables), false};
    }
    if (got.error->state == fenced_off) return committed{true, {}, false};
    if (!got.error->lost && !got.error->is_passing()) return got.error->why;
    if (auto waited = pause(got.error->why, until); !waited) return waited.error();
    const auto found = find_out();
    if (!found) return found.error();
    if (*found == fate::fenced) return committed{true, {}, false};
    if (*found == fate::undone) continue;
    ++seq_;
    return committed{};
  }
}

result<session::committed> session::ask_alive(std::vector<command> commands) {
  commands.emplace(commands.begin(), "SELECT pofetch.sign_of_life($1)", node_);
  const auto until = patience();
  for (bool repeated = false;; repeated = true) {
    reply got = run(commands, until);
    if (!got.error) {
      got.tables.erase(got.tables.begin());
      return committed{false, std::move(got.tables), repeated};
    }
    if (got.error->state == fenced_off) return committed{true, {}, repeated};
    if (!got.error->lost && !got.error->is_passing()) return got.error->why;
    if (auto waited = pause(got.error->why, until); !waited) return waited.error();
  }
}

}  // namespace pofetch::postgres
