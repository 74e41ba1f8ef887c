// --refresh on the real program: the option itself, the report and the status, and what it asks the instance.
#include "cli/program.hpp"
#include "coupa-sim/simulator.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace pofetch::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

coupa_sim::options placed_in(coupa_sim::options wanted, const fs::path& folder) {
  wanted.dir = folder;
  wanted.api_rate = 0;
  return wanted;
}

coupa_sim::options orders(unsigned count) {
  coupa_sim::options wanted;
  wanted.pos = count;
  wanted.attachments = {1, 2};
  wanted.size = {500, 2000};
  return wanted;
}

/// The program, and a site whose orders the test changes.
struct changing {
  explicit changing(const coupa_sim::options& wanted) : sim(placed_in(wanted, dir.path())) { sim.start(); }

  [[nodiscard]] words line(const words& more) const {
    return with(words{"--out", "out", "--base-url", sim.base_url(), "--cacert", (dir / "ca.pem").string(),
                      "--progress", "none"},
                more);
  }
  ended web(const words& more) {
    sim.reset_statistics();
    return pofetch.run(with(
        {"run", (dir / "orders.csv").string(), "--cookies", (dir / "cookies.txt").string()}, line(more)));
  }
  ended api(const words& more, bool listed = true) {
    sim.reset_statistics();
    words first{"run"};
    first.push_back(listed ? (dir / "orders.csv").string() : "--all");
    return pofetch.run(with(first, line(with({"--source", "api", "--requests-per-second", "100000"}, more))),
                       {{"POFETCH_API_KEY", sim.api_key()}});
  }
  [[nodiscard]] json::object order(std::uint64_t number) const {
    REQUIRE(pofetch.run({"report", "out", "--to", "now.json"}).status == 0);
    const json::value report = json::parse(read_file(pofetch / "now.json"));
    for (const auto& one : report.at("purchase_orders").as_array())
      if (one.at("po_number").as_string() == std::to_string(number)) return one.as_object();
    FAIL("no such order in the report");
    return {};
  }
  [[nodiscard]] std::size_t asked() const { return static_cast<std::size_t>(sim.statistics().requests); }

  temp_dir dir;
  coupa_sim::simulator sim;
  program pofetch;
};

std::string status_of(const json::value& attachment) {
  return std::string(attachment.at("status").as_string());
}

/// Without the notes that the API lists beside the files.
json::array files_of(const json::object& order) {
  json::array files;
  for (const json::value& each : order.at("attachments").as_array())
    if (status_of(each) != "EXCLUDED") files.push_back(each);
  return files;
}

}  // namespace

TEST_CASE("refresh: new, replaced and detached attachments, from pages and from the API") {
  for (const bool api : {false, true}) {
    CAPTURE(api);
    auto wanted = orders(4);
    wanted.attachments = {2, 2};
    wanted.validators = coupa_sim::page_validators::etag;
    changing site(wanted);
    const auto run = [&](const words& more) { return api ? site.api(more) : site.web(more); };
    REQUIRE(run({}).status == 0);
    const std::uint64_t po = site.sim.data().first();
    const auto first = site.order(po);
    const auto checked = std::string(first.at("last_checked").as_string());
    CHECK(has(checked, "Z"));

    site.sim.data().attach(po, {.name = "late.pdf", .size = 1234});
    const auto kept = site.sim.data().order(po).files;
    site.sim.data().replace(kept[0].id, std::nullopt);
    site.sim.data().detach(kept[1].id);
    // Without the option nothing of it is seen.
    REQUIRE(run({}).status == 0);
    CHECK(files_of(site.order(po)).size() == 2);
    const ended again = run({"--refresh"});
    CHECK_MESSAGE(again.status == 0, again.err);
    const auto order = site.order(po);
    CHECK(order.at("status").as_string() == "COMPLETED");
    CHECK(order.at("last_checked").as_string() >= checked);
    const json::array files = files_of(order);
    REQUIRE(files.size() == 4);
    CHECK(status_of(files[0]) == "COMPLETED");
    CHECK(files[0].at("version").to_number<int>() == 1);
    CHECK(files[1].at("version").to_number<int>() == 2);
    CHECK(files[0].at("name") != files[1].at("name"));
    CHECK(files[2].at("name").as_string() == "late.pdf");
    CHECK(status_of(files[3]) == "GONE");
    for (const auto& file : files)
      CHECK(fs::is_regular_file(site.pofetch / ("out/" + std::string(file.at("path").as_string()))));
    CHECK(has(read_file(site.pofetch / "out/report.csv"), "(GONE)"));
    CHECK(has(read_file(site.pofetch / "out/report.csv"), "PO_URL,LAST_CHECKED\n"));
    CHECK(site.pofetch.run({"verify", "out"}).status == 0);
    CHECK(has(site.pofetch.run({"status", "out"}).out, "Last looked at"));
    // Once more: nothing new.
    CHECK(run({"--refresh"}).status == 0);
    CHECK(files_of(site.order(po)).size() == 4);
  }
}

