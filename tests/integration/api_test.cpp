// The source `api` through the whole engine, against the REST API of coupa-sim in this process.
#include "coupa-sim/simulator.hpp"
#include "coupa-sim/token_book.hpp"
#include "support/temp_dir.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace pofetch;
using test::read_file;
namespace fs = std::filesystem;

namespace {

struct notices final : progress {
  void on(const progress_event& event) override {
    std::visit(overloaded{
                   [this](const event::notice& one) { add(one.text); },
                   [this](const event::retrying& one) { add(one.why.message); },
                   [](const auto&) {},
               },
               event);
  }
  void add(const std::string& text) {
    const std::lock_guard lock(mutex);
    texts += text + '\n';
  }
  std::mutex mutex;
  std::string texts;
};

/// A site, and options as an integration user of its API has them.
struct api_fixture {
  explicit api_fixture(const std::function<void(coupa_sim::options&)>& change) : sim(wanted(change)) {
    sim.start();
    options.input = (dir.path() / "site" / "orders.csv").string();
    options.out = dir.path() / "out";
    options.base_url = sim.base_url();
    options.source = source_kind::api;
    options.client_id = coupa_sim::token_book::client_id;
    options.client_secret_file = dir.path() / "site" / "client-secret";
    options.token_wait = std::chrono::milliseconds(0);
    options.pool.ca_file = (dir.path() / "site" / "ca.pem").string();
    options.pool.backoff_base = std::chrono::milliseconds(20);
    options.pool.requests_per_second = 100'000;
  }

  coupa_sim::options wanted(const std::function<void(coupa_sim::options&)>& change) {
    coupa_sim::options site;
    site.dir = dir.path() / "site";
    site.pos = 40;
    site.size = {1, 20 * 1024};
    site.api_rate = 0;
    change(site);
    return site;
  }

  batch_result run() {
    batch job(options, events);
    return job.run();
  }

  /// Every file that the site has is there, byte for byte, and nothing else.
  void check_files() {
    std::set<std::string> expected;
    for (std::uint64_t i = 0; i < sim.data().count(); ++i) {
      const auto order = sim.data().order(sim.data().first() + i);
      for (const auto& file : coupa_sim::expected_files(order)) {
        const std::string path = std::to_string(order.number) + "/" + file.name;
        expected.insert(path);
        std::string content;
        coupa_sim::for_each_piece(sim.data().content_of(file.facts),
                                  [&content](std::string_view piece) { content += piece; });
        CHECK_MESSAGE((fs::exists(options.out / path) && read_file(options.out / path) == content), path);
      }
    }
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(options.out)) {
      const std::string path = fs::relative(entry.path(), options.out).string();
      if (entry.is_regular_file() && path.rfind(".pofetch/", 0) != 0 && path != "report.csv")
        found.insert(path);
    }
    CHECK(found == expected);
  }

  /// Everything that was written or told.
  std::string everything() {
    (void)write_batch_report(options.out, dir.path() / "report.json");
    std::string all = events.texts + read_file(dir.path() / "report.json");
    for (const auto& entry : fs::recursive_directory_iterator(options.out))
      if (entry.is_regular_file()) all += read_file(entry.path());
    return all;
  }

  test::temp_dir dir;
  coupa_sim::simulator sim;
  batch_options options;
  notices events;
};

std::uint64_t count(const batch_result& done, po_status status) {
  return done.totals.by_status[static_cast<std::size_t>(status)];
}

}  // namespace

TEST_CASE("api: orders, lines, requisitions, redirects, every form of file-url: all files byte for byte") {
  api_fixture f([](coupa_sim::options& site) {
    site.pos = 150;
    site.not_found_percent = 10;
    site.empty_percent = 10;
    site.prefixed_percent = 10;
    site.requisition_percent = 30;
    site.broken_requisition_percent = 20;
    site.missing_file_percent = 5;
    site.redirect_percent = 20;
    site.gzip_percent = 30;
  });
  const batch_result done = f.run();
  CHECK(done.state == exit_state::incomplete);  // there are orders that the site does not know
  f.check_files();
  std::map<std::string, std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 150; ++i)
    ++expected[std::string(coupa_sim::expected_status(f.sim.data().order(f.sim.data().first() + i)))];
  for (const po_status status : {po_status::completed, po_status::no_attachments, po_status::not_found,
                                 po_status::partial, po_status::failed})
    CHECK_MESSAGE(count(done, status) == expected[std::string(to_string(status))],
                  std::string(to_string(status)));
  const auto seen = f.sim.statistics();
  CHECK(seen.tokens == 1);
  CHECK(seen.storage > 0);
  CHECK(seen.leaked_tokens == 0);
  CHECK(seen.leaked_cookies == 0);
  CHECK(seen.unauthorized == 0);
  CHECK(seen.internal_errors == 0);
  CHECK(verify_batch(f.options.out, [](const damage&) {})->wrong == 0);
  const std::string all = f.everything();
  CHECK(all.find("a text, not a file: Please ring the bell at gate 4.") != std::string::npos);
  CHECK(all.find("a link, not a file: https://drawings.example.com/plan?token=***") != std::string::npos);
  CHECK(all.find("\"EXCLUDED\"") != std::string::npos);
  CHECK(all.find("not-for-reports") == std::string::npos);
  CHECK(all.find(f.sim.client_secret()) == std::string::npos);
  CHECK(all.find("sim-token-") == std::string::npos);
}

