// Numbers for Prometheus, read by its own tool; limits that are changed while batches run; what is said of a
// service whose lanes do not answer.
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <thread>
#include <vector>

using namespace pofetch::test;

namespace {

using monotonic = std::chrono::steady_clock;

const words metered_site = {"--pos", "12", "--attachments", "1-2", "--size", "1k-2k", "--not-found", "30"};

std::string orders_of(const coupa& site) { return read_file(site.file("orders.csv")); }

/// The value of a series; nothing of it: -1.
double value_of(const std::string& text, const std::string& series) {
  const std::string line = "\n" + series + " ";
  const std::size_t at = text.find(line);
  return at == std::string::npos ? -1 : std::strtod(text.c_str() + at + line.size(), nullptr);
}

/// Over all labels.
double sum_of(const std::string& text, const std::string& family) {
  double sum = 0;
  const std::string line = "\n" + family + "{";
  for (std::size_t at = text.find(line); at != std::string::npos; at = text.find(line, at + 1))
    sum += std::strtod(text.c_str() + text.find("} ", at) + 2, nullptr);
  return sum;
}

std::string scrape(const running_service& service) { return service.get("/metrics").body; }

/// How promtool ends; nothing: it is not here.
std::optional<ended> promtool(const words& arguments, const std::string& input = {},
                              const std::filesystem::path& folder = {}) {
  process_setup setup{"/usr/bin/env", with({"promtool"}, arguments)};
  setup.input = input;
  setup.folder = folder;
  process tool(setup);
  REQUIRE(tool.wait());
  if (tool.status() == 127) {
    MESSAGE("SKIPPED: promtool is not installed (apt-get install prometheus)");
    return std::nullopt;
  }
  return ended{tool.status(), tool.out(), tool.err()};
}

/// All threads of a process stand still, but for the first one.
class frozen_threads {
 public:
  explicit frozen_threads(pid_t process) {
    for (const auto& each :
         std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
      const pid_t thread = std::stoi(each.path().filename().string());
      if (thread == process || ::ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) != 0) continue;
      ::ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr);
      int status = 0;
      if (::waitpid(thread, &status, __WALL) == thread) held_.push_back(thread);
    }
  }
  ~frozen_threads() { thaw(); }
  frozen_threads(const frozen_threads&) = delete;
  frozen_threads& operator=(const frozen_threads&) = delete;

  void thaw() {
    for (const pid_t each : held_) ::ptrace(PTRACE_DETACH, each, nullptr, nullptr);
    held_.clear();
  }
  [[nodiscard]] bool any() const { return !held_.empty(); }

 private:
  std::vector<pid_t> held_;
};

int wait_for_health(const running_service& service, int wanted, std::chrono::seconds limit) {
  const auto until = monotonic::now() + limit;
  int status = 0;
  while (monotonic::now() < until) {
    status = service.get("/healthz").status;
    if (status == wanted) break;
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
  }
  return status;
}

const field_list as_patch = {{"Content-Type", "application/merge-patch+json"}};

}  // namespace

