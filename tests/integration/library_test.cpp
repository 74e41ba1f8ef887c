// The interface for programs that have an executor of their own.
#include "coupa-sim/simulator.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

#include <pofetch/downloader.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace pofetch;
using test::has;
namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

coupa_sim::options small_site(const fs::path& dir, std::chrono::milliseconds latency) {
  coupa_sim::options wanted;
  wanted.dir = dir;
  wanted.pos = 20;
  wanted.attachments = {3, 3};
  wanted.size = {1024, 64 * 1024};
  wanted.latency = latency;
  return wanted;
}

/// A simulator, a session at it, and a folder.
struct library_fixture {
  explicit library_fixture(std::chrono::milliseconds latency = 0ms)
      : coupa(small_site(dir / "site", latency)) {
    coupa.start();
    how.base_url = coupa.base_url();
    how.cookie_file = dir / "site/cookies.txt";
    how.pool.ca_file = (dir / "site/ca.pem").string();
    how.pool.retries = 1;
  }

  [[nodiscard]] session open() const {
    auto opened = session::open(how);
    REQUIRE_MESSAGE(opened.has_value(), opened.error());
    return *opened;
  }

  [[nodiscard]] output_folder folder(asio::any_io_executor blocking = {}) const {
    auto opened = output_folder::open(dir / "out", std::move(blocking), durability::none);
    REQUIRE_MESSAGE(opened.has_value(), opened.error());
    return *opened;
  }

  [[nodiscard]] static client at(asio::any_io_executor executor, const session& where) {
    auto opened = client::open(std::move(executor), where);
    REQUIRE_MESSAGE(opened.has_value(), opened.error());
    return *opened;
  }

  /// Files that are whole, by name; fails the test if something else lies in the folder.
  [[nodiscard]] std::size_t saved_files() const {
    std::size_t count = 0;
    for (const auto& each : fs::recursive_directory_iterator(dir / "out"))
      if (each.is_regular_file() && !has(each.path().string(), ".pofetch")) ++count;
    return count;
  }

  [[nodiscard]] bool has_partials() const { return !fs::is_empty(dir / "out/.pofetch/partial"); }

  test::temp_dir dir;
  coupa_sim::simulator coupa;
  instance_options how;
};

awaitable<std::vector<attachment_record>> fetch_order(client coupa, downloader pool, std::string number) {
  auto found = co_await coupa.discover(number);
  if (!found) throw std::runtime_error(found.error().message);
  auto done = co_await pool.download_attachments_parallel(found->attachments, 4, found->notes);
  auto saved = co_await pool.save(std::move(done), number);
  co_return saved;
}

bool all_completed(const std::vector<attachment_record>& records) {
  return std::all_of(records.begin(), records.end(),
                     [](const auto& one) { return one.status == attachment_status::completed; });
}

/// Under a sanitizer every handshake takes several times as long.
constexpr int cancellations = POFETCH_SANITIZED != 0 ? 200 : 1000;

