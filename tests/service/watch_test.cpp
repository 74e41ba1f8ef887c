// pofetch submit and pofetch watch, at a real service and at one that behaves badly.
#include "service/talk.hpp"
#include "support/has_terminals.hpp"
#include "support/origin.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace pofetch::test;
using pofetch::testing::origin;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;

namespace {

const words quick_site = {"--pos", "12", "--attachments", "1-2", "--size", "1k-2k"};
/// Long enough to be caught at work.
const words long_site = {"--pos", "60", "--attachments", "1", "--size", "1k-2k", "--latency", "150"};

/// Value behind a label in what submit prints.
std::string told(const std::string& out, const std::string& label) {
  const std::size_t at = out.find(label);
  if (at == std::string::npos) return {};
  const std::size_t from = out.find_first_not_of(' ', at + label.size());
  return out.substr(from, out.find('\n', from) - from);
}

/// A batch as a service shows it.
std::string shown_batch(const std::string& state, int pending, int completed) {
  const int all = pending + completed;
  return "{\"id\":\"0123456789abcdefghjkmnpqrs\",\"name\":\"\",\"labels\":[],\"state\":\"" + state +
         "\",\"reason\":null,\"desired\":\"run\",\"profile\":\"main\",\"options\":{},\"list\":{\"rows\":" +
         std::to_string(all) + "},\"totals\":{\"purchase_orders\":" + std::to_string(all) +
         ",\"by_status\":{\"PENDING\":" + std::to_string(pending) +
         ",\"COMPLETED\":" + std::to_string(completed) +
         "}},\"progress\":{\"bytes_per_second\":1000,\"pos_per_minute\":60,\"eta_seconds\":9},\"sign_in\":"
         "null,"
         "\"created_at\":\"2026-01-31T12:00:00Z\"}";
}

constexpr const char* batch_id = "0123456789abcdefghjkmnpqrs";

std::string event_text(const std::string& id, const std::string& name, const std::string& data) {
  return "id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n";
}

std::string po_text(const std::string& id, const std::string& number) {
  return event_text(id, "po",
                    "{\"po_number\":\"" + number +
                        "\",\"status\":\"COMPLETED\",\"attachments_found\":1,\"attachments_downloaded\":1,"
                        "\"bytes\":5,\"error\":null}");
}

}  // namespace

TEST_CASE("submit: the list, its options and a name arrive; watch ends as the run would have") {
  const coupa site(quick_site);
  const running_service service(site);
  const program& home = service.home();
  const ended made = home.run({"submit",
                               site.file("orders.csv"),
                               "--to",
                               service.where(),
                               "--name",
                               "May & June",
                               "--label",
                               "a",
                               "--label",
                               "b",
                               "--workers",
                               "2",
                               "--include",
                               "*.pdf",
                               "--include",
                               "*",
                               "--max-file-size",
                               "1M",
                               "--no-breaker",
                               "--priority",
                               "high"});
  CHECK_MESSAGE(made.status == 0, made.err);
  const std::string id = told(made.out, "Batch");
  const std::string address = told(made.out, "Address");
  CHECK(address == service.where() + "/" + id);
  CHECK(has(made.out, "pofetch watch " + address));
  const std::string batch = service.get("/v1/batches/" + id).body;
  CHECK(member(batch, "name") == "May & June");
  CHECK(member(batch, "labels") == "[\"a\",\"b\"]");
  CHECK(member(batch, "priority") == "high");
  CHECK(member(batch, "options") ==
        "{\"workers\":2,\"include\":[\"*.pdf\",\"*\"],\"max_file_size\":1048576,\"breaker\":false}");

  const ended watched = home.run({"watch", address});
  CHECK_MESSAGE(watched.status == 0, watched.err);
  CHECK(has(watched.err, "is completed after"));
  CHECK(has(watched.err, "COMPLETED"));
  CHECK(has(watched.err, "/report"));
  // An ended batch, by the address that the service itself gives.
  CHECK(home.run({"watch", service.where() + "/v1/batches/" + id, "-q"}).err.empty());
}