TEST_CASE("api: a token that ends in mid-run is renewed once for the whole run, and nothing fails for it") {
  api_fixture f([](coupa_sim::options& site) { site.latency = std::chrono::milliseconds(5); });
  struct ender final : progress {
    coupa_sim::simulator* sim = nullptr;
    std::atomic<int> started{0};
    // Not when they are finished: on a slow disk all have been fetched before the first is recorded.
    void on(const progress_event& event) override {
      if (std::holds_alternative<event::po_started>(event) && ++started == 10) sim->expire_tokens();
    }
  } events;
  events.sim = &f.sim;
  f.options.pool.io_threads = 2;
  batch job(f.options, events);
  CHECK(job.run().state == exit_state::ok);
  CHECK(f.sim.statistics().tokens == 2);
  CHECK(f.sim.statistics().unauthorized > 0);
  f.check_files();
}

TEST_CASE("api: tokens that last for so many requests only, the run goes on to its end") {
  api_fixture f([](coupa_sim::options& site) { site.token_requests = 60; });
  CHECK(f.run().state == exit_state::ok);
  CHECK(f.sim.statistics().tokens > 2);
  f.check_files();
}

TEST_CASE("api: with the default rate, not one 429") {
  api_fixture f([](coupa_sim::options& site) {
    site.pos = 25;
    site.attachments = {1, 2};
    site.api_rate = 25;
  });
  f.options.pool.requests_per_second = 0;
  CHECK(f.run().state == exit_state::ok);
  CHECK(f.sim.statistics().throttled == 0);
  f.check_files();
}

TEST_CASE("api: told to slow down, it waits as told and loses nothing") {
  api_fixture f([](coupa_sim::options& site) {
    site.pos = 8;
    site.attachments = {1, 2};
    site.api_rate = 20;
  });
  f.options.pool.retries = 20;
  CHECK(f.run().state == exit_state::ok);
  CHECK(f.sim.statistics().throttled > 0);
  f.check_files();
}

TEST_CASE("api: credentials that are refused, sign_in, everything PENDING, and one sentence says which") {
  const struct {
    const char* what;
    std::function<void(api_fixture&)> change;
    const char* part;
    exit_state state;
  } rows[] = {
      {"secret",
       [](api_fixture& f) { f.options.client_secret_file.clear(), f.options.client_secret = "wr0ng-s3cret"; },
       "invalid_client", exit_state::sign_in},
      {"id", [](api_fixture& f) { f.options.client_id = "nobody"; }, "invalid_client", exit_state::sign_in},
      {"scope", [](api_fixture& f) { f.options.scope = "core.everything"; }, "invalid_scope",
       exit_state::sign_in},
      {"scope is not enough", [](api_fixture& f) { f.options.scope = "core.requisition.read"; },
       "core.purchase_order.read", exit_state::sign_in},
      {"key",
       [](api_fixture& f) {
         f.options.client_id.clear(), f.options.client_secret_file.clear(), f.options.api_key = "wr0ng-k3y";
       },
       "401", exit_state::sign_in},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    api_fixture f([](coupa_sim::options& site) { site.pos = 5; });
    row.change(f);
    const batch_result done = f.run();
    CHECK(done.state == row.state);
    REQUIRE(done.error);
    CHECK_MESSAGE(done.error->message.find(row.part) != std::string::npos, done.error->message);
    CHECK(count(done, po_status::pending) == 5);
    CHECK(f.sim.statistics().downloads == 0);
    const std::string all = f.everything() + done.error->message;
    CHECK(all.find("wr0ng") == std::string::npos);
  }
}

