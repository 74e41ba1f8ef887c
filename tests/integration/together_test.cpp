// Several batches at one instance, as guests of one session on one set of executors.
#include "async/io_context_pool.hpp"
#include "coupa-sim/simulator.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

#include <pofetch/batch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace pofetch;
using test::has;
using test::read_file;
namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// What one batch hears.
class guest_listener final : public progress {
 public:
  std::atomic<unsigned> finished{0};
  std::atomic<unsigned> pauses{0};
  std::atomic<unsigned> sign_ins{0};
  std::atomic<unsigned> asked{0};

  void on(const progress_event& event) override {
    std::visit(overloaded{
                   [this](const event::po_finished&) { ++finished; },
                   [this](const event::throttled& one) { pauses += one.pause.count() > 0 ? 1U : 0U; },
                   [this](const event::sign_in_needed&) { ++asked; },
                   [this](const event::signed_in&) { ++sign_ins; },
                   [](const auto&) {},
               },
               event);
  }
};

/// One batch with a list, a folder and a listener of its own.
struct guest_batch {
  guest_batch(const session& where, const batch_options& options, const batch_place& place)
      : job(options, events, where, place), home(place.lanes.front()) {}

  void start() { result = asio::co_spawn(home, job.async_run(), asio::use_future); }

  batch_result end() {
    REQUIRE(result.wait_for(120s) == std::future_status::ready);
    return result.get();
  }

  guest_listener events;
  batch job;
  asio::any_io_executor home;
  std::future<batch_result> result;
};

/// A simulator, a session at it, two lanes and a pool for what blocks.
class house {
 public:
  explicit house(const std::function<void(coupa_sim::options&)>& change,
                 const std::function<void(instance_options&)>& how = {})
      : coupa(site_of(dir / "site", change)) {
    coupa.start();
    next_order_ = coupa.data().first();
    where.emplace(open(how));
    for (std::size_t i = 0; i < contexts_.size(); ++i) place.lanes.push_back(contexts_[i].get_executor());
    place.blocking = blocking_.get_executor();
    threads_ = std::thread([this] { contexts_.run(); });
  }

  ~house() {
    contexts_.stop();
    threads_.join();
  }

  house(const house&) = delete;
  house& operator=(const house&) = delete;

  static coupa_sim::options site_of(const fs::path& folder,
                                    const std::function<void(coupa_sim::options&)>& change) {
    coupa_sim::options site;
    site.dir = folder;
    site.attachments = {1, 1};
    site.pos = 400;
    site.size = {1, 2048};
    change(site);
    return site;
  }

  [[nodiscard]] session open(const std::function<void(instance_options&)>& how) const {
    instance_options options;
    options.base_url = coupa.base_url();
    options.cookie_file = cookie_file();
    options.pool.ca_file = (dir / "site/ca.pem").string();
    if (how) how(options);
    auto opened = session::open(options);
    REQUIRE_MESSAGE(opened.has_value(), opened.error());
    return *opened;
  }

  [[nodiscard]] fs::path cookie_file() const { return dir / "site/cookies.txt"; }

  /// The next `orders` of the site, in a list and a folder of their own.
  std::unique_ptr<guest_batch> admit(std::uint64_t orders,
                                     const std::function<void(batch_options&)>& change = {}) {
    const std::string name = "batch-" + std::to_string(next_order_);
    std::string list = "PO_NUMBER\n";
    for (std::uint64_t i = 0; i < orders; ++i) list += std::to_string(next_order_++) + "\n";
    test::write_file(dir / (name + ".csv"), list);
    batch_options options;
    options.input = (dir / (name + ".csv")).string();
    options.out = dir / name;
    options.pool.backoff_base = 20ms;
    if (change) change(options);
    return std::make_unique<guest_batch>(*where, options, place);
  }

  test::temp_dir dir;
  coupa_sim::simulator coupa;
  std::optional<session> where;
  batch_place place;

 private:
  std::uint64_t next_order_ = 0;
  async::io_context_pool contexts_{2};
  asio::thread_pool blocking_{2};
  std::thread threads_;
};

void run_all(const std::vector<guest_batch*>& all) {
  for (guest_batch* each : all) each->start();
  for (guest_batch* each : all) {
    const batch_result done = each->end();
    CHECK(done.state == exit_state::ok);
    CHECK_MESSAGE(!done.error, done.error->message);
  }
}

std::uint64_t completed(const batch_result& done) {
  return done.totals.by_status[static_cast<std::size_t>(po_status::completed)];
}

/// Until it has done so many orders, or a minute has passed.
void wait_for(const guest_batch& one, unsigned orders) {
  for (int i = 0; i < 3000 && one.events.finished < orders; ++i) std::this_thread::sleep_for(20ms);
  REQUIRE(one.events.finished >= orders);
}

}  // namespace