TEST_CASE("metrics: what a batch has done, as promtool likes it, and nothing that names it") {
  const coupa site(metered_site);
  running_service service(site);
  const std::string before = scrape(service);
  CHECK(value_of(before, "pofetch_batches{state=\"completed\"}") == 0);
  CHECK(value_of(before, "pofetch_last_completed_timestamp_seconds") == 0);
  CHECK(value_of(before, "pofetch_sign_in_ok{profile=\"main\"}") == 1);
  const answer made = service.ask("POST", "/v1/batches?name=Secretname&label=secretlabel", orders_of(site),
                                  {{"Content-Type", "text/csv"}});
  REQUIRE(made.status == 201);
  const std::string id = member(made.body, "id");
  const std::string done = service.wait_for_state(id, {"incomplete"});
  static_cast<void>(service.get("/v1/batches/" + std::string(26, '0')));
  static_cast<void>(service.get("/nothing"));
  static_cast<void>(service.ask("PATCH", "/healthz"));
  const answer got = service.get("/metrics");
  REQUIRE(got.status == 200);
  CHECK(got.field("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  const std::string& now = got.body;
  const auto number = [&done](const char* path) { return std::strtod(member(done, path).c_str(), nullptr); };
  CHECK(value_of(now, "pofetch_batches{state=\"incomplete\"}") == 1);
  CHECK(value_of(now, "pofetch_batches_finished_total{result=\"incomplete\"}") == 1);
  CHECK(value_of(now, "pofetch_batches_finished_total{result=\"completed\"}") == 0);
  CHECK(value_of(now, "pofetch_batch_duration_seconds_count{result=\"incomplete\"}") == 1);
  CHECK(value_of(now, "pofetch_batch_queue_wait_seconds_count") == 1);
  CHECK(value_of(now, "pofetch_purchase_orders_total{status=\"COMPLETED\"}") ==
        number("totals.by_status.COMPLETED"));
  CHECK(value_of(now, "pofetch_purchase_orders_total{status=\"NOT_FOUND\"}") ==
        number("totals.by_status.NOT_FOUND"));
  CHECK(value_of(now, "pofetch_attachments_total{result=\"downloaded\"}") ==
        number("totals.attachments_downloaded"));
  CHECK(value_of(now, "pofetch_downloaded_bytes_total") >= number("totals.bytes"));
  CHECK(value_of(now, "pofetch_purchase_orders_open") == 0);
  CHECK(value_of(now, "pofetch_last_progress_timestamp_seconds") > 1.6e9);
  const std::string files = "pofetch_source_requests_total{code=\"2xx\",kind=\"file\",profile=\"main\"}";
  CHECK(value_of(now, files) >= number("totals.attachments_downloaded"));
  CHECK(value_of(now, "pofetch_source_requests_total{code=\"4xx\",kind=\"page\",profile=\"main\"}") >= 1);
  CHECK(value_of(now, "pofetch_source_response_seconds_count{kind=\"file\"}") >= value_of(now, files));
  CHECK(value_of(now, "pofetch_ledger_commit_seconds_count") >= 1);
  CHECK(value_of(now, "pofetch_lane_delay_seconds_count") >= 1);
  CHECK(value_of(now, "pofetch_host_in_flight{host=\"localhost\"}") == 0);
  CHECK(value_of(now, "pofetch_host_in_flight_limit{host=\"localhost\"}") == 16);
  CHECK(value_of(now, "pofetch_http_connections") >= 1);
  CHECK(value_of(now, "pofetch_disk_free_bytes") > 0);
  CHECK(value_of(now, "pofetch_http_requests_total{code=\"2xx\",method=\"POST\",route=\"/v1/batches\"}") ==
        1);
  CHECK(value_of(now, "pofetch_http_requests_total{code=\"4xx\",method=\"GET\",route=\"other\"}") == 1);
  CHECK(value_of(now, "pofetch_http_requests_total{code=\"4xx\",method=\"PATCH\",route=\"other\"}") == 1);
  CHECK(value_of(now, "pofetch_http_refused_total{reason=\"not-found\"}") == 1);
  CHECK(value_of(now,
                 "pofetch_http_request_duration_seconds_count{code=\"4xx\",method=\"GET\",route=\"/v1/"
                 "batches/{id}\"}") == 1);
  CHECK(value_of(now, "process_resident_memory_bytes") > 1e6);

  const std::string cookies = read_file(site.file("cookies.txt"));
  const std::string last = cookies.substr(cookies.rfind('\t') + 1);
  const std::string session = last.substr(0, last.find_first_of("\r\n"));
  REQUIRE(session.size() > 8);
  for (const std::string& hidden : {id, std::string("7000001"), std::string("Secret"), std::string("secret"),
                                    session, service.home().folder().string()})
    CHECK_FALSE(has(now, hidden));
  const auto checked = promtool({"check", "metrics"}, now);
  if (checked) CHECK_MESSAGE(checked->status == 0, (checked->err + checked->out));
  CHECK(service.stop() == 0);
}

TEST_CASE("metrics: every family of the contract, each with its help and type") {
  const coupa site({"--pos", "1"});
  const running_service service(site);
  const std::string all = scrape(service);
  const std::string help = "# HELP ";
  std::set<std::string> named;
  for (std::size_t at = all.find(help); at != std::string::npos; at = all.find(help, at + 1))
    named.insert(all.substr(at + help.size(), all.find(' ', at + help.size()) - at - help.size()));
  for (const char* each : {"build_info",
                           "batches",
                           "purchase_orders_open",
                           "queue_oldest_timestamp_seconds",
                           "last_progress_timestamp_seconds",
                           "last_completed_timestamp_seconds",
                           "batches_finished_total",
                           "purchase_orders_total",
                           "attachments_total",
                           "attachment_errors_total",
                           "source_retries_total",
                           "downloaded_bytes_total",
                           "batch_duration_seconds",
                           "batch_queue_wait_seconds",
                           "source_requests_total",
                           "source_response_seconds",
                           "host_in_flight",
                           "host_in_flight_limit",
                           "host_requests_per_second_limit",
                           "host_pause_seconds",
                           "sign_in_ok",
                           "http_requests_total",
                           "http_request_duration_seconds",
                           "http_connections",
                           "sse_clients",
                           "disk_free_bytes",
                           "webhook_pending",
                           "http_refused_total",
                           "sse_resets_total",
                           "sse_cut_total",
                           "webhook_deliveries_total",
                           "lane_delay_seconds",
                           "ledger_commit_seconds"})
    CHECK_MESSAGE(named.contains("pofetch_" + std::string(each)), each);
  const answer packed = service.get("/metrics", {{"Accept-Encoding", "gzip"}});
  CHECK(packed.field("content-encoding") == "gzip");
  CHECK(packed.field("vary") == "Accept-Encoding");
  CHECK(packed.body.size() < all.size() / 2);
  CHECK(service.get("/metrics?x=1").status == 400);
  CHECK(service.ask("HEAD", "/metrics").status == 200);
}

TEST_CASE("metrics: streams are counted while they last, and when they begin anew") {
  const coupa site({"--pos", "1"});
  const running_service service(site);
  {
    talk line(service.where());
    line.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 0123456789abcdef-3\r\n\r\n");
    REQUIRE(line.wait_for("event: reset"));
    CHECK(value_of(scrape(service), "pofetch_sse_clients") == 1);
  }
  CHECK(value_of(scrape(service), "pofetch_sse_resets_total") == 1);
}

TEST_CASE("metrics: on an address of their own, and then nowhere else") {
  const coupa site({"--pos", "1"});
  running_service service(site, {"--metrics-listen", "127.0.0.1:0"});
  REQUIRE(service.running().wait_for("\nlistening on "));
  const std::string err = service.err();
  const std::size_t at = err.rfind("listening on ") + 13;
  const std::string where = err.substr(at, err.find('\n', at) - at);
  REQUIRE(where != service.where());
  const auto ask_there = [&where](const std::string& target) {
    talk line(where);
    line.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return line.next();
  };
  CHECK(ask_there("/healthz").status == 200);
  CHECK(ask_there("/readyz").status == 200);
  CHECK(ask_there("/v1/batches").status == 404);
  CHECK(ask_there("/openapi.json").status == 404);
  const answer got = ask_there("/metrics");
  CHECK(got.status == 200);
  CHECK(value_of(got.body, "pofetch_http_connections") == 1);
  CHECK(service.get("/metrics").status == 404);
  CHECK(service.get("/healthz").status == 200);
  CHECK(service.stop() == 0);
}

TEST_CASE("limits: a batch that runs obeys the new rate, and the next one may start") {
  const coupa site({"--pos", "120", "--attachments", "1", "--size", "1k-2k", "--latency", "20"});
  running_service service(site, {"--max-running", "1"});
  const std::string slow = R"({"profiles":{"main":{"requests_per_second":4}}})";
  const answer first = service.ask("PATCH", "/v1/limits", slow, as_patch);
  REQUIRE(first.status == 200);
  CHECK(member(first.body, "max_running") == "1");
  const std::string id = service.submit(orders_of(site));
  const std::string next = service.submit("po_number\n7000001\n");
  static_cast<void>(service.wait_for_state(id, {"running"}));
  const auto sent = [&service] { return sum_of(scrape(service), "pofetch_source_requests_total"); };
  const auto wait_for_requests = [&](double wanted) {
    for (int i = 0; i < 300 && sent() < wanted; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
  };
  wait_for_requests(3);
  const double at_first = sent();
  const auto began = monotonic::now();
  std::this_thread::sleep_for(std::chrono::seconds{3});
  const double in_time = sent() - at_first;
  const double seconds = std::chrono::duration<double>(monotonic::now() - began).count();
  CHECK(in_time <= 4 * seconds + 3);
  CHECK(in_time >= 4);
  const std::string hosts = service.get("/v1/hosts").body;
  CHECK(has(hosts, "\"host\":\"localhost\",\"profiles\":[\"main\"]"));
  CHECK(has(hosts, "\"requests_per_second\":4"));
  CHECK(value_of(scrape(service), "pofetch_host_requests_per_second_limit{host=\"localhost\"}") == 4);

  CHECK(service.state_of(next) == "queued");
  const std::string faster =
      R"({"max_running":2,"profiles":{"main":{"requests_per_second":null,"max_connections":3}}})";
  CHECK(service.ask("PATCH", "/v1/limits", faster, as_patch).status == 200);
  CHECK(has(service.get("/v1/hosts").body, "\"in_flight_limit\":3,\"requests_per_second\":0"));
  // Beside the other one, which has 200 requests still to send: at the old rate that would take 50 s.
  static_cast<void>(service.wait_for_state(next, {"completed"}));
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  CHECK(monotonic::now() - began < std::chrono::seconds{40});
  CHECK(service.stop() == 0);
}

TEST_CASE("limits: what is no limit is refused with a pointer, and nothing is changed") {
  const coupa site({"--pos", "1"});
  const running_service service(site);
  const auto patch = [&service](const std::string& body) {
    return service.ask("PATCH", "/v1/limits", body, as_patch);
  };
  const answer wrong = patch(R"({"max_running":2,"profiles":{"main":{"requests_per_second":-1}}})");
  CHECK(wrong.status == 422);
  CHECK(has(wrong.body, "\"pointer\":\"/profiles/main/requests_per_second\""));
  CHECK(patch(R"({"profiles":{"none":{}}})").status == 422);
  CHECK(patch(R"({"speed":1})").status == 422);
  CHECK(patch("[1]").status == 422);
  CHECK(patch("{").status == 400);
  CHECK(member(patch("{}").body, "max_running") == "4");
  CHECK(service.get("/v1/hosts").body == "{\"items\":[],\"next_cursor\":null}");
  CHECK(service.get("/v1/hosts?limit=0").status == 400);
}

TEST_CASE("health: 503 while the lanes do not answer, and the metrics wait for none of them") {
  const coupa site({"--pos", "1"});
  const running_service service(site);
  CHECK(service.get("/healthz").status == 200);
  frozen_threads frozen(const_cast<running_service&>(service).running().id());
  if (!frozen.any()) {
    MESSAGE("SKIPPED: threads cannot be held here (ptrace)");
    return;
  }
  const auto began = monotonic::now();
  CHECK(wait_for_health(service, 503, std::chrono::seconds{30}) == 503);
  CHECK(monotonic::now() - began > std::chrono::seconds{8});
  CHECK(service.get("/metrics").status == 200);
  frozen.thaw();
  CHECK(wait_for_health(service, 200, std::chrono::seconds{20}) == 200);
}

TEST_CASE("alerts: rules that promtool understands, and that fire when they should") {
  const std::filesystem::path rules = POFETCH_UNITS "/prometheus";
  const auto checked = promtool({"check", "rules", (rules / "pofetch.rules.yml").string()});
  if (!checked) return;
  CHECK_MESSAGE(checked->status == 0, (checked->err + checked->out));
  const auto tested = promtool({"test", "rules", "pofetch.rules.test.yml"}, {}, rules);
  REQUIRE(tested.has_value());
  CHECK_MESSAGE(tested->status == 0, (tested->err + tested->out));
}

TEST_CASE("dashboard: asks for metrics that there are") {
  const coupa site({"--pos", "1"});
  const running_service service(site);
  const std::string all = scrape(service);
  for (const char* file : {"grafana-dashboard.json", "pofetch.rules.yml"}) {
    const std::string text = read_file(std::filesystem::path(POFETCH_UNITS "/prometheus") / file);
    std::set<std::string> asked;
    for (std::size_t at = text.find("pofetch_"); at != std::string::npos; at = text.find("pofetch_", at + 1))
      asked.insert(text.substr(at, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at) - at));
    CHECK(asked.size() >= 8);
    for (std::string each : asked) {
      for (const char* part : {"_bucket", "_count", "_sum"})
        if (each.ends_with(part)) each.resize(each.size() - std::string(part).size());
      CHECK_MESSAGE(has(all, "# TYPE " + each + " "), each);
    }
  }
  // As JSON.
  CHECK_FALSE(
      member(read_file(std::filesystem::path(POFETCH_UNITS "/prometheus/grafana-dashboard.json")), "title")
          .empty());
}
