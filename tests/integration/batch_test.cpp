// The whole engine against coupa-sim in this process: real sockets, TLS, files and ledger.
#include "coupa-sim/simulator.hpp"
#include "support/temp_dir.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <variant>

using namespace pofetch;
using test::read_file;
namespace fs = std::filesystem;

namespace {

/// A site, and a folder with what a user of it has: list, cookies, CA.
struct fixture {
  explicit fixture(const std::function<void(coupa_sim::options&)>& change) : sim(wanted(change)) {
    sim.start();
    options.input = (dir.path() / "site" / "orders.csv").string();
    options.out = dir.path() / "out";
    options.base_url = sim.base_url();
    options.cookie_file = dir.path() / "site" / "cookies.txt";
    options.pool.ca_file = (dir.path() / "site" / "ca.pem").string();
    options.pool.backoff_base = std::chrono::milliseconds(20);
  }

  coupa_sim::options wanted(const std::function<void(coupa_sim::options&)>& change) {
    coupa_sim::options site;
    site.dir = dir.path() / "site";
    site.pos = 40;
    site.size = {1, 20 * 1024};
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
    CHECK(fs::is_empty(options.out / ".pofetch" / "partial"));
  }

  test::temp_dir dir;
  coupa_sim::simulator sim;
  batch_options options;
  progress events;
};

/// Asks to stop with the first order that is found.
struct stop_early final : progress {
  batch* job = nullptr;
  void on(const progress_event& event) override {
    if (std::holds_alternative<event::po_discovered>(event)) job->request_stop(stop_reason::terminated);
  }
};

}  // namespace

TEST_CASE(
    "batch: every shape of page, requisitions, redirects, gzip: all files byte for byte, statuses right") {
  fixture f([](coupa_sim::options& site) {
    site.pos = 150;
    site.not_found_percent = 10;
    site.empty_percent = 10;
    site.prefixed_percent = 10;
    site.requisition_percent = 20;
    site.redirect_percent = 20;
    site.gzip_percent = 30;
  });
  const batch_result done = f.run();
  CHECK(done.state == exit_state::incomplete);  // there are POs that the site does not know
  f.check_files();
  std::map<std::string, std::uint64_t> expected;
  for (std::uint64_t i = 0; i < 150; ++i)
    ++expected[std::string(coupa_sim::expected_status(f.sim.data().order(f.sim.data().first() + i)))];
  for (const po_status status : {po_status::completed, po_status::no_attachments, po_status::not_found,
                                 po_status::partial, po_status::failed})
    CHECK_MESSAGE(
        done.totals.by_status[static_cast<std::size_t>(status)] == expected[std::string(to_string(status))],
        std::string(to_string(status)));
  const auto seen = f.sim.statistics();
  CHECK(seen.leaked_cookies == 0);
  CHECK(seen.doubled_cookies == 0);
  CHECK(seen.internal_errors == 0);
  CHECK(verify_batch(f.options.out, [](const damage&) {})->wrong == 0);
}

TEST_CASE("batch: a second run asks for nothing that is done, and its report is as full") {
  fixture f([](coupa_sim::options&) {});
  CHECK(f.run().state == exit_state::ok);
  const std::string report = read_file(f.options.out / "report.csv");
  f.sim.reset_statistics();
  CHECK(f.run().state == exit_state::ok);
  CHECK(f.sim.statistics().downloads == 0);
  CHECK(f.sim.statistics().pages == 0);
  CHECK(read_file(f.options.out / "report.csv") == report);
}