std::size_t open_descriptors() {
  const fs::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

TEST_CASE("library: an order on an io_context of the caller's, with a pool of his for what blocks") {
  const library_fixture f;
  asio::thread_pool blocking(2);
  asio::io_context context(1);
  std::vector<attachment_record> saved;
  {
    const session where = f.open();
    const client coupa = f.at(context.get_executor(), where);
    const downloader pool(coupa, f.folder(blocking.get_executor()));
    auto done = asio::co_spawn(context, fetch_order(coupa, pool, "7000001"), asio::use_future);
    const auto begun = std::chrono::steady_clock::now();
    context.run();
    // Connections that are kept for a next order do not hold the caller's context, which ends when its work
    // does.
    CHECK(std::chrono::steady_clock::now() - begun < 8s);
    saved = done.get();
  }
  REQUIRE(saved.size() == 3);
  CHECK(all_completed(saved));
  for (const auto& each : saved) {
    CHECK(fs::file_size(f.dir / ("out/7000001/" + each.name)) == each.bytes);
    CHECK(each.sha256.size() == 64);
  }
  CHECK_FALSE(f.has_partials());
}

TEST_CASE("library: on a strand over four threads, twenty orders at once") {
  const library_fixture f;
  asio::thread_pool threads(4);
  const session where = f.open();
  const client coupa = f.at(asio::make_strand(threads), where);
  const downloader pool(coupa, f.folder());
  std::vector<std::future<std::vector<attachment_record>>> all;
  for (std::uint64_t number = 7000001; number <= 7000020; ++number)
    all.push_back(asio::co_spawn(coupa.get_executor(), fetch_order(coupa, pool, std::to_string(number)),
                                 asio::use_future));
  for (auto& each : all) CHECK(all_completed(each.get()));
  threads.join();
  CHECK(f.saved_files() == 60);
}

TEST_CASE("library: two executors share one session, its cookies and its limits") {
  library_fixture f;
  f.how.pool.requests_per_second = 20;
  const session where = f.open();
  const output_folder folder = f.folder();
  const auto begun = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (const std::string number : {"7000001", "7000002"})
    threads.emplace_back([&f, &where, &folder, number] {
      asio::io_context context(1);
      for (int i = 0; i < 3; ++i) {
        const client coupa = f.at(context.get_executor(), where);
        auto done =
            asio::co_spawn(context, fetch_order(coupa, downloader(coupa, folder), number), asio::use_future);
        context.restart();
        context.run();
        CHECK(all_completed(done.get()));
      }
    });
  for (auto& each : threads) each.join();
  // Two times three orders of four requests, twenty a second for both together, a tenth of a second's worth
  // at once.
  CHECK(std::chrono::steady_clock::now() - begun > 900ms);
  // What is there is never replaced.
  CHECK(f.saved_files() == 18);
}

TEST_CASE("library: two sessions at one host have no more connections than one, idle ones included") {
  library_fixture f;
  f.how.pool.max_connections = 2;
  asio::io_context context(1);
  const session first = f.open();
  const session second = f.open();
  const client one = f.at(context.get_executor(), first);
  const client other = f.at(context.get_executor(), second);
  const output_folder folder = f.folder();
  int round = 0;
  for (const client* coupa : {&one, &other, &one}) {
    auto done = asio::co_spawn(
        context, fetch_order(*coupa, downloader(*coupa, folder), std::to_string(7000001 + round++)),
        asio::use_future);
    context.restart();
    context.run();
    CHECK(all_completed(done.get()));
    // The server sees a moment later that one has ended.
    for (int i = 0; i < 100 && f.coupa.statistics().connections_open > 2; ++i)
      std::this_thread::sleep_for(20ms);
    CHECK(f.coupa.statistics().connections_open <= 2);
  }
}

TEST_CASE("library: without coroutines, by futures and callbacks") {
  const library_fixture f;
  asio::thread_pool thread(1);
  const session where = f.open();
  const client coupa = f.at(asio::make_strand(thread), where);
  const downloader pool(coupa, f.folder());
  auto found = coupa.async_discover("PO7000003", asio::use_future).get();
  REQUIRE_MESSAGE(found.has_value(), found.error());
  std::promise<std::size_t> finished;
  pool.async_download_attachments_parallel(
      found->attachments, 2, [&pool, &finished](std::exception_ptr thrown, std::vector<download> done) {
        CHECK_FALSE(thrown);
        pool.async_save(std::move(done), "mine",
                        [&finished](std::exception_ptr, std::vector<attachment_record> saved) {
                          finished.set_value(saved.size());
                        });
      });
  CHECK(finished.get_future().get() == 3);
  CHECK(f.saved_files() == 3);
  thread.join();
}

TEST_CASE("library: what cannot be done is said in one sentence") {
  library_fixture f;
  asio::thread_pool thread(1);
  const client coupa = f.at(asio::make_strand(thread), f.open());
  const struct {
    const char* number;
    errc code;
  } rows[] = {{"7999999", errc::not_found}, {"", errc::input}, {"1, 2", errc::input}, {"none", errc::input}};
  for (const auto& row : rows) {
    CAPTURE(row.number);
    const auto found = coupa.async_discover(row.number, asio::use_future).get();
    REQUIRE(found.has_error());
    CHECK(found.error().code == row.code);
  }
  f.coupa.expire_session();
  CHECK(coupa.async_discover("7000001", asio::use_future).get().error().code == errc::session_expired);
  thread.join();
  const struct {
    const char* part;
    void (*change)(instance_options&);
  } bad[] = {
      {"base_url", [](auto& o) { o.base_url = "coupa"; }},
      {"nothere.pem", [](auto& o) { o.pool.ca_file = "/nothere.pem"; }},
      {"nothere.txt", [](auto& o) { o.cookie_file = "/nothere.txt"; }},
      {"workers", [](auto& o) { o.pool.workers = 0; }},
      {"header: expected", [](auto& o) { o.headers = {"nothing"}; }},
      {"credentials", [](auto& o) { o.source = source_kind::api; }},
  };
  for (const auto& row : bad) {
    CAPTURE(row.part);
    instance_options how = f.how;
    row.change(how);
    const auto opened = session::open(how);
    REQUIRE(opened.has_error());
    CHECK(opened.error().code == errc::config);
    CHECK_MESSAGE(has(opened.error().message, row.part), opened.error().message);
  }
  // Batches can share the limits of a list of addresses; there is no instance to talk to.
  f.how.source = source_kind::manifest;
  const auto refused = client::open(asio::make_strand(thread), f.open());
  REQUIRE(refused.has_error());
  CHECK(refused.error().code == errc::config);
}

TEST_CASE("library: fresh cookies serve the clients that are there") {
  library_fixture f;
  asio::thread_pool thread(1);
  session where = f.open();
  const client coupa = f.at(asio::make_strand(thread), where);
  auto ask = [&coupa] {
    return asio::co_spawn(coupa.get_executor(), coupa.check_sign_in(), asio::use_future).get();
  };
  CHECK(ask().has_value());
  f.coupa.expire_session();
  CHECK(ask().error().code == errc::session_expired);
  const std::string value = f.coupa.sign_in();
  CHECK(where.put_cookies("nonsense").error().code == errc::config);
  REQUIRE(where.put_cookies("localhost\tFALSE\t/\tTRUE\t0\t_coupa_session\t" + value + "\n").has_value());
  CHECK(ask().has_value());
  thread.join();
}

TEST_CASE("library: awaited on another executor, the client says so") {
  const library_fixture f;
  asio::io_context own(1);
  asio::io_context other(1);
  const client coupa = f.at(own.get_executor(), f.open());
  auto found = asio::co_spawn(other, coupa.discover("7000001"), asio::use_future);
  other.run();
  CHECK_THROWS_AS(found.get(), std::logic_error);
}

TEST_CASE("library: handles may go while their operation runs") {
  const library_fixture f(20ms);
  asio::io_context context(1);
  std::future<std::vector<attachment_record>> done;
  {
    const client coupa = f.at(context.get_executor(), f.open());
    const downloader pool(coupa, f.folder());
    done = asio::co_spawn(context, fetch_order(coupa, pool, "7000001"), asio::use_future);
  }
  context.run();
  CHECK(all_completed(done.get()));
  CHECK(f.saved_files() == 3);
}

TEST_CASE("library: a timer beside it ends an operation") {
  using namespace asio::experimental::awaitable_operators;
  const library_fixture f(2s);
  asio::io_context context(1);
  const client coupa = f.at(context.get_executor(), f.open());
  auto with_limit = [&]() -> awaitable<bool> {
    asio::steady_timer limit(context, 50ms);
    auto found = coupa.discover("7000001");
    auto late = limit.async_wait(asio::use_awaitable);
    auto first = co_await (std::move(found) || std::move(late));
    co_return first.index() == 1;
  };
  const auto begun = std::chrono::steady_clock::now();
  auto late = asio::co_spawn(context, with_limit(), asio::use_future);
  context.run_for(5s);
  REQUIRE(late.wait_for(0s) == std::future_status::ready);
  CHECK(late.get());
  CHECK(std::chrono::steady_clock::now() - begun < 1500ms);
}

TEST_CASE("library: cancellations at random moments leave nothing behind") {
  const library_fixture f(2ms);
  std::mt19937 random(14);
  std::uniform_int_distribution<int> moment(0, 16'000);
  std::size_t kept = 0;
  const std::size_t before = open_descriptors();
  {
    asio::io_context context(1);
    auto keep = asio::make_work_guard(context);
    const session where = f.open();
    const client coupa = f.at(context.get_executor(), where);
    const downloader pool(coupa, f.folder());
    for (int round = 0; round < cancellations; ++round) {
      // Shared: a timer that has just expired is heard in the next round.
      const auto stop = std::make_shared<asio::cancellation_signal>();
      std::optional<std::size_t> ended;
      auto done = [&](const std::exception_ptr& thrown, const std::vector<attachment_record>& saved) {
        ended =
            thrown ? 0 : static_cast<std::size_t>(std::count_if(saved.begin(), saved.end(), [](auto& one) {
              return one.status == attachment_status::completed;
            }));
      };
      asio::co_spawn(context, fetch_order(coupa, pool, std::to_string(7000001 + round % 20)),
                     asio::bind_cancellation_slot(stop->slot(), done));
      asio::steady_timer timer(context, std::chrono::microseconds(moment(random)));
      timer.async_wait([stop](const boost::system::error_code& error) {
        if (!error) stop->emit(asio::cancellation_type::terminal);
      });
      while (!ended) context.run_one_for(10s);
      kept += *ended;
    }
    keep.reset();
    // Nobody waits for anything any more.
    context.run_for(10s);
    CHECK(context.stopped());
  }
  CHECK(f.saved_files() == kept);
  CHECK_FALSE(f.has_partials());
  // The simulator's ends of the connections close a moment later.
  for (int i = 0; i < 100 && open_descriptors() > before; ++i) std::this_thread::sleep_for(50ms);
  CHECK(open_descriptors() <= before);
}