TEST_CASE("together: three batches keep the rate and the connections of one") {
  house h([](auto& site) { site.latency = 200ms; },
          [](auto& how) {
            how.pool.requests_per_second = 10;
            how.pool.max_connections = 6;
          });
  auto a = h.admit(12), b = h.admit(12), c = h.admit(12);
  run_all({a.get(), b.get(), c.get()});
  const auto seen = h.coupa.statistics();
  CHECK(seen.downloads == 36);
  CHECK(seen.max_in_flight <= 6);
  // A burst of one, and one that came late into the next second.
  for (const auto& second : h.coupa.seconds()) CHECK(second.requests <= 12);
  CHECK(h.coupa.seconds().size() >= 7);
}

TEST_CASE(
    "together: two sessions at one origin keep the stricter of their rates, and the connections of one") {
  const auto limited = [](double rate) {
    return [rate](instance_options& how) {
      how.pool.requests_per_second = rate;
      how.pool.max_connections = 4;
    };
  };
  house h([](auto& site) { site.latency = 200ms; }, limited(40));
  auto first = h.admit(20);
  h.where.emplace(h.open(limited(10)));
  auto second = h.admit(20);
  run_all({first.get(), second.get()});
  CHECK(h.coupa.statistics().downloads == 40);
  CHECK(h.coupa.statistics().max_in_flight <= 4);
  for (const auto& each : h.coupa.seconds()) CHECK(each.requests <= 12);
}

TEST_CASE("together: the refusal that one batch hears slows all") {
  house h([](auto& site) {
    site.rate = 40;
    site.rate_burst = 10;
    site.latency = 5ms;
  });
  const auto busy = [](batch_options& options) { options.pool.workers = 6; };
  auto a = h.admit(40, busy), b = h.admit(40, busy), c = h.admit(40, busy);
  run_all({a.get(), b.get(), c.get()});
  CHECK(a->events.pauses > 0);
  CHECK(b->events.pauses > 0);
  CHECK(c->events.pauses > 0);
  // 240 requests; each batch for itself would find the limit anew.
  CHECK(h.coupa.statistics().throttled > 0);
  CHECK(h.coupa.statistics().throttled < 40);
}

TEST_CASE("together: a cookie that is renewed for one batch serves all, and is saved") {
  house h([](auto& site) {
    site.slide_every = 2;
    site.slide_grace = 40;
  });
  auto a = h.admit(60), b = h.admit(60), c = h.admit(60);
  run_all({a.get(), b.get(), c.get()});
  CHECK(h.coupa.statistics().signed_out == 0);
  CHECK(has(read_file(h.cookie_file()), h.coupa.cookie_value()));
}

TEST_CASE("together: a batch that is stopped leaves the others alone, and goes on later") {
  house h([](auto& site) { site.latency = 20ms; });
  batch_options kept;
  auto a = h.admit(80), b = h.admit(80);
  auto stopped = h.admit(80, [&kept](const batch_options& options) { kept = options; });
  for (guest_batch* each : {a.get(), b.get(), stopped.get()}) each->start();
  wait_for(*stopped, 5);
  stopped->job.request_stop(stop_reason::terminated);
  const batch_result ended = stopped->end();
  CHECK(ended.state == exit_state::terminated);
  CHECK(completed(ended) < 80);
  for (guest_batch* each : {a.get(), b.get()}) {
    const batch_result done = each->end();
    CHECK(done.state == exit_state::ok);
    CHECK(completed(done) == 80);
  }
  guest_batch again(*h.where, kept, h.place);
  again.start();
  CHECK(completed(again.end()) == 80);
}

TEST_CASE("together: a session that ends blocks all its batches, and fresh cookies let all go on") {
  house h([](auto& site) { site.latency = 10ms; });
  const auto patient = [](batch_options& options) { options.on_expiry = expiry_action::wait; };
  auto a = h.admit(120, patient), b = h.admit(120, patient);
  a->start();
  b->start();
  wait_for(*a, 10);
  wait_for(*b, 10);
  h.coupa.expire_session();
  for (int i = 0; i < 3000 && (a->events.asked == 0 || b->events.asked == 0); ++i)
    std::this_thread::sleep_for(20ms);
  h.coupa.sign_in();
  h.coupa.write_cookies(h.cookie_file());
  for (guest_batch* each : {a.get(), b.get()}) {
    const batch_result done = each->end();
    CHECK(done.state == exit_state::ok);
    CHECK(completed(done) == 120);
    CHECK(each->events.sign_ins == 1);
  }
}

TEST_CASE("together: signing in again is done once for all batches") {
  house h([](auto& site) { site.latency = 10ms; });
  std::atomic<int> sign_ins{0};
  const auto by_itself = [&](batch_options& options) {
    options.on_expiry = expiry_action::login;
    options.sign_in = [&]() -> awaitable<result<std::string>> {
      ++sign_ins;
      h.coupa.sign_in();
      h.coupa.write_cookies(h.dir / "fresh.txt");
      co_return read_file(h.dir / "fresh.txt");
    };
  };
  auto a = h.admit(120, by_itself), b = h.admit(120, by_itself), c = h.admit(120, by_itself);
  for (guest_batch* each : {a.get(), b.get(), c.get()}) each->start();
  wait_for(*a, 10);
  h.coupa.expire_session();
  for (guest_batch* each : {a.get(), b.get(), c.get()}) CHECK(each->end().state == exit_state::ok);
  CHECK(sign_ins == 1);
}