TEST_CASE(
    "batch: never more requests in flight than --max-connections nor than --max-concurrent per PO, and that "
    "many") {
  struct row {
    unsigned workers;
    unsigned concurrent;
    unsigned connections;
    unsigned threads;
    std::uint64_t in_flight;
    std::uint64_t per_po;
  };
  const row rows[] = {
      {1, 1, 16, 1, 1, 1}, {1, 4, 16, 2, 4, 4},  {8, 4, 6, 1, 6, 4},
      {8, 4, 6, 2, 6, 3},  {8, 4, 16, 2, 16, 4}, {4, 2, 1, 2, 1, 1},
  };
  for (const auto& r : rows) {
    CAPTURE(r.workers);
    CAPTURE(r.concurrent);
    CAPTURE(r.connections);
    CAPTURE(r.threads);
    fixture f([](coupa_sim::options& site) {
      site.pos = 16;
      site.attachments = {6, 6};
      site.latency = std::chrono::milliseconds(100);
    });
    f.options.pool.workers = r.workers;
    f.options.pool.max_concurrent = r.concurrent;
    f.options.pool.max_connections = r.connections;
    f.options.pool.io_threads = r.threads;
    CHECK(f.run().state == exit_state::ok);
    const auto seen = f.sim.statistics();
    CHECK(seen.max_in_flight == r.in_flight);
    CHECK(seen.max_in_flight_per_po == r.per_po);
    CHECK(seen.connections_opened <= r.connections);
    f.check_files();
  }
}

TEST_CASE("batch: the session slides, the newest cookie is used and stored for the next run") {
  fixture f([](coupa_sim::options& site) {
    // Every answer carries a newer value; those under way may hold one that is older by what is in flight.
    site.slide_every = 1;
    site.slide_grace = 8;
  });
  f.options.pool.max_connections = 4;
  f.options.pool.io_threads = 2;
  CHECK(f.run().state == exit_state::ok);
  CHECK(f.sim.statistics().signed_out == 0);
  CHECK(read_file(f.options.cookie_file).find(f.sim.cookie_value()) != std::string::npos);
  CHECK((fs::status(f.options.cookie_file).permissions() & fs::perms::others_all) == fs::perms::none);
}

TEST_CASE("batch: a cookie file that somebody else replaces in mid-run is left as it is") {
  fixture f([](coupa_sim::options& site) { site.slide_every = 1; });
  struct replacing final : progress {
    fs::path file;
    std::once_flag once;
    void on(const progress_event& event) override {
      if (!std::holds_alternative<event::po_finished>(event)) return;
      std::call_once(once, [this] {
        const fs::path fresh = file.string() + ".fresh";
        std::ofstream(fresh) << read_file(file) << "# saved by hand\n";
        fs::rename(fresh, file);
      });
    }
  } events;
  events.file = f.options.cookie_file;
  batch job(f.options, events);
  CHECK(job.run().state == exit_state::ok);
  CHECK(read_file(f.options.cookie_file).ends_with("# saved by hand\n"));
}

TEST_CASE(
    "batch: a session that expires in mid-run ends the run, nothing is FAILED, and a new cookie completes "
    "it") {
  for (const auto style : {coupa_sim::expiry_style::redirect, coupa_sim::expiry_style::unauthorized,
                           coupa_sim::expiry_style::form}) {
    fixture f([style](coupa_sim::options& site) {
      site.expire_after = 60;
      site.expiry = style;
    });
    batch_result done = f.run();
    CHECK(done.state == exit_state::sign_in);
    REQUIRE(done.error);
    CHECK(done.error->code == errc::session_expired);
    const auto count = [&done](po_status s) { return done.totals.by_status[static_cast<std::size_t>(s)]; };
    CHECK(count(po_status::failed) + count(po_status::partial) + count(po_status::not_found) == 0);
    CHECK(count(po_status::pending) > 0);
    CHECK(count(po_status::completed) > 0);
    for (int renewals = 0; done.state == exit_state::sign_in && renewals < 20; ++renewals) {
      f.sim.sign_in();
      f.sim.write_cookies(f.options.cookie_file);
      done = f.run();
    }
    CHECK(done.state == exit_state::ok);
    f.check_files();
  }
}

namespace {

/// Somebody who signs in and saves the cookies as soon as that is asked for.
struct attentive_user final : progress {
  fixture* of = nullptr;
  std::atomic<int> asked{0};
  std::atomic<int> back{0};
  std::atomic<int> bad{0};
  void on(const progress_event& event) override {
    std::visit(overloaded{
                   [this](const event::sign_in_needed&) { sign_in(); },
                   [this](const event::signed_in&) { ++back; },
                   [this](const event::po_finished& one) {
                     if (one.outcome->status != po_status::completed) ++bad;
                   },
                   [](const auto&) {},
               },
               event);
  }
  void sign_in() {
    ++asked;
    of->sim.sign_in();
    of->sim.write_cookies(of->options.cookie_file);
  }
};

awaitable<result<std::string>> sign_in_at(coupa_sim::simulator& sim, fs::path scratch) {
  sim.sign_in();
  sim.write_cookies(scratch);
  co_return read_file(scratch);
}

}  // namespace