TEST_CASE("submit: every form of list, from a file or from standard input") {
  const coupa site(quick_site);
  const running_service service(site);
  const program& home = service.home();
  home.write("list.txt", "7000001\n7000002\n");
  home.write("list.tsv", "PO\tSite\n7000001\tA\n7000002\tB\n");
  home.write("list.csv", "PO;Site\n7000001;A\n7000002;B\n");
  home.write("list.jsonl", "{\"po_number\":\"7000001\"}\n{\"po_number\":\"7000002\"}\n");
  const words to = {"--to", service.where(), "--watch"};
  for (const char* list : {"list.txt", "list.tsv", "list.csv", "list.jsonl"}) {
    CAPTURE(list);
    const ended done = home.run(with({"submit", list}, to));
    CHECK_MESSAGE(done.status == 0, done.err);
    CHECK(has(done.err, "2 purchase orders in the list"));
  }
  const ended piped = home.run(with({"submit", "-"}, to), {}, "po_number\n7000001\n7000002\n");
  CHECK_MESSAGE(piped.status == 0, piped.err);
  CHECK(has(piped.err, "2 purchase orders in the list"));
}

TEST_CASE("submit: what the service refuses is told in its words, with what to do") {
  const coupa site(quick_site);
  const running_service service(site);
  const program& home = service.home();
  home.write("other.csv", "a,b\n1,2\n");
  home.write("good.csv", "po_number\n7000001\n");
  home.write("empty.csv", "");
  struct row {
    words line;
    int status;
    const char* text;
  };
  const std::vector<row> rows = {
      {{"other.csv"}, 2, "its columns are 'a', 'b'"},
      {{"other.csv"}, 2, "Correct the list"},
      {{"good.csv", "--profile", "none"}, 2, "there is no profile of that name"},
      {{"good.csv", "--workers", "0"}, 2, "workers"},
      {{"good.csv", "--priority", "urgent"}, 2, "expected low, normal or high"},
      {{"empty.csv"}, 2, "is empty"},
      {{"none.csv"}, 2, "cannot be read"},
      {{"."}, 2, "cannot be read"},
  };
  for (const row& each : rows) {
    CAPTURE(each.text);
    const ended done = home.run(with(with({"submit"}, each.line), {"--to", service.where()}));
    CHECK(done.status == each.status);
    CHECK_MESSAGE(has(done.err, each.text), done.err);
    CHECK(done.out.empty());
  }
  CHECK(member(service.get("/v1/batches").body, "items") == "[]");
  // Before the list is sent: the service does not ask for it.
  const running_service narrow(site, {"--max-list", "1k"});
  home.write("long.csv", "po_number\n" + std::string(20U << 20, '\n'));
  const ended large = home.run({"submit", "long.csv", "--to", narrow.where()});
  CHECK(large.status == 2);
  CHECK_MESSAGE(has(large.err, "too large"), large.err);
  const ended gone = home.run({"watch", service.where() + "/" + batch_id});
  CHECK(gone.status == 2);
  CHECK(has(gone.err, "There is no batch of that id"));
}

TEST_CASE("addresses: TLS, or this machine itself; never a password") {
  const program pofetch;
  pofetch.write("good.csv", "po_number\n7000001\n");
  struct row {
    const char* to;
    const char* text;
  };
  const std::vector<row> rows = {{"http://example.com", "another machine"},
                                 {"http://localhost.example.com:1", "another machine"},
                                 {"http://127.0.0.1.example.com:1", "another machine"},
                                 {"ftp://localhost", "no address of a service"},
                                 {"localhost:8080", "no address of a service"},
                                 {"https://user:geheim@example.com", "expected https"},
                                 {"https://example.com/?token=geheim", "more than an address"},
                                 {"unix:", "names no socket"},
                                 {"unix:/none/of/these", "cannot be reached"},
                                 {"http://127.0.0.1:1", "127.0.0.1"}};
  for (const row& each : rows) {
    CAPTURE(each.to);
    // What may pass is tried for five minutes: these end at once, the two that cannot be reached at Ctrl-C.
    const bool tried = has(each.text, "cannot be reached") || has(each.to, "127.0.0.1:1");
    if (tried && !has(each.to, "example")) {
      const ended watched = pofetch.run({"watch", std::string(each.to) + "/" + batch_id});
      CHECK(watched.status == 2);
      CHECK_MESSAGE(has(watched.err, each.text), watched.err);
      continue;
    }
    const ended done = pofetch.run({"submit", "good.csv", "--to", each.to});
    CHECK(done.status == 2);
    CHECK_MESSAGE(has(done.err, each.text), done.err);
    CHECK_FALSE(has(done.err, "geheim"));
  }
  CHECK(has(pofetch.run({"watch", "https://example.com"}).err, "expected URL/ID"));
  CHECK(has(pofetch.run({"watch"}).err, "pofetch watch URL/ID"));
  CHECK(has(pofetch.run({"submit", "good.csv"}).err, "--to URL"));
  CHECK(has(pofetch.run({"submit", "--to", "http://localhost"}).err, "needs the list"));
  CHECK(has(pofetch.run({"watch", "x", "--token", "geheim"}).err, "POFETCH_TOKEN"));
}

