// The circuit breaker in the whole engine: an origin that serves small PO pages, or does not.
#include "support/origin.hpp"
#include "support/temp_dir.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <set>
#include <string>

using namespace pofetch;
using namespace pofetch::testing;
using namespace std::chrono_literals;

namespace {

enum class page { order, forbidden, says_denied, broken, missing, sign_in };

/// A site with ten POs of ACME, from 100, and two of another company, 200 and 201, which can be read.
class breaker_site {
 public:
  explicit breaker_site(std::function<page(int)> decide)
      : decide_(std::move(decide)),
        server_([this](const origin_request& request, origin_peer& peer) { answer(request.target, peer); }) {
    std::string list = "PO,Supplier\n";
    for (int i = 0; i < 10; ++i) list += std::to_string(100 + i) + ",ACME\n";
    test::write_file(dir / "list.csv", list + "200,Other\n201,Other\n");
    options.input = (dir / "list.csv").string();
    options.out = dir / "out";
    options.base_url = server_.base_url();
    options.pool.ca_file = server_.ca_file().string();
    options.pool.workers = 1;
    options.pool.retries = 0;
    options.pool.sync = durability::none;
  }

  batch_totals run(exit_state expected) {
    asked.clear();
    progress silent;
    batch job(options, silent);
    const batch_result done = job.run();
    CHECK(done.state == expected);
    csv = test::read_file(options.out / "report.csv");
    return done.totals;
  }

  test::temp_dir dir;
  batch_options options;
  std::set<int> asked;  ///< POs of the last run; one worker, so no two threads
  std::string csv;

 private:
  void answer(const std::string& target, origin_peer& peer) {
    const auto at = target.find_first_of("0123456789");
    if (target.rfind("/order_headers/", 0) != 0 || at == std::string::npos) {
      if (signed_out_)
        peer.reply(302, "", {{"Location", "/sessions/new"}});
      else
        peer.reply(200, "<html><title>Home</title><body>Home</body></html>", {{"Content-Type", "text/html"}});
      return;
    }
    const int number = std::stoi(target.substr(at));
    asked.insert(number);
    const std::string text = std::to_string(number);
    switch (number >= 200 ? page::order : decide_(number - 100)) {
      case page::order:
        return send(peer, 200, "<div id=\"topForm\"><h1>Purchase Order #" + text + "</h1></div>",
                    "Purchase Order #" + text);
      case page::forbidden:
        return send(peer, 403, "Forbidden", "Forbidden");
      case page::says_denied:
        return send(peer, 200, "Access denied", "Access denied");
      case page::broken:
        return send(peer, 502, "Bad gateway", "Bad gateway");
      case page::missing:
        return send(peer, 404, "Oops! We couldn't find what you wanted", "Not found");
      case page::sign_in:
        signed_out_ = true;
        peer.reply(302, "", {{"Location", "/sessions/new"}});
    }
  }

  static void send(origin_peer& peer, int status, const std::string& body, const std::string& title) {
    peer.reply(
        status,
        "<!DOCTYPE html><html><head><title>" + title + "</title></head><body>" + body + "</body></html>",
        {{"Content-Type", "text/html"}});
  }

  std::function<page(int)> decide_;
  std::atomic<bool> signed_out_{false};  ///< what the front page says from then on
  origin server_;
};

std::uint64_t count(const batch_totals& totals, po_status status) {
  return totals.by_status[static_cast<std::size_t>(status)];
}

}  // namespace

TEST_CASE("breaker: a group whose first POs are all denied is held back, told why, and taken up when asked") {
  for (const page kind : {page::forbidden, page::says_denied}) {
    bool denied = true;
    breaker_site s([&](int) { return denied ? kind : page::order; });
    auto totals = s.run(exit_state::incomplete);
    CHECK(count(totals, po_status::not_found) == 3);
    CHECK(count(totals, po_status::skipped) == 7);
    CHECK(count(totals, po_status::no_attachments) == 2);
    CHECK(s.asked == std::set<int>{100, 101, 102, 200, 201});
    CHECK(s.csv.find("held back: the first 3 POs of 'ACME'") != std::string::npos);
    CHECK(s.csv.find("retry_skipped") != std::string::npos);
    // The next run leaves them alone, though the right has been given.
    denied = false;
    totals = s.run(exit_state::incomplete);
    CHECK(s.asked == std::set<int>{100, 101, 102});
    CHECK(count(totals, po_status::skipped) == 7);
    s.options.pool.retry_skipped = true;
    totals = s.run(exit_state::ok);
    CHECK(s.asked.size() == 7);
    CHECK(count(totals, po_status::no_attachments) == 12);
  }
}

TEST_CASE("breaker: it can be turned off") {
  breaker_site s([](int) { return page::forbidden; });
  s.options.pool.breaker = false;
  const auto totals = s.run(exit_state::incomplete);
  CHECK(count(totals, po_status::not_found) == 10);
  CHECK(s.asked.size() == 12);
}

TEST_CASE("breaker: servers that fail, POs that are missing and one that can be read do not feed it") {
  struct row {
    const char* what;
    page first;
    page others;
    std::uint64_t skipped;
  };
  const row rows[] = {
      {"all broken", page::broken, page::broken, 0},
      {"all missing", page::missing, page::missing, 0},
      {"a broken one, then denied", page::broken, page::forbidden, 6},
      {"one readable, then denied", page::order, page::forbidden, 0},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    breaker_site s([&r](int index) { return index == 0 ? r.first : r.others; });
    CHECK(count(s.run(exit_state::incomplete), po_status::skipped) == r.skipped);
  }
}

TEST_CASE("breaker: signing in is another matter: the run ends, nobody is held back") {
  breaker_site s([](int index) { return index < 3 ? page::sign_in : page::forbidden; });
  const auto totals = s.run(exit_state::sign_in);
  CHECK(count(totals, po_status::pending) == 12);
  CHECK(count(totals, po_status::skipped) == 0);
}
