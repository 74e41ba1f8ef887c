#include "coupa-sim/simulator.hpp"
#include "integration/https_client.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

namespace fs = std::filesystem;
using coupa_sim::options;
using coupa_sim::order_facts;
using coupa_sim::order_kind;
using coupa_sim::simulator;
using pofetch::testing::https_client;

struct started {
  explicit started(const options& wanted) : site(wanted), client(start(site), site.ca_pem()) {}

  static std::uint16_t start(simulator& one) {
    one.start();
    return one.port();
  }
  https_client::answer get(const std::string& target, https_client::fields list = {}) {
    list.emplace_back("Cookie", site.cookie_header());
    return client.get(target, list);
  }
  https_client::answer get_order(std::uint64_t number) {
    return get("/order_headers/" + std::to_string(number));
  }

  simulator site;
  https_client client;
};

options small_site() {
  options wanted;
  wanted.pos = 60;
  wanted.size = {0, 200'000};
  wanted.requisition_percent = 40;
  return wanted;
}

/// The bytes that a file must have.
std::string bytes_of(const simulator& site, const coupa_sim::file_facts& file) {
  std::string bytes;
  coupa_sim::for_each_piece(site.data().content_of(file), [&](std::string_view piece) { bytes += piece; });
  return bytes;
}

/// Every PO of the site that is of this kind.
std::vector<order_facts> orders_of(const simulator& site, order_kind kind) {
  std::vector<order_facts> found;
  for (std::uint64_t i = 0; i < site.data().count(); ++i) {
    order_facts order = site.data().order(site.data().first() + i);
    if (order.kind == kind) found.push_back(std::move(order));
  }
  return found;
}

}  // namespace

TEST_CASE("simulator: an order's page shows its number and an address for each of its own files") {
  started sim(small_site());
  std::set<coupa_sim::shape> shapes;
  for (const order_facts& order : orders_of(sim.site, order_kind::normal)) {
    const auto answer = sim.get_order(order.number);
    REQUIRE(answer.result_int() == 200);
    CHECK(answer.body().find(std::to_string(order.number)) != std::string::npos);
    for (const auto& file : order.files) {
      if (file.owner != 0) continue;
      shapes.insert(file.markup);
      CHECK(answer.body().find(std::to_string(file.id)) != std::string::npos);
    }
    for (const auto& one : order.requisitions) {
      CHECK(answer.body().find(std::to_string(one.number)) != std::string::npos);
    }
    CHECK(answer.body().find("/requisition_headers/new") != std::string::npos);
  }
  CHECK(shapes.size() == coupa_sim::shape_count);
}

TEST_CASE("simulator: every file is served as the dataset says, byte for byte") {
  started sim(small_site());
  std::size_t without_name = 0;
  for (const order_facts& order : orders_of(sim.site, order_kind::normal)) {
    for (const auto& file : order.files) {
      const auto answer = sim.get(file.target);
      REQUIRE(answer.result_int() == 200);
      CHECK(answer.body().size() == file.size);
      CHECK(answer.body() == bytes_of(sim.site, file));
      const bool named = answer.find("Content-Disposition") != answer.end();
      CHECK(named == (file.disposition != coupa_sim::disposition_style::none));
      without_name += named ? 0 : 1;
    }
  }
  CHECK(without_name > 0);
}

TEST_CASE("simulator: names repeat within a PO, exactly and but for case, and expected names differ") {
  options wanted;
  wanted.pos = 200;
  wanted.attachments = {2, 4};
  const simulator site(wanted);
  std::size_t equal = 0;
  std::size_t case_only = 0;
  for (const order_facts& order : orders_of(site, order_kind::normal)) {
    const std::string& first = order.files.at(0).name;
    const std::string& second = order.files.at(1).name;
    if (first == second) ++equal;
    if (first != second && coupa_sim::ascii_upper(first) == coupa_sim::ascii_upper(second)) ++case_only;
    std::set<std::string> names;
    for (const auto& file : coupa_sim::expected_files(order)) names.insert(coupa_sim::ascii_upper(file.name));
    CHECK(names.size() == order.files.size());
  }
  CHECK(equal > 0);
  CHECK(case_only > 0);
}