TEST_CASE("batch: told to wait, a run that loses its session again and again brings every file in one go") {
  for (const auto style : {coupa_sim::expiry_style::redirect, coupa_sim::expiry_style::unauthorized,
                           coupa_sim::expiry_style::form}) {
    fixture f([style](coupa_sim::options& site) {
      site.expire_after = 60;
      site.expiry = style;
      site.requisition_percent = 20;
    });
    attentive_user user;
    user.of = &f;
    f.options.on_expiry = expiry_action::wait;
    f.options.pool.io_threads = 2;
    if (style == coupa_sim::expiry_style::form) f.sim.expire_session();  // before the start, too
    batch job(f.options, user);
    const batch_result done = job.run();
    CHECK(done.state == exit_state::ok);
    CHECK(user.asked >= 2);
    CHECK(user.asked == user.back);
    CHECK(user.bad == 0);
    f.check_files();
    CHECK(f.sim.statistics().leaked_cookies == 0);
  }
}

TEST_CASE("batch: told to sign in again, it does, with the function that it was given") {
  fixture f([](coupa_sim::options& site) { site.expire_after = 60; });
  f.options.on_expiry = expiry_action::login;
  batch refused(f.options, f.events);
  const batch_result without = refused.run();
  CHECK(without.state == exit_state::usage);
  CHECK(without.error->message.find("on_expiry login") != std::string::npos);
  f.options.sign_in = [&f] { return sign_in_at(f.sim, f.dir.path() / "scratch"); };
  CHECK(f.run().state == exit_state::ok);
  f.check_files();
  f.options.cookie_file.clear();
  f.options.on_expiry = expiry_action::wait;
  CHECK(f.run().state == exit_state::usage);
}

TEST_CASE("batch: plan waits, too, and counts no sign-in page as a file") {
  std::uint64_t bytes[2] = {0, 0};
  for (const bool ends : {false, true}) {
    fixture f([ends](coupa_sim::options& site) {
      site.pos = 30;
      site.expire_after = ends ? 40 : 0;
    });
    attentive_user user;
    user.of = &f;
    f.options.on_expiry = expiry_action::wait;
    batch job(f.options, user);
    const auto done = job.plan([&](const report_row& row) -> result<void> {
      for (const auto& each : row.outcome.attachments) bytes[ends ? 1 : 0] += each.bytes;
      return {};
    });
    CHECK(done.state == exit_state::ok);
    CHECK((user.asked >= 2) == ends);
  }
  CHECK(bytes[0] > 0);
  CHECK(bytes[0] == bytes[1]);
}

TEST_CASE("batch: looked at only, the ledger knows what there is, and a later run fetches it") {
  fixture f([](coupa_sim::options& site) { site.pos = 30; });
  f.options.look_only = true;
  const batch_result looked = f.run();
  CHECK(looked.state == exit_state::ok);
  CHECK(looked.totals.attachments_found > 0);
  CHECK(looked.totals.attachments_downloaded == 0);
  const auto count = [](const batch_result& done, po_status status) {
    return done.totals.by_status[static_cast<std::size_t>(status)];
  };
  CHECK(count(looked, po_status::pending) + count(looked, po_status::no_attachments) == 30);
  for (const auto& entry : fs::directory_iterator(f.options.out)) {
    const std::string name = entry.path().filename().string();
    CHECK_MESSAGE((name == "report.csv" || name == ".pofetch"), name);
  }
  CHECK(read_file(f.options.out / "report.csv").find("PENDING") != std::string::npos);
  f.options.look_only = false;
  const batch_result fetched = f.run();
  CHECK(fetched.state == exit_state::ok);
  CHECK(fetched.totals.attachments_found == looked.totals.attachments_found);
  CHECK(fetched.totals.attachments_downloaded == looked.totals.attachments_found);
  f.check_files();
}

