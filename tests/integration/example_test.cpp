#include "coupa-sim/simulator.hpp"
#include "support/origin.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t orders = 5;
constexpr std::uint64_t files_each = 2;

coupa_sim::options example_site(const fs::path& dir) {
  coupa_sim::options wanted;
  wanted.dir = dir;
  wanted.pos = orders;
  wanted.attachments = {files_each, files_each};
  wanted.size = {1024, 4096};
  return wanted;
}

process_setup example(std::vector<std::string> arguments, const char* program = EXAMPLE_PROGRAM) {
  process_setup made;
  made.program = program;
  made.arguments = std::move(arguments);
  return made;
}

/// Attachments in the output folder: everything but what pofetch keeps for itself.
std::uint64_t count_files(const fs::path& out) {
  std::uint64_t found = 0;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const fs::path inner = fs::relative(entry.path(), out);
    if (entry.is_regular_file() && inner != "report.csv" && *inner.begin() != ".pofetch") ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("fetch_list: a site that answers, all files are there, a line each PO, state 0") {
  const temp_dir folder;
  const fs::path site = folder / "site";
  coupa_sim::simulator coupa(example_site(site));
  coupa.start();
  process running(example(
      {site / "orders.csv", folder / "out", coupa.base_url(), site / "cookies.txt", site / "ca.pem"}));
  REQUIRE(running.wait());
  CHECK_MESSAGE(running.status() == 0, running.err());
  const std::string& lines = running.out();
  CHECK(std::count(lines.begin(), lines.end(), '\n') == orders);
  CHECK_MESSAGE(lines.find("PO 7000001: COMPLETED, 2 attachments\n") != std::string::npos, lines);
  CHECK(count_files(folder / "out") == orders * files_each);
}

TEST_CASE("fetch_list: a list that is not there, state 2, the message names it") {
  const temp_dir folder;
  process running(example({folder / "none.csv", folder / "out", "https://localhost:1", ""}));
  REQUIRE(running.wait());
  CHECK(running.status() == 2);
  CHECK_MESSAGE(running.err().find("none.csv") != std::string::npos, running.err());
}

TEST_CASE(
    "own_source: tickets of a help desk that pofetch does not know, one of them without files, one missing") {
  const temp_dir folder;
  write_file(folder / "tickets.csv", "PO\n11\n12\n13\n");
  pofetch::testing::origin desk([](const auto& asked, auto& peer) {
    if (asked.target == "/tickets/11") return (void)peer.reply(200, "a1 notes.txt\nb2 two words.txt\n");
    if (asked.target == "/tickets/12") return (void)peer.reply(200, "");
    if (asked.target.starts_with("/files/")) return (void)peer.reply(200, "file " + asked.target.substr(7));
    peer.reply(404, "no");
  });
  process running(example({folder / "tickets.csv", folder / "out", desk.base_url(), desk.ca_file().string()},
                          OWN_SOURCE_PROGRAM));
  REQUIRE(running.wait());
  CHECK_MESSAGE(running.status() == 1, running.err());
  CHECK(running.out() == "2 files of 3 tickets\n");
  CHECK(read_file(folder / "out/11/notes.txt") == "file a1");
  CHECK(read_file(folder / "out/11/two words.txt") == "file b2");
  const std::string report = read_file(folder / "out/report.csv");
  CHECK_MESSAGE(has(report, "12,NO_ATTACHMENTS"), report);
  CHECK_MESSAGE(has(report, "13,NOT_FOUND"), report);
  CHECK_MESSAGE(has(report, "there is no ticket 13"), report);
}

namespace {

/// A blocking HTTP client of the server's; one connection.
class guest {
 public:
  explicit guest(std::uint16_t port) { socket_.connect({boost::asio::ip::address_v4::loopback(), port}); }

  std::string get(const std::string& target) {
    namespace http = boost::beast::http;
    http::request<http::empty_body> ask{http::verb::get, target, 11};
    ask.set(http::field::host, "localhost");
    http::write(socket_, ask);
    http::response<http::string_body> answer;
    http::read(socket_, buffer_, answer);
    return answer.body();
  }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  boost::beast::flat_buffer buffer_;
};

std::uint16_t port_in(const std::string& line) {
  const auto colon = line.rfind(':');
  return colon == std::string::npos ? std::uint16_t{0}
                                    : static_cast<std::uint16_t>(std::stoul(line.substr(colon + 1)));
}

}  // namespace

TEST_CASE("inside_server: fetches an order on request, and answers others meanwhile on the same thread") {
  const temp_dir folder;
  const fs::path site = folder / "site";
  coupa_sim::options wanted = example_site(site);
  wanted.latency = std::chrono::milliseconds(200);
  coupa_sim::simulator coupa(wanted);
  coupa.start();
  process running(example({folder / "out", coupa.base_url(), site / "cookies.txt", site / "ca.pem"},
                          INSIDE_SERVER_PROGRAM));
  REQUIRE_MESSAGE(running.wait_for("\n"), running.err());
  const std::uint16_t port = port_in(running.out());

  std::string lines;
  std::atomic<bool> fetched{false};
  std::thread customer([&] {
    lines = guest(port).get("/orders/7000001");
    fetched = true;
  });
  guest pinger(port);
  int pongs = 0;
  while (!fetched) {
    CHECK(pinger.get("/ping") == "pong\n");
    ++pongs;
  }
  customer.join();
  // The order alone takes three answers of 200 ms: whoever waits for it would have had a handful.
  CHECK(pongs > 20);
  CHECK_MESSAGE(lines.find("COMPLETED ") == 0, lines);
  CHECK(count_files(folder / "out") == files_each);
  CHECK(has(guest(port).get("/orders/999"), "999"));
  CHECK(has(guest(port).get("/orders/none"), "PO number"));
  CHECK(has(guest(port).get("/else"), "GET /ping"));
  running.send(SIGTERM);
  REQUIRE(running.wait());
  CHECK(running.status() == 0);
}