TEST_CASE("simulator: what is not there says so in several ways, and never with a file") {
  options wanted = small_site();
  wanted.pos = 200;
  wanted.not_found_percent = 40;
  wanted.empty_percent = 20;
  wanted.prefixed_percent = 10;
  started sim(wanted);
  std::set<std::string> texts;
  std::set<unsigned> statuses;
  for (const order_kind kind : {order_kind::missing, order_kind::forbidden}) {
    for (const order_facts& order : orders_of(sim.site, kind)) {
      const auto answer = sim.get_order(order.number);
      statuses.insert(answer.result_int());
      for (const char* text : {"Oops!", "doesn't exist", "Desculpe", "not authorized", "Access denied"}) {
        if (answer.body().find(text) != std::string::npos) texts.insert(text);
      }
      CHECK(answer.body().find("topForm") == std::string::npos);
      CHECK(coupa_sim::expected_status(order) == "NOT_FOUND");
    }
  }
  CHECK(texts.size() == 5);
  CHECK(statuses == std::set<unsigned>{200, 403, 404});

  for (const order_facts& order : orders_of(sim.site, order_kind::empty)) {
    CHECK(sim.get_order(order.number).result_int() == 200);
    CHECK(coupa_sim::expected_status(order) == "NO_ATTACHMENTS");
  }
  const auto prefixed = orders_of(sim.site, order_kind::prefixed);
  REQUIRE(!prefixed.empty());
  for (const order_facts& order : prefixed) {
    CHECK(sim.get_order(order.number).result_int() == 404);
    CHECK(sim.get("/order_headers/PO" + std::to_string(order.number)).result_int() == 200);
  }
}

TEST_CASE("simulator: a request without the session's cookie is sent to sign in") {
  struct row {
    coupa_sim::expiry_style style;
    unsigned status;
    const char* text;
  };
  for (const row& one : {row{coupa_sim::expiry_style::redirect, 302, "redirected"},
                         row{coupa_sim::expiry_style::unauthorized, 401, "sign in"},
                         row{coupa_sim::expiry_style::form, 200, "user_password"}}) {
    CAPTURE(one.status);
    options wanted;
    wanted.expiry = one.style;
    started sim(wanted);
    for (const char* target :
         {"/order_headers", "/order_headers/7000001", "/attachments/7000001000/download"}) {
      CHECK(sim.get(target).result_int() == 200);
      const auto answer = sim.client.get(target);
      CHECK(answer.result_int() == one.status);
      CHECK(answer.body().find(one.text) != std::string::npos);
      if (one.status == 302) CHECK(answer["Location"].starts_with("/sessions/new?"));
    }
    CHECK(sim.site.statistics().signed_out == 3);
  }
}

TEST_CASE("simulator: the cookie slides, old values stay good for a while only") {
  options wanted;
  wanted.slide_every = 2;
  wanted.slide_grace = 1;
  started sim(wanted);
  const https_client::fields first{{"Cookie", sim.site.cookie_header()}};
  unsigned slides = 0;
  for (int i = 0; i < 4; ++i) {
    const auto answer = sim.client.get("/order_headers", first);
    CHECK(answer.result_int() == 200);
    if (answer["Set-Cookie"].starts_with("_coupa_session=")) ++slides;
  }
  CHECK(slides == 2);
  CHECK(sim.client.get("/order_headers", first).result_int() == 302);
  CHECK(sim.get("/order_headers").result_int() == 200);
}

TEST_CASE("simulator: a session ends after its requests or on command, and signing in begins a new one") {
  options wanted;
  wanted.expire_after = 3;
  started sim(wanted);
  for (int i = 0; i < 3; ++i) CHECK(sim.get("/order_headers").result_int() == 200);
  CHECK(sim.get("/order_headers").result_int() == 302);
  CHECK(sim.site.cookie_value().empty());

  CHECK(sim.client.get("/sessions/new").body().find("user_email") != std::string::npos);
  CHECK(sim.client.request("POST", "/sessions", {}, "user_email=a%40b.example").result_int() == 200);
  const auto welcome =
      sim.client.request("POST", "/sessions", {}, "user_email=a%40b.example&user_password=x");
  CHECK(welcome.result_int() == 302);
  CHECK(std::string(welcome["Set-Cookie"]).find(sim.site.cookie_header()) == 0);
  CHECK(sim.get("/order_headers").result_int() == 200);

  CHECK(sim.client.request("POST", "/_sim/expire").result_int() == 200);
  CHECK(sim.get("/order_headers").result_int() == 302);
}

TEST_CASE("simulator: redirected downloads come from another host name that needs no cookie") {
  options wanted;
  wanted.redirect_percent = 100;
  wanted.pos = 4;
  started sim(wanted);
  const order_facts order = sim.site.data().order(7000001);
  const auto answer = sim.get(order.files.at(0).target);
  REQUIRE(answer.result_int() == 302);
  const std::string place = "https://127.0.0.1:" + std::to_string(sim.site.port());
  const std::string location(answer["Location"]);
  REQUIRE(location.substr(0, place.size()) == place);
  https_client storage(sim.site.port(), sim.site.ca_pem(), "127.0.0.1");
  CHECK(storage.get(location.substr(place.size())).body() == bytes_of(sim.site, order.files.at(0)));
  CHECK(sim.site.statistics().leaked_cookies == 0);
  storage.get(location.substr(place.size()), {{"Cookie", sim.site.cookie_header()}});
  CHECK(sim.site.statistics().leaked_cookies == 1);
  CHECK(storage.get("/storage/7000001000?signature=0").result_int() == 403);
}