TEST_CASE("batch: looked at only, a list without one usable row is incomplete") {
  fixture f([](coupa_sim::options&) {});
  f.options.look_only = true;
  f.options.input = (f.dir.path() / "bad.csv").string();
  test::write_file(f.options.input, "PO Number,Note\nnone,x\nunknown,y\n");
  CHECK(f.run().state == exit_state::incomplete);
}

TEST_CASE("batch: a session that has expired before the start is found at once, everything stays PENDING") {
  fixture f([](coupa_sim::options&) {});
  f.sim.expire_session();
  const batch_result done = f.run();
  CHECK(done.state == exit_state::sign_in);
  CHECK(done.totals.by_status[static_cast<std::size_t>(po_status::pending)] == 40);
  // Every worker may have asked for a first page before the first answer came.
  CHECK(f.sim.statistics().requests <= f.options.pool.workers + 1);
}

TEST_CASE("batch: an origin that fails one answer in ten: in the end every file is right") {
  fixture f([](coupa_sim::options& site) {
    site.fail_percent = 10;
    site.stall = std::chrono::milliseconds(300);
  });
  f.options.pool.idle_timeout = std::chrono::milliseconds(150);
  batch_result done = f.run();
  for (int again = 0; done.state == exit_state::incomplete && again < 5; ++again) done = f.run();
  CHECK(done.state == exit_state::ok);
  f.check_files();
}

TEST_CASE("batch: told to slow down, it waits as told and loses nothing") {
  fixture f([](coupa_sim::options& site) {
    site.pos = 10;
    site.attachments = {1, 2};
    site.rate = 20;
  });
  f.options.pool.retries = 20;
  CHECK(f.run().state == exit_state::ok);
  f.check_files();
}

TEST_CASE("batch: --requests-per-second keeps below the server's limit, so that nothing is throttled") {
  fixture f([](coupa_sim::options& site) {
    site.pos = 12;
    site.attachments = {1, 2};
    site.rate = 40;
  });
  f.options.pool.requests_per_second = 20;
  CHECK(f.run().state == exit_state::ok);
  CHECK(f.sim.statistics().throttled == 0);
}

TEST_CASE("batch: only one run at a time on a folder, the second refuses and disturbs nothing") {
  fixture f([](coupa_sim::options& site) { site.latency = std::chrono::milliseconds(20); });
  struct second_run final : progress {
    const batch_options* options = nullptr;
    std::once_flag once;
    batch_result refused;
    void on(const progress_event& event) override {
      if (!std::holds_alternative<event::po_finished>(event)) return;
      std::call_once(once, [this] {
        progress silent;
        batch job(*options, silent);
        refused = job.run();
      });
    }
  } events;
  events.options = &f.options;
  batch job(f.options, events);
  CHECK(job.run().state == exit_state::ok);
  CHECK(events.refused.state == exit_state::machine);
  REQUIRE(events.refused.error);
  CHECK(events.refused.error->code == errc::locked);
  CHECK(events.refused.error->message.find("pid") != std::string::npos);
  f.check_files();
}

TEST_CASE("batch: a manifest needs no Coupa, digests and sizes of the list are held") {
  fixture f([](coupa_sim::options& site) {
    site.pos = 5;
    site.attachments = {2, 2};
  });
  const fs::path list = f.dir.path() / "manifest.csv";
  {
    std::ofstream out(list);
    out << "PO,url,filename,sha256,size\n";
    for (std::uint64_t i = 0; i < 5; ++i) {
      const auto order = f.sim.data().order(f.sim.data().first() + i);
      for (const auto& file : order.files)
        out << "order-" << order.number << "," << f.sim.base_url() << file.target << ",f" << file.ordinal
            << ".bin," << f.sim.data().expected_content_sha256(order.number, file.ordinal) << "," << file.size
            << "\n";
    }
    out << "order-bad," << f.sim.base_url() << f.sim.data().order(f.sim.data().first()).files[0].target
        << ",x.bin," << std::string(64, '0') << ",\n";
  }
  f.options.input = list.string();
  f.options.base_url.clear();
  f.options.pool.retries = 1;
  const batch_result done = f.run();
  CHECK(done.state == exit_state::incomplete);
  CHECK(done.totals.by_status[static_cast<std::size_t>(po_status::completed)] == 5);
  CHECK(done.totals.by_status[static_cast<std::size_t>(po_status::failed)] == 1);
  CHECK(read_file(f.options.out / "report.csv").find("digest_mismatch") != std::string::npos);
  CHECK_FALSE(fs::exists(f.options.out / "order-bad"));
}