TEST_CASE("together: five orders beside five thousand end within three times what they need alone") {
  house h(
      [](auto& site) {
        site.latency = 100ms;
        site.attachments = {2, 2};
        site.pos = 6000;
      },
      [](auto& how) { how.pool.max_connections = 8; });
  const auto timed = [](guest_batch& one) {
    const auto begun = std::chrono::steady_clock::now();
    one.start();
    CHECK(one.end().state == exit_state::ok);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  auto warm_up = h.admit(5);
  (void)timed(*warm_up);
  auto alone = h.admit(5);
  const double by_itself = timed(*alone);
  auto large = h.admit(5000, [](batch_options& options) { options.pool.workers = 32; });
  large->start();
  wait_for(*large, 40);
  auto small = h.admit(5);
  const double beside = timed(*small);
  CAPTURE(by_itself);
  CAPTURE(beside);
  CHECK(beside <= 3 * by_itself);
  large->job.request_stop(stop_reason::terminated);
  CHECK(completed(large->end()) > 40);
}

TEST_CASE(
    "together: a batch of high priority gets more than one of low priority, and that one gets the rest") {
  house h([](auto& site) { site.latency = 50ms; }, [](auto& how) { how.pool.max_connections = 4; });
  const auto with = [](batch_priority priority) {
    return [priority](batch_options& options) { options.priority = priority; };
  };
  auto low = h.admit(60, with(batch_priority::low)), high = h.admit(60, with(batch_priority::high));
  low->start();
  high->start();
  CHECK(high->end().state == exit_state::ok);
  CHECK(low->events.finished < 30);
  CHECK(low->end().state == exit_state::ok);
}

TEST_CASE(
    "together: one batch on a single-threaded context of the caller's, which goes on with its own work") {
  house h([](auto& site) { site.latency = 10ms; });
  batch_options options;
  auto spare = h.admit(40);
  test::write_file(h.dir / "own.csv", "PO_NUMBER\n7000001\n7000002\n7000003\n");
  options.input = (h.dir / "own.csv").string();
  options.out = h.dir / "own";
  guest_listener events;
  asio::io_context mine(1);
  batch job(options, events, *h.where);
  std::optional<batch_result> done;
  auto work = [&]() -> awaitable<> { done = co_await job.async_run(); };
  auto ticks = [&]() -> awaitable<int> {
    int count = 0;
    asio::steady_timer timer(mine);
    while (!done) {
      timer.expires_after(5ms);
      co_await timer.async_wait(asio::use_awaitable);
      ++count;
    }
    co_return count;
  };
  asio::co_spawn(mine, work(), asio::use_future);
  auto counted = asio::co_spawn(mine, ticks(), asio::use_future);
  mine.run();
  REQUIRE(done.has_value());
  CHECK(done->state == exit_state::ok);
  CHECK(completed(*done) == 3);
  CHECK(counted.get() > 3);
}

TEST_CASE("together: giving a batch up by a timer ends it within the grace, and what is whole is kept") {
  using namespace asio::experimental::awaitable_operators;
  house h([](auto& site) { site.latency = 50ms; });
  auto cut = h.admit(300, [](batch_options& options) { options.pool.stop_grace = 200ms; });
  asio::io_context mine(1);
  std::chrono::steady_clock::duration span{};
  auto work = [&]() -> awaitable<> {
    asio::steady_timer timer(mine, 700ms);
    const auto begun = std::chrono::steady_clock::now();
    auto first = co_await (cut->job.async_run() || timer.async_wait(asio::use_awaitable));
    span = std::chrono::steady_clock::now() - begun;
    CHECK(first.index() == 1);
  };
  auto ended = asio::co_spawn(mine, work(), asio::use_future);
  mine.run();
  ended.get();
  CHECK(span < 5s);
  const fs::path out = h.dir / "batch-7000001";
  const auto status = read_status(out);
  REQUIRE(status.has_value());
  CHECK(status->run.interrupted);
  CHECK(verify_batch(out, [](const damage&) {})->wrong == 0);
  CHECK(fs::is_empty(out / ".pofetch/partial"));
}

TEST_CASE("together: a plan beside a run asks with the same session") {
  house h([](auto& site) { site.latency = 5ms; });
  auto running = h.admit(40), planned = h.admit(40);
  running->start();
  unsigned rows = 0;
  auto count = [&rows](const report_row&) {
    ++rows;
    return result<void>();
  };
  auto plan = asio::co_spawn(planned->home, planned->job.async_plan(count), asio::use_future);
  CHECK(plan.get().state == exit_state::ok);
  CHECK(rows == 40);
  CHECK(running->end().state == exit_state::ok);
  CHECK_FALSE(fs::exists(h.dir / "batch-7000041"));
}
