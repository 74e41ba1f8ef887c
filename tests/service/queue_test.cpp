// The queue of batches, how many may be open, and what becomes of those at work when the service ends.
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace pofetch::test;

namespace {

/// Long enough to be caught at work.
const words long_site = {"--pos", "40", "--attachments", "2", "--size", "1k-2k", "--latency", "150"};

std::string orders_of(const coupa& site) { return read_file(site.file("orders.csv")); }

std::string post_of(const std::string& list) {
  return "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: " +
         std::to_string(list.size()) + "\r\n\r\n" + list;
}

/// A profile `stuck`, whose secret comes from there.
std::string secret_profile(const coupa& site, const std::string& from) {
  return "[profile.stuck]\nbase-url = \"" + site.base_url() + "\"\nsource = \"api\"\nclient-id = \"me\"\n" +
         from + "\n";
}

/// Nobody may have asked how it ended.
bool is_gone(int process) {
  const std::filesystem::path facts = "/proc/" + std::to_string(process) + "/stat";
  return !std::filesystem::exists(facts) || has(read_file(facts), ") Z ");
}

template <class Condition>
bool eventually(Condition holds) {
  for (int i = 0; i < 400 && !holds(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{50});
  return holds();
}

}  // namespace

TEST_CASE("queue: one at a time, paused, resumed, cancelled, deleted") {
  const coupa site(long_site);
  running_service service(site, {"--max-running", "1"});
  const std::string list = orders_of(site);
  const std::string first = service.submit(list);
  const std::string second = service.submit(list);
  const std::string third = service.submit(list);
  const auto act = [&](const std::string& id, const char* what) {
    return service.post("/v1/batches/" + id + "/" + what).status;
  };
  static_cast<void>(service.wait_for_state(first, {"running"}));
  CHECK(service.state_of(second) == "queued");
  CHECK(act(third, "cancel") == 202);
  CHECK(service.state_of(third) == "cancelled");
  CHECK(act(third, "cancel") == 200);
  CHECK(act(third, "resume") == 409);
  CHECK(service.ask("DELETE", "/v1/batches/" + first + "?files=delete").status == 409);
  const answer retried = service.post("/v1/batches/" + first + "/retry");
  CHECK(retried.status == 409);
  CHECK(member(retried.body, "allowed") == "[\"pause\",\"cancel\"]");

  CHECK(act(first, "pause") == 202);
  CHECK(act(first, "pause") == 200);
  const std::string paused = service.wait_for_state(first, {"paused"});
  CHECK(member(paused, "desired") == "pause");
  static_cast<void>(service.wait_for_state(second, {"running"}));
  CHECK(act(second, "cancel") == 202);
  static_cast<void>(service.wait_for_state(second, {"cancelled"}));
  CHECK(service.state_of(first) == "paused");
  CHECK(act(first, "resume") == 202);
  const std::string done = service.wait_for_state(first, {"completed"});
  CHECK(member(done, "totals.by_status.COMPLETED") == "40");
  CHECK(act(first, "pause") == 409);

  CHECK(service.ask("DELETE", "/v1/batches/" + first).status == 400);
  CHECK(service.ask("DELETE", "/v1/batches/" + first + "?files=keep").status == 204);
  CHECK(service.get("/v1/batches/" + first).status == 404);
  CHECK(std::filesystem::exists(service.home() / ("data/kept/" + first + "/report.csv")));
  CHECK(service.ask("DELETE", "/v1/batches/" + second + "?files=delete").status == 204);
  CHECK_FALSE(std::filesystem::exists(service.home() / ("data/batches/" + second)));
  CHECK(service.get("/v1/batches?state=cancelled").body.find(third) != std::string::npos);
  CHECK(service.get("/v1/batches?state=done").status == 400);
  CHECK(service.stop() == 0);
  service.start();
  CHECK(service.get("/v1/batches/" + first).status == 404);
  CHECK(service.state_of(third) == "cancelled");
}

TEST_CASE("queue: a thousand batches may be open, one more waits until another has ended") {
  if (POFETCH_SANITIZED != 0) {
    MESSAGE("SKIPPED: a thousand lists brought to disk take too long here");
    return;
  }
  constexpr int most = 1000;
  const coupa site(long_site);
  const running_service service(site, {"--max-running", "1"}, "requests-per-second = 1\n");
  const std::string post = post_of("po_number\n7000001\n7000002\n");
  // This one keeps all others waiting.
  static_cast<void>(service.wait_for_state(service.submit(orders_of(site)), {"running"}));
  constexpr int lines = 8;
  std::vector<std::unique_ptr<talk>> clients;
  for (int i = 0; i < lines; ++i) {
    clients.push_back(std::make_unique<talk>(service.where()));
    for (int each = i + 1; each < most; each += lines) clients.back()->send(post);
  }
  std::string one;
  for (int i = 0; i < most - 1; ++i) {
    const answer made = clients[static_cast<std::size_t>(i % lines)]->next();
    REQUIRE_MESSAGE(made.status == 201, made.body);
    if (i > most / 2) one = member(made.body, "id");
  }
  const auto submit = [&service] {
    return service.ask("POST", "/v1/batches", "po_number\n1\n", {{"Content-Type", "text/csv"}});
  };
  const answer refused = submit();
  CHECK(refused.status == 429);
  CHECK(member(refused.body, "type") == "urn:pofetch:problem:too-many-batches");
  CHECK(refused.field("retry-after") == "60");
  CHECK(service.get("/v1/batches?limit=500").status == 200);
  CHECK(service.post("/v1/batches/" + one + "/cancel").status == 202);
  CHECK(submit().status == 201);
  CHECK(submit().status == 429);
}

TEST_CASE("SIGTERM: ends in order with work, streams and waiting clients, and goes on at the next start") {
  const coupa site(long_site);
  running_service service(site);
  const std::string id = service.submit(orders_of(site));
  static_cast<void>(service.wait_for_state(id, {"running"}));
  talk stream(service.where());
  stream.send("GET /v1/batches/" + id + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  REQUIRE(stream.wait_for("event: snapshot"));
  talk idle(service.where());
  talk waiting(service.where());
  waiting.send("GET /v1/batches/" + id + "?wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto begun = std::chrono::steady_clock::now();
  CHECK(service.stop() == 0);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{15});
  const std::string rest = stream.rest();
  CHECK(has(rest, "event: shutdown"));
  CHECK(rest.ends_with("0\r\n\r\n"));
  service.start();
  static_cast<void>(service.wait_for_state(id, {"completed"}));
}

TEST_CASE("SIGTERM: a command for the secret that hangs is ended, with what it has started") {
  const coupa site(long_site);
  const temp_dir folder;
  const std::filesystem::path child = folder / "child";
  running_service service(
      site, {},
      secret_profile(site, "secret-command = \"sh -c 'sleep 600 & echo $! >" + child.string() + "; wait'\""));
  const std::string id = service.submit(orders_of(site), "?profile=stuck");
  REQUIRE(eventually([&] { return std::filesystem::exists(child) && read_file(child).ends_with('\n'); }));
  const auto begun = std::chrono::steady_clock::now();
  CHECK(service.stop() == 0);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{10});
  // At a terminal the command could ask somebody there, and so is in our group.
  const bool alone = ::access("/dev/tty", R_OK) != 0 || ::open("/dev/tty", O_RDWR | O_CLOEXEC) < 0;
  if (alone) CHECK(eventually([&] { return is_gone(std::stoi(read_file(child))); }));
  service.start();
  CHECK(member(service.get("/v1/batches/" + id).body, "desired") == "run");
  CHECK_FALSE(service.state_of(id) == "failed");
  CHECK(service.stop() == 0);
}

TEST_CASE("SIGTERM: what does not end within its time is left, and goes on at the next start") {
  const coupa site(long_site);
  // A file that nobody ever writes to: whoever opens it listens to nobody.
  const temp_dir folder;
  const std::string stuck = (folder / "secret").string();
  REQUIRE(::mkfifo(stuck.c_str(), 0600) == 0);
  running_service service(site, {}, secret_profile(site, "client-secret-file = \"" + stuck + "\""));
  const std::string id = service.submit(orders_of(site), "?profile=stuck");
  static_cast<void>(service.wait_for_state(id, {"running"}));
  const auto begun = std::chrono::steady_clock::now();
  CHECK(service.stop() == 128 + SIGTERM);
  const std::chrono::duration<double> lasted = std::chrono::steady_clock::now() - begun;
  CHECK(lasted.count() > 14);
  CHECK(lasted.count() < 22);
  CHECK(has(service.err(), "did not end in time"));
  service.start();
  CHECK(member(service.get("/v1/batches/" + id).body, "desired") == "run");
  CHECK_FALSE(service.state_of(id) == "failed");
  service.kill();
}