TEST_CASE("batch: plan tells attachments and bytes and makes no folder") {
  fixture f([](coupa_sim::options& site) { site.pos = 10; });
  std::uint64_t attachments = 0;
  std::uint64_t bytes = 0;
  batch job(f.options, f.events);
  const auto done = job.plan([&](const report_row& row) -> result<void> {
    attachments += row.attachments_found;
    for (const auto& each : row.outcome.attachments) bytes += each.bytes;
    return {};
  });
  CHECK(done.state == exit_state::ok);
  std::uint64_t expected = 0;
  for (std::uint64_t i = 0; i < 10; ++i)
    expected += f.sim.data().order(f.sim.data().first() + i).files.size();
  CHECK(attachments == expected);
  CHECK(bytes > 0);
  CHECK_FALSE(fs::exists(f.options.out));
}

TEST_CASE("batch: no secret stands in anything that was written") {
  fixture f([](coupa_sim::options& site) { site.slide_every = 1; });
  f.options.headers = {"X-Secret: s3cr3t-header-value"};
  const std::string first = f.sim.cookie_value();
  CHECK(f.run().state == exit_state::ok);
  REQUIRE(write_batch_report(f.options.out, f.dir.path() / "report.json"));
  std::string all = read_file(f.dir.path() / "report.json");
  for (const auto& entry : fs::recursive_directory_iterator(f.options.out))
    if (entry.is_regular_file()) all += read_file(entry.path());
  for (const std::string& secret : {first, f.sim.cookie_value(), std::string("s3cr3t-header-value")}) {
    REQUIRE(secret.size() > 8);
    CHECK(all.find(secret) == std::string::npos);
  }
}

TEST_CASE("batch: it goes on without its list, with the orders that are chosen, as many as were counted") {
  fixture f([](coupa_sim::options& site) {
    site.pos = 60;
    site.not_found_percent = 20;
    site.missing_file_percent = 30;
    site.latency = std::chrono::milliseconds(5);
  });
  {
    stop_early events;
    f.options.pool.workers = 2;
    batch job(f.options, events);
    events.job = &job;
    CHECK(job.run().state == exit_state::terminated);
  }
  fs::remove(f.options.input);
  const auto by_status = [&f] { return read_status(f.options.out)->totals.by_status; };
  const auto at = [](po_status one) { return static_cast<std::size_t>(one); };
  const auto before = by_status();
  work_choice pending;
  pending.statuses = {po_status::pending};
  REQUIRE(before[at(po_status::pending)] > 0);
  CHECK(count_chosen(f.options.out, pending)->orders() == before[at(po_status::pending)]);
  f.options.resume = pending;
  CHECK(f.run().state == exit_state::incomplete);  // what the site does not have
  CHECK(by_status()[at(po_status::pending)] == 0);

  // Of the rest only what failed for that reason, and nothing else is asked for.
  const auto after = by_status();
  const std::uint64_t troubled = after[at(po_status::partial)] + after[at(po_status::failed)];
  REQUIRE(troubled > 0);
  REQUIRE(after[at(po_status::not_found)] > 0);
  work_choice chosen;
  chosen.error_codes = {"http_404"};
  CHECK(count_chosen(f.options.out, chosen)->orders() == troubled);
  f.sim.reset_statistics();
  f.options.resume = chosen;
  CHECK(f.run().state == exit_state::incomplete);
  CHECK(f.sim.statistics().pages <= troubled + 1);
  CHECK(f.sim.statistics().pages >= troubled);
  CHECK(by_status() == after);
  CHECK(verify_batch(f.options.out, [](const damage&) {})->wrong == 0);
}