TEST_CASE("watch: exit states, and the same screens as run") {
  const coupa site({"--pos", "20", "--attachments", "1", "--size", "1k-2k", "--not-found", "30"});
  const running_service service(site, {"--max-running", "1"});
  const program& home = service.home();
  const words submit = {"submit", site.file("orders.csv"), "--to", service.where()};
  const ended incomplete = home.run(with(submit, {"--watch"}));
  CHECK(incomplete.status == 1);
  CHECK(has(incomplete.err, "is incomplete after"));
  CHECK(has(incomplete.err, "Commonest errors"));
  CHECK(has(incomplete.err, "not_found"));
  CHECK(has(incomplete.err, "To try again what is missing"));

  const ended json = home.run(with(submit, {"--watch", "--progress", "json"}));
  CHECK(json.status == 1);
  CHECK(json.out.starts_with("{\"event\":\"batch_submitted\""));
  CHECK(count(json.out, "\"event\":\"batch_started\"") == 1);
  CHECK(count(json.out, "\"event\":\"po_finished\"") == 20);
  CHECK(count(json.out, "\"event\":\"batch_finished\"") == 1);
  CHECK(has(json.out, "\"po_number\":\"7000001\""));
  CHECK(json.out.find("batch_finished") > json.out.rfind("po_finished"));

  const ended quiet = home.run(with(submit, {"--watch", "-q"}));
  CHECK(quiet.status == 1);
  CHECK(quiet.err.empty());
  CHECK(quiet.out.starts_with(service.where() + "/"));
}

TEST_CASE("watch: the picture on a terminal") {
  if (!has_terminals()) {
    MESSAGE("SKIPPED: no terminals here");
    return;
  }
  const coupa site(long_site);
  const running_service service(site);
  process_setup setup =
      service.home().setup({"submit", site.file("orders.csv"), "--to", service.where(), "--watch"});
  setup.terminal = true;
  setup.environment["TERM"] = "xterm";
  process running(setup);
  CHECK(running.wait_for("] "));
  CHECK(running.wait_for(" of 60 POs ("));
  const ended done = ended_well(running);
  CHECK(done.status == 0);
  CHECK_FALSE(has(done.out, "CPU "));
}

TEST_CASE("Ctrl-C ends the looking on, not the batch; paused and cancelled are told") {
  const coupa site({"--pos", "300", "--attachments", "1", "--size", "1k-2k", "--latency", "300"});
  const running_service service(site);
  const program& home = service.home();
  process first(home.setup({"submit", site.file("orders.csv"), "--to", service.where(), "--watch"}));
  REQUIRE(first.wait_for(" of 300 POs"));
  first.send(SIGINT);
  const ended stopped = ended_well(first);
  CHECK(stopped.status == 130);
  const std::string address = told(stopped.out, "Address");
  CHECK(has(stopped.err, "goes on at the service"));
  CHECK(has(stopped.err, "pofetch watch " + address));
  CHECK(has(stopped.err, "/cancel"));
  const std::string id = address.substr(address.rfind('/') + 1);
  CHECK(service.state_of(id) == "running");

  process second(home.setup({"watch", address}));
  REQUIRE(second.wait_for(" of 300 POs"));
  CHECK(service.post("/v1/batches/" + id + "/pause").status == 202);
  CHECK(second.wait_for("The batch is paused"));
  CHECK(service.post("/v1/batches/" + id + "/resume").status == 202);
  CHECK(second.wait_for("The batch is running"));
  CHECK(service.post("/v1/batches/" + id + "/cancel").status == 202);
  const ended cancelled = ended_well(second);
  CHECK(cancelled.status == 1);
  CHECK(has(cancelled.err, "The batch was cancelled"));
}