TEST_CASE("api: without the scope for requisitions, the orders' own files come and the report says why") {
  api_fixture f([](coupa_sim::options& site) { site.requisition_percent = 100; });
  f.options.scope = "core.purchase_order.read";
  const batch_result done = f.run();
  CHECK(done.state == exit_state::incomplete);
  CHECK(count(done, po_status::partial) + count(done, po_status::failed) == 40);
  CHECK(read_file(f.options.out / "report.csv").find("core.requisition.read") != std::string::npos);
}

TEST_CASE("api: the older way, an API key, stays at home too") {
  api_fixture f([](coupa_sim::options& site) { site.redirect_percent = 50; });
  f.options.client_id.clear();
  f.options.client_secret_file.clear();
  f.options.api_key = f.sim.api_key();
  CHECK(f.run().state == exit_state::ok);
  CHECK(f.sim.statistics().tokens == 0);
  CHECK(f.sim.statistics().storage > 0);
  CHECK(f.sim.statistics().leaked_tokens == 0);
  f.check_files();
  CHECK(f.everything().find(f.sim.api_key()) == std::string::npos);
}

TEST_CASE("api: without a list, all orders of the instance; again, nothing is asked for that is done") {
  api_fixture f([](coupa_sim::options& site) {
    site.pos = 120;
    site.attachments = {1, 1};
    site.size = {1, 100};
    site.prefixed_percent = 20;
  });
  f.options.input.clear();
  f.options.all = true;
  f.options.folder_columns = {"status"};
  batch_result done = f.run();
  CHECK(done.state == exit_state::ok);
  CHECK(done.totals.purchase_orders == 120);
  CHECK(done.run.info.columns.size() == 5);
  CHECK(fs::is_directory(f.options.out / "issued"));
  CHECK(fs::is_directory(f.options.out / "closed"));
  f.sim.reset_statistics();
  done = f.run();
  CHECK(done.state == exit_state::ok);
  CHECK(done.totals.purchase_orders == 120);
  CHECK(f.sim.statistics().downloads == 0);
  CHECK(f.sim.statistics().api == 5);  // the first request, three pages, and the empty one

  f.options.out = f.dir.path() / "some";
  f.options.folder_columns.clear();
  f.options.query = {"status=closed"};
  f.options.since = "2024-01-04";  // made on the third day, changed a day later
  done = f.run();
  CHECK(done.state == exit_state::ok);
  std::uint64_t expected = 0;
  for (std::uint64_t i = 0; i < 120; ++i) expected += (7000001 + i) % 5 == 0 && i >= 48 ? 1U : 0U;
  CHECK(done.totals.purchase_orders == expected);

  f.options.out = f.dir.path() / "none";
  f.options.query = {"status=unheard-of"};
  done = f.run();
  CHECK(done.state == exit_state::usage);
  CHECK_FALSE(fs::exists(f.options.out));
}

TEST_CASE("api: stopped while the instance is listed, it ends at once") {
  api_fixture f([](coupa_sim::options& site) {
    site.pos = 5000;
    site.latency = std::chrono::milliseconds(50);
  });
  f.options.input.clear();
  f.options.all = true;
  batch job(f.options, f.events);
  std::thread stopper([&] {
    while (f.sim.statistics().api < 5) std::this_thread::yield();
    job.request_stop(stop_reason::interrupted);
  });
  const batch_result done = job.run();
  stopper.join();
  CHECK(done.state == exit_state::interrupted);
  CHECK(f.sim.statistics().api < 60);
  CHECK(f.sim.statistics().downloads == 0);
}

TEST_CASE("api: plan tells attachments and bytes without a download") {
  api_fixture f([](coupa_sim::options& site) { site.pos = 10; });
  std::uint64_t bytes = 0;
  batch job(f.options, f.events);
  const auto done = job.plan([&](const report_row& row) -> result<void> {
    for (const auto& each : row.outcome.attachments) bytes += each.bytes;
    return {};
  });
  CHECK(done.state == exit_state::ok);
  std::uint64_t expected = 0;
  for (std::uint64_t i = 0; i < 10; ++i)
    for (const auto& file : f.sim.data().order(f.sim.data().first() + i).files) expected += file.size;
  CHECK(bytes == expected);
  CHECK(f.sim.statistics().downloads == 0);
}

TEST_CASE("api: an API that fails one answer in ten: in the end every file is right") {
  api_fixture f([](coupa_sim::options& site) {
    site.fail_percent = 10;
    site.stall = std::chrono::milliseconds(300);
    site.pos = 20;
  });
  f.options.pool.idle_timeout = std::chrono::milliseconds(2000);
  batch_result done = f.run();
  for (int again = 0; done.state != exit_state::ok && again < 5; ++again) done = f.run();
  CHECK(done.state == exit_state::ok);
  f.check_files();
}