TEST_CASE("refresh, source api: costs a page of changed orders and what has changed") {
  changing site(orders(300));
  REQUIRE(site.api({}).status == 0);
  REQUIRE(site.asked() > 600);
  CHECK(site.api({"--refresh"}).status == 0);
  CHECK_MESSAGE(site.asked() <= 6, site.asked());
  for (std::uint64_t i = 0; i < 3; ++i) site.sim.data().attach(site.sim.data().first() + 10 * i, {});
  CHECK(site.api({"--refresh"}).status == 0);
  CHECK_MESSAGE(site.asked() <= 30, site.asked());
  CHECK(site.pofetch.run({"report", "out", "--to", "all.json"}).status == 0);
}

TEST_CASE("refresh, source api: --all goes on from where the list ended") {
  changing site(orders(120));
  REQUIRE(site.api({}, false).status == 0);
  const auto count = [&] {
    REQUIRE(site.pofetch.run({"report", "out", "--to", "all.jsonl"}).status == 0);
    return pofetch::test::count(read_file(site.pofetch / "all.jsonl"), "\"po_number\"");
  };
  CHECK(count() == 120);
  const std::uint64_t po = site.sim.data().first() + 7;
  const auto before = site.order(po).at("attachments").as_array().size();
  site.sim.data().attach(po, {.name = "late.pdf"});
  const ended again = site.api({"--refresh"}, false);
  CHECK_MESSAGE(again.status == 0, again.err);
  CHECK_MESSAGE(site.asked() <= 20, site.asked());
  // The list is as long as before, not that of the changed ones.
  CHECK(count() == 120);
  CHECK(site.order(po).at("attachments").as_array().size() == before + 1);
  const ended last = site.api({"--refresh"}, false);
  CHECK(last.status == 0);
  CHECK(count() == 120);
}

TEST_CASE("refresh, source web: pages that have not changed are not sent again") {
  auto wanted = orders(5);
  wanted.validators = coupa_sim::page_validators::both;
  wanted.page_padding = 60'000;
  changing site(wanted);
  REQUIRE(site.web({}).status == 0);
  const auto first = site.sim.statistics().bytes;
  CHECK(site.web({"--refresh"}).status == 0);
  CHECK_MESSAGE(site.sim.statistics().bytes < first / 10, site.sim.statistics().bytes);
}

TEST_CASE("refresh: the option takes an age where there is one, and leaves the list where there is none") {
  const program pofetch;
  const coupa site({"--pos", "2", "--attachments", "1", "--size", "1k"});
  REQUIRE(pofetch.run(site.run_line("out")).status == 0);
  words rest{"--out", "out"};
  rest = with(rest, site.access());
  const std::string list = site.file("orders.csv");
  CHECK(pofetch.run(with({"run", "--refresh", list}, rest)).status == 0);
  CHECK(pofetch.run(with({"run", "--refresh", "7d", list}, rest)).status == 0);
  CHECK(pofetch.run(with({"run", "--refresh=12h", list}, rest)).status == 0);
  CHECK(pofetch.run(with({"run", list, "--refresh"}, rest), {{"POFETCH_REFRESH", "7d"}}).status == 0);
  for (const char* bad : {"--refresh=7", "--refresh=soon", "--refresh=-1d", "--refresh=0d"}) {
    const ended refused = pofetch.run(with({"run", list, bad}, rest));
    CHECK(refused.status == 2);
    CHECK_MESSAGE(has(refused.err, "an age such as 7d"), refused.err);
  }
  const ended elsewhere = pofetch.run({"plan", list, "--refresh"});
  CHECK(elsewhere.status == 2);
  CHECK_MESSAGE(has(elsewhere.err, "it is for pofetch run"), elsewhere.err);
  const ended shown = pofetch.run(with({"run", list, "--refresh", "90m", "--print-config"}, rest));
  CHECK_MESSAGE(has(shown.out, "refresh = \"90m\"  # flag --refresh"), shown.out);
  CHECK(has(pofetch.run(with({"run", list, "--print-config"}, rest)).out, "# refresh is not set: off"));
  pofetch.write("pofetch.toml", "refresh = true\n");
  CHECK(has(pofetch.run(with({"run", list, "--print-config"}, rest)).out, "refresh = \"all\""));
  CHECK(has(pofetch.run(with({"run", list, "--print-config", "--refresh=off"}, rest)).out, "refresh = \"\""));
}

TEST_CASE("refresh: another source or instance than the folder's is refused, whoever ran there meanwhile") {
  changing site(orders(2));
  changing other(orders(2));
  REQUIRE(site.web({}).status == 0);
  // Everything is done: this asks for nothing, and fills nothing.
  REQUIRE(site.api({}).status == 0);
  const ended refused = site.api({"--refresh"});
  CHECK(refused.status == 2);
  CHECK_MESSAGE(has(refused.err, "filled with --source web; with --source api every file"), refused.err);
  const ended elsewhere =
      site.web({"--refresh", "--base-url", other.sim.base_url(), "--cacert", (other.dir / "ca.pem").string(),
                "--cookies", (other.dir / "cookies.txt").string()});
  CHECK(elsewhere.status == 2);
  CHECK_MESSAGE(has(elsewhere.err, "Give --base-url " + site.sim.base_url()), elsewhere.err);
  CHECK(site.web({"--refresh"}).status == 0);
  for (const std::uint64_t number : {7000001U, 7000002U})
    for (const json::value& each : files_of(site.order(number))) CHECK(status_of(each) == "COMPLETED");
}