TEST_CASE("watch: goes on when the service is killed and started again; over a Unix socket") {
  const coupa site(long_site);
  const temp_dir folder;
  const std::string socket = "unix:" + (folder / "api.sock").string();
  running_service service(site, {"--listen", socket});
  const program& home = service.home();
  process watch(
      home.setup({"submit", site.file("orders.csv"), "--to", socket, "--watch", "--progress", "json"}));
  REQUIRE(watch.wait_for("po_finished"));
  service.kill();
  REQUIRE(watch.wait_for("out of reach"));
  service.start();
  const ended done = ended_well(watch);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(has(done.out, "there again"));
  CHECK(has(done.out, "\"event\":\"batch_finished\",") == true);
  CHECK(has(done.out, "\"COMPLETED\":60"));
}

TEST_CASE("tokens: from the environment or a file that is private, never shown") {
  const coupa site(quick_site);
  const program maker;
  const ended token = maker.run({"serve", "--new-token", "all", "--scope", "submit"});
  const ended reader = maker.run({"serve", "--new-token", "some", "--scope", "read"});
  const auto line_of = [](const std::string& text, int number) {
    std::size_t from = 0;
    for (int i = 0; i < number; ++i) from = text.find('\n', from) + 1;
    return text.substr(from, text.find('\n', from) - from);
  };
  maker.write("tokens", line_of(token.out, 3) + "\n" + line_of(reader.out, 3) + "\n");
  REQUIRE(::chmod((maker / "tokens").c_str(), 0600) == 0);
  const std::string good = line_of(token.out, 1);
  const running_service service(site, {"--tokens", (maker / "tokens").string()});
  const program& home = service.home();
  const words submit = {"submit", site.file("orders.csv"), "--to", service.where(), "--watch"};
  const ended none = home.run(submit);
  CHECK(none.status == 3);
  CHECK(has(none.err, "POFETCH_TOKEN"));
  CHECK(home.run(submit, {{"POFETCH_TOKEN", "wrong"}}).status == 3);
  const ended low = home.run(submit, {{"POFETCH_TOKEN", line_of(reader.out, 1)}});
  CHECK(low.status == 3);
  CHECK(has(low.err, "scope"));
  const ended by_variable = home.run(submit, {{"POFETCH_TOKEN", good}});
  CHECK_MESSAGE(by_variable.status == 0, by_variable.err);
  home.write("token", good + "\n");
  REQUIRE(::chmod((home / "token").c_str(), 0600) == 0);
  const ended by_file = home.run(with(submit, {"--token-file", "token"}), {{"POFETCH_TOKEN", "wrong"}});
  CHECK_MESSAGE(by_file.status == 0, by_file.err);
  CHECK_FALSE(has(by_file.err, "chmod"));
  REQUIRE(::chmod((home / "token").c_str(), 0644) == 0);
  const ended open = home.run(with(submit, {"--token-file", "token"}));
  CHECK(open.status == 0);
  CHECK(has(open.err, "chmod 600"));
  for (const ended* each : {&by_variable, &by_file, &open}) {
    CHECK_FALSE(has(each->err, good));
    CHECK_FALSE(has(each->out, good));
  }
  CHECK(home.run(with(submit, {"--token-file", "none"})).status == 2);
}