TEST_CASE("simulator: a byte range is served to clients that hold the right ETag") {
  options wanted;
  wanted.size = {200'000, 200'000};
  started sim(wanted);
  const auto orders = orders_of(sim.site, order_kind::normal);
  const auto owner = std::find_if(orders.begin(), orders.end(),
                                  [](const order_facts& one) { return one.files.at(0).has_etag; });
  REQUIRE(owner != orders.end());
  const auto& file = owner->files.at(0);
  const std::string etag(sim.get(file.target)["ETag"]);
  REQUIRE(!etag.empty());
  const auto rest = sim.get(file.target, {{"Range", "bytes=70000-"}, {"If-Range", etag}});
  CHECK(rest.result_int() == 206);
  CHECK(rest["Content-Range"] == "bytes 70000-199999/200000");
  CHECK(rest.body() == bytes_of(sim.site, file).substr(70'000));
  CHECK(sim.get(file.target, {{"Range", "bytes=5-9"}}).body() == bytes_of(sim.site, file).substr(5, 5));
  CHECK(sim.get(file.target, {{"Range", "bytes=70000-"}, {"If-Range", "\"other\""}}).result_int() == 200);
  CHECK(sim.get(file.target, {{"Range", "bytes=200000-"}}).result_int() == 416);
}

TEST_CASE("simulator: beyond its rate it answers 429 with Retry-After, and counts") {
  options wanted;
  wanted.rate = 2;
  started sim(wanted);
  unsigned refused = 0;
  for (int i = 0; i < 6; ++i) {
    const auto answer = sim.get("/order_headers");
    if (answer.result_int() != 429) continue;
    ++refused;
    CHECK(answer["Retry-After"] == "1");
  }
  CHECK(refused >= 3);
  CHECK(sim.site.statistics().throttled == refused);
}

TEST_CASE("simulator: beyond its capacity requests stand in line, and every second is on record") {
  options wanted;
  wanted.capacity = 1;
  wanted.latency = std::chrono::milliseconds(100);
  started sim(wanted);
  const auto before = std::chrono::steady_clock::now();
  std::vector<std::thread> all;
  for (int i = 0; i < 4; ++i)
    all.emplace_back([&] {
      https_client fresh(sim.site.port(), sim.site.ca_pem());
      CHECK(fresh.get("/sessions/new").result_int() == 200);
    });
  for (auto& each : all) each.join();
  CHECK(std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(400));
  std::uint64_t requests = 0;
  std::uint64_t good = 0;
  std::uint64_t bytes = 0;
  for (const coupa_sim::stats_second& each : sim.site.seconds()) {
    requests += each.requests;
    bytes += each.bytes;
    for (const auto& [status, count] : each.answers) good += status == 200 ? count : 0;
  }
  CHECK(requests == 4);
  CHECK(good == 4);
  CHECK(bytes > 1000);
  CHECK(sim.get("/_sim/seconds").body().find("\"answers\":{\"200\":") != std::string::npos);
}

TEST_CASE("simulator: failures on purpose are all of their kinds, and trying again helps") {
  options wanted;
  wanted.fail_percent = 50;
  wanted.stall = std::chrono::milliseconds(5);
  wanted.size = {1000, 1000};
  started sim(wanted);
  std::set<std::string> outcomes;
  for (const order_facts& order : orders_of(sim.site, order_kind::normal)) {
    const std::string target = order.files.at(0).target;
    bool good = false;
    for (int tries = 0; tries < 40 && !good; ++tries) {
      try {
        https_client fresh(sim.site.port(), sim.site.ca_pem());
        const auto answer = fresh.get(target, {{"Cookie", sim.site.cookie_header()}});
        good = answer.result_int() == 200 && answer.body() == bytes_of(sim.site, order.files.at(0));
        outcomes.insert(std::to_string(answer.result_int()));
      } catch (const boost::system::system_error& problem) {
        outcomes.insert(problem.code() == boost::asio::error::connection_reset ? "reset" : "cut");
      }
    }
    CHECK(good);
  }
  CHECK(outcomes == std::set<std::string>{"200", "500", "503", "cut", "reset"});
  CHECK(sim.site.statistics().internal_errors == 0);
}

TEST_CASE("simulator: compressed answers unpack to the same bytes") {
  options wanted;
  wanted.gzip_percent = 100;
  started sim(wanted);
  const auto page = sim.get("/order_headers/7000001", {{"Accept-Encoding", "gzip"}});
  CHECK(page["Content-Encoding"] == "gzip");
  CHECK(page.body().substr(0, 2) == "\x1f\x8b");
  CHECK(sim.get("/order_headers/7000001")["Content-Encoding"].empty());
}

TEST_CASE("simulator: its statistics count what happens at the same time") {
  options wanted;
  wanted.latency = std::chrono::milliseconds(150);
  wanted.attachments = {4, 4};
  started sim(wanted);
  const order_facts order = sim.site.data().order(7000001);
  std::vector<std::thread> clients;
  for (const auto& file : order.files) {
    clients.emplace_back([&sim, target = file.target] {
      https_client one(sim.site.port(), sim.site.ca_pem());
      one.get(target, {{"Cookie", sim.site.cookie_header()}});
    });
  }
  for (std::thread& one : clients) one.join();
  sim.get_order(7000002);
  // A client may have its answer a moment before the site counts it as written; the next one waits for that.
  CHECK(sim.client.get("/_sim/stats").body().find("\"max_in_flight\":4") != std::string::npos);
  const auto seen = sim.site.statistics();
  CHECK(seen.requests == 5);
  CHECK(seen.downloads == 4);
  CHECK(seen.pages == 1);
  CHECK(seen.max_in_flight == 4);
  CHECK(seen.max_in_flight_per_po == 4);
  CHECK(seen.in_flight == 0);
  CHECK(seen.connections_opened == 5);
  CHECK(sim.site.requests_by_path().at("/order_headers/7000002") == 1);
  CHECK(sim.client.request("POST", "/_sim/reset").result_int() == 200);
  CHECK(sim.site.statistics().requests == 0);
}

TEST_CASE("simulator: its certificate holds for its names under its own authority only") {
  simulator site((options()));
  simulator other((options()));
  site.start();
  for (const char* host : {"localhost", "127.0.0.1", "::1"}) {
    CHECK_NOTHROW(https_client(site.port(), site.ca_pem(), host));
  }
  CHECK_THROWS(https_client(site.port(), other.ca_pem()));
  CHECK_THROWS(https_client(site.port(), site.ca_pem(), "elsewhere.example"));
}

TEST_CASE("simulator: the folder holds the authority, a private cookie file and the list") {
  const fs::path dir = fs::temp_directory_path() / ("coupa-sim-test-" + std::to_string(::getpid()));
  options wanted;
  wanted.dir = dir;
  wanted.pos = 3;
  wanted.write_expected = true;
  const simulator site(wanted);
  const auto read = [&](const char* name) {
    std::ostringstream text;
    text << std::ifstream(dir / name).rdbuf();
    return text.str();
  };
  CHECK(read("ca.pem") == site.ca_pem());
  CHECK(read("cookies.txt").find("_coupa_session\t" + site.cookie_value()) != std::string::npos);
  CHECK((fs::status(dir / "cookies.txt").permissions() & fs::perms::mask) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  const std::string list = read("orders.csv");
  CHECK(std::count(list.begin(), list.end(), '\n') == 4);
  const order_facts order = site.data().order(7000001);
  CHECK(read("expected.csv").find(site.data().expected_content_sha256(7000001, 0)) != std::string::npos);
  fs::remove_all(dir);
}

TEST_CASE("simulator: options that make no sense are refused with a reason") {
  options too_many;
  too_many.fail_percent = 101;
  CHECK_THROWS_AS(simulator{too_many}, std::invalid_argument);
  options no_threads;
  no_threads.threads = 0;
  CHECK_THROWS_AS(simulator{no_threads}, std::invalid_argument);
}

TEST_CASE("parse_range: sizes with units, one or two ends") {
  struct row {
    const char* text;
    bool good;
    std::uint64_t min;
    std::uint64_t max;
  };
  constexpr std::array rows{
      row{"7", true, 7, 7},
      row{"1-4", true, 1, 4},
      row{"10k-1M", true, 10'240, 1'048'576},
      row{"1G", true, 1U << 30U, 1U << 30U},
      row{"", false, 0, 0},
      row{"4-1", false, 0, 0},
      row{"1x", false, 0, 0},
      row{"-3", false, 0, 0},
      row{"99999999999G", false, 0, 0},
  };
  for (const row& one : rows) {
    CAPTURE(one.text);
    const auto found = coupa_sim::parse_range(one.text);
    REQUIRE(found.has_value() == one.good);
    if (!found) continue;
    CHECK(found->min == one.min);
    CHECK(found->max == one.max);
  }
}
