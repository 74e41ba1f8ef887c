// What one client can take from the others: time, connections, streams, descriptors.
#include "service/neighbours.hpp"
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

using namespace pofetch::test;

namespace {

using steady = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

constexpr std::string_view never = "\x01 never";

/// How long a connection lived, and what was said on it.
struct life {
  double lasted = 0;
  std::string said;
};

/// Sends a piece, again and again, until the service closes; no longer than `most`.
life keep_sending(const std::string& where, const std::string& first, const std::string& piece,
                  std::chrono::milliseconds pause, std::chrono::seconds most) {
  talk line(where);
  const auto begun = steady::now();
  line.send(first);
  while (!line.is_closed() && steady::now() - begun < most) {
    line.wait_for(never, pause);
    if (!piece.empty() && !line.is_closed()) line.send(piece);
  }
  return {seconds(steady::now() - begun).count(), line.seen()};
}

/// Takes nothing of the answer for so long, then what there still is.
life keep_silent(const std::string& where, const std::string& first, std::chrono::seconds span) {
  talk line(where);
  line.send(first);
  std::promise<void> nobody;
  nobody.get_future().wait_for(span);
  return {0, line.rest()};
}

/// As many descriptors as this test and the service need.
void raise_limit(rlim_t wanted) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min(wanted, files.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &files);
}