TEST_CASE("submit: an answer that is lost makes no second batch; refused before the list is sent") {
  std::atomic<int> posts{0};
  const origin service([&](const origin_request& asked, origin_peer& peer) {
    CHECK(asked.target == "/v1/batches");
    if (++posts == 1) return peer.cut();
    if (posts == 2) {
      peer.reply(503, "{\"detail\":\"The service is about to end.\"}",
                 {{"Retry-After", "1"}, {"Content-Type", "application/problem+json"}});
      return;
    }
    peer.reply(201, shown_batch("queued", 0, 0), {{"Content-Type", "application/json"}});
  });
  const program pofetch;
  pofetch.write("list.csv", "po_number\n7000001\n");
  const words line = {"submit",           "list.csv", "--to",
                      service.base_url(), "--cacert", service.ca_file().string()};
  const ended done = pofetch.run(line);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(has(done.err, "one batch all the same"));
  CHECK(told(done.out, "Batch") == batch_id);
  const auto log = service.log();
  REQUIRE(log.size() == 3);
  CHECK_FALSE(log[0].header("idempotency-key").empty());
  for (const origin_request& each : log) {
    CHECK(each.header("idempotency-key") == log[0].header("idempotency-key"));
    CHECK(each.header("content-type") == "text/csv");
    CHECK(each.header("content-length") == "18");
  }
  CHECK(pofetch.run(with(line, {"--key", "mine"})).status == 0);
  CHECK(service.log().back().header("idempotency-key") == "mine");
  // Without the authority: no trusted connection.
  CHECK(pofetch.run({"submit", "list.csv", "--to", service.base_url()}).status == 2);
}

TEST_CASE("watch: resumes with the last id; reset, garbage, 503 and 204 on the way") {
  std::atomic<int> streams{0};
  const origin service([&](const origin_request& asked, origin_peer& peer) {
    const std::string batch = std::string("/v1/batches/") + batch_id;
    if (asked.target == batch) {
      peer.reply(200, shown_batch("completed", 0, 4), {});
      return;
    }
    if (asked.target == batch + "/errors") {
      peer.reply(200, "{\"items\":[],\"next_cursor\":null}", {});
      return;
    }
    REQUIRE(asked.target == batch + "/events");
    const int number = ++streams;
    const std::string last = asked.header("last-event-id");
    if (number == 3) {
      peer.reply(503, "not JSON", {{"Retry-After", "1"}});
      return;
    }
    if (number == 5) {
      peer.send_head(204, {});
      return;
    }
    peer.send_head(200, {{"Content-Type", "text/event-stream"}, {"Transfer-Encoding", "chunked"}});
    peer.send_chunk("retry: 100\n\n: hb\n\n");
    if (number == 1) {
      CHECK(last.empty());
      peer.send_chunk(event_text("a-0", "snapshot", shown_batch("running", 4, 0)) + po_text("a-1", "1"));
      // An event in pieces, one that nobody knows, and one that is none; the last comes half.
      peer.send_chunk("id: a-2\nevent: po\ndata: {\"po_number\":\"2\",");
      peer.send_chunk("\ndata: \"status\":\"COMPLETED\",\"error\":null}\n\nevent: new\ndata: {}\n\n");
      peer.send_chunk("event: progress\ndata: nonsense\n\nid: a-9\nevent: po\ndata: {\"po_num");
      return peer.cut();
    }
    if (number == 2) {
      CHECK(last == "a-2");
      peer.send_chunk(po_text("a-3", "3") + event_text("a-4", "shutdown", "{}"));
      peer.send_chunk("");
      return;
    }
    CHECK(last == "a-4");
    peer.send_chunk(event_text("b-0", "reset", "{}") +
                    event_text("b-0", "snapshot", shown_batch("running", 1, 3)) + po_text("b-1", "4"));
    peer.send_chunk("");
  });
  const program pofetch;
  const ended done = pofetch.run({"watch", service.base_url() + "/" + batch_id, "--cacert",
                                  service.ca_file().string(), "--progress", "json"});
  CHECK_MESSAGE(done.status == 0, done.err);
  for (const char* number : {"1", "2", "3", "4"})
    CHECK(count(done.out, std::string("\"po_number\":\"") + number + "\"") == 1);
  CHECK(count(done.out, "\"event\":\"batch_started\"") == 1);
  CHECK(count(done.out, "\"event\":\"batch_finished\"") == 1);
  CHECK(streams == 5);
}