std::string head_of(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

/// Seconds of processor time that a process has used.
double used_by(pid_t id) {
  std::ifstream file("/proc/" + std::to_string(id) + "/stat");
  std::string word;
  std::vector<std::string> all;
  while (file >> word) all.push_back(word);
  return (std::stod(all.at(13)) + std::stod(all.at(14))) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

TEST_CASE("bounds: clients that are too slow are left in time, and who is fast enough is not") {
  const coupa site({"--pos", "1", "--attachments", "1", "--size", "60m-61m"});
  const running_service service(site);
  const std::string id = service.submit(read_file(site.file("orders.csv")));
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  const std::string files = service.get("/v1/batches/" + id + "/files").body;
  const std::size_t at = files.find("\"path\":\"") + 8;
  const std::string path = files.substr(at, files.find('"', at) - at);
  const std::string file = "/v1/batches/" + id + "/files/" + in_address(path);

  const std::string& where = service.where();
  const std::string post =
      "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
      "text/csv\r\nContent-Length: ";
  const std::string good = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  constexpr std::chrono::seconds most{75};
  struct row {
    const char* name;
    std::string first;
    std::string piece;
    std::chrono::milliseconds pause;
    double from;
    double to;
    const char* said;
  };
  using std::chrono::milliseconds;
  const std::vector<row> rows = {
      {"says nothing", "", "", milliseconds{200}, 9, 15, ""},
      {"head, a byte a second", "GET / HTTP/1.1\r\nHost: ", "l", milliseconds{1000}, 9, 15, "408"},
      {"second head, a byte a second", good + "GET / HTTP/1.1\r\nHost: ", "l", milliseconds{1000}, 9, 15,
       "408"},
      {"nothing after an answer", good, "", milliseconds{500}, 59, 68, "200"},
      {"body, 100 bytes a second", post + "100000\r\n\r\npo_number\n", std::string(99, ' ') + "\n",
       milliseconds{1000}, 9, 16, "408"},
      {"body, one byte every 5 seconds", post + "100000\r\n\r\npo_number\n", "1", milliseconds{5000}, 9, 22,
       "408"},
      {"body, 2 KiB a second", post + "30720\r\n\r\n" + "po_number\n7000001\n" + std::string(2030, '\n'),
       std::string(2048, '\n'), milliseconds{1000}, 12, 30, "201"},
  };
  std::vector<std::future<life>> lives;
  for (const row& each : rows)
    lives.push_back(
        std::async(std::launch::async, keep_sending, where, each.first, each.piece, each.pause, most));
  auto silent = std::async(std::launch::async, keep_silent, where, head_of(file), std::chrono::seconds{36});
  auto reader = std::async(std::launch::async, keep_silent, where, head_of(file), std::chrono::seconds{20});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const life lived = lives[i].get();
    CAPTURE(rows[i].name);
    CHECK_MESSAGE(has(lived.said, rows[i].said), lived.said);
    CHECK(lived.lasted > rows[i].from);
    CHECK(lived.lasted < rows[i].to);
  }
  const std::string part = silent.get().said;
  CHECK(part.starts_with("HTTP/1.1 200 "));
  CHECK(part.size() < 50'000'000);
  CHECK(reader.get().said.size() > 60'000'000);
}

TEST_CASE("bounds: 512 streams, 1,024 clients, and all of them end with the service in time") {
  raise_limit(4096);
  const coupa site({"--pos", "1", "--attachments", "1"});
  running_service service(site);
  std::vector<std::unique_ptr<talk>> clients;
  for (int i = 0; i < 512; ++i) {
    clients.push_back(std::make_unique<talk>(service.where()));
    clients.back()->send(head_of("/v1/events"));
  }
  for (const auto& each : clients) REQUIRE(each->wait_for("retry: 3000"));
  const answer one_more = service.get("/v1/events");
  CHECK(one_more.status == 429);
  CHECK(member(one_more.body, "type") == "urn:pofetch:problem:too-many-clients");
  // Who is connected is counted as soon as it is served: an answer proves that.
  while (clients.size() < 1024) {
    clients.push_back(std::make_unique<talk>(service.where()));
    clients.back()->send(head_of("/healthz"));
    REQUIRE(clients.back()->next().status == 200);
  }
  {
    talk too_many(service.where());
    const std::string said = too_many.rest();
    CHECK_MESSAGE(said.starts_with("HTTP/1.1 429 "), said);
    CHECK(has(said, "Retry-After: "));
  }
  clients.pop_back();
  bool served = false;
  for (int i = 0; i < 100 && !served; ++i) served = service.get("/healthz").status == 200;
  CHECK(served);

  const auto begun = steady::now();
  CHECK(service.stop() == 0);
  CHECK(seconds(steady::now() - begun).count() < 5);
  for (std::size_t i = 0; i < 512; ++i) CHECK(clients[i]->wait_for("event: shutdown\n"));
}

TEST_CASE("bounds: without descriptors the next client is turned away, nothing spins, and it recovers") {
  if (POFETCH_SANITIZED != 0) {
    MESSAGE("SKIPPED: the sanitizers need a descriptor of their own whenever they look at an object");
    return;
  }
  const coupa site({"--pos", "1", "--attachments", "1"});
  running_service service(site, {}, {}, {{"/bin/sh", "-c", "ulimit -n 64; exec \"$@\"", "sh"}, {}});
  talk neighbour(service.where());
  neighbour.send(head_of("/healthz"));
  REQUIRE(neighbour.next().status == 200);
  {
    std::vector<std::unique_ptr<talk>> clients;
    for (int i = 0; i < 100; ++i) clients.push_back(std::make_unique<talk>(service.where()));
    // The last ones are turned away, one every 100 ms.
    CHECK(clients.back()->rest().empty());
    CHECK(clients.back()->is_closed());
    const double before = used_by(service.running().id());
    for (int i = 0; i < 3; ++i) {
      clients.push_back(std::make_unique<talk>(service.where()));
      CHECK(clients.back()->rest(std::chrono::seconds{5}).empty());
      neighbour.send(head_of("/healthz"));
      CHECK(neighbour.next().status == 200);
    }
    CHECK(used_by(service.running().id()) - before < 0.5);
  }
  bool served = false;
  for (int i = 0; i < 100 && !served; ++i) served = service.get("/healthz").status == 200;
  CHECK(served);
  const std::string id = service.submit(read_file(site.file("orders.csv")));
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  CHECK(service.stop() == 0);
}

TEST_CASE(
    "bounds: who is refused before the body is not asked for it, and one that sends it all the same hears "
    "why") {
  const coupa site({"--pos", "1", "--attachments", "1"});
  const running_service service(site, {"--max-list", "1m"});
  const std::string post = "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\n";
  struct row {
    const char* name;
    std::string fields;
    int status;
  };
  const std::vector<row> rows = {
      {"type", "Content-Type: image/png\r\nContent-Length: 900000\r\n", 415},
      {"length", "Content-Type: text/csv\r\nContent-Length: 90000000\r\n", 413},
      {"address", "Content-Type: text/csv\r\nContent-Length: 900000\r\nHost: evil.example\r\n", 400},
      {"page of another site",
       "Content-Type: text/csv\r\nOrigin: https://evil.example\r\nContent-Length: 900000\r\n", 403},
      {"parameter", "Content-Type: text/csv\r\nContent-Length: 900000\r\nTransfer-Encoding: gzip\r\n", 400},
  };
  for (const row& each : rows) {
    CAPTURE(each.name);
    talk asks(service.where());
    asks.send(post + "Expect: 100-continue\r\n" + each.fields + "\r\n");
    CHECK(asks.next().status == each.status);
    // No more than 64 KiB of it are read, and the answer is not lost over the rest.
    talk sends(service.where());
    sends.send(post + each.fields + "\r\n" + std::string(50'000, '\n'));
    CHECK(sends.next().status == each.status);
    CHECK(sends.rest().empty());
    CHECK(sends.is_closed());
  }
}

TEST_CASE("bounds: a thousand slow clients of slowhttptest, neighbours are served, and it recovers") {
  process_setup made;
  made.program = path_of("slowhttptest");
  if (made.program.empty()) {
    MESSAGE("SKIPPED: slow clients: slowhttptest is not installed (tools/setup does)");
    return;
  }
  raise_limit(4096);
  const coupa site({"--pos", "1", "--attachments", "1"});
  running_service service(site);
  talk neighbour(service.where());
  const auto served_in = [&neighbour] {
    const auto begun = steady::now();
    neighbour.send(head_of("/v1/batches"));
    const int status = neighbour.next().status;
    CHECK(status == 200);
    return seconds(steady::now() - begun).count();
  };
  const double before = used_by(service.running().id());
  made.arguments = {
      "-H", "-c", "1000", "-r", "500", "-i", "2", "-l", "8", "-u", service.where() + "/v1/batches"};
  process slow(made);
  const auto begun = steady::now();
  std::vector<double> waits;
  std::size_t most = 0;
  while (!slow.wait(std::chrono::milliseconds{50})) {
    waits.push_back(served_in());
    const std::string text = service.get("/metrics").body;
    const std::size_t at = text.find("\npofetch_http_connections ");
    if (at != std::string::npos)
      most = std::max(most, static_cast<std::size_t>(std::stod(text.substr(at + 26))));
    REQUIRE(steady::now() - begun < std::chrono::seconds{40});
  }
  CHECK(most > 900);
  std::sort(waits.begin(), waits.end());
  REQUIRE(waits.size() > 20);
  CHECK_MESSAGE(waits[waits.size() * 9 / 10] < 0.5, waits.back());
  CHECK(used_by(service.running().id()) - before < 6);
  // All of it is gone, and a batch runs as ever.
  const std::string id = service.submit(read_file(site.file("orders.csv")));
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  CHECK(service.stop() == 0);
}
