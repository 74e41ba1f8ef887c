// The life of a batch: submitted, run, paused, resumed, tried again, deleted; and what a kill leaves.
#include "core/encoding.hpp"
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

using namespace pofetch::test;

namespace {

const words site_options = {"--pos", "12", "--attachments", "1-2", "--size", "1k-2k"};
/// Long enough to be caught at work.
const words slow_site = {"--pos", "40", "--attachments", "2", "--size", "1k-2k", "--latency", "150"};

std::string list_of(const coupa& site) { return read_file(site.file("orders.csv")); }

std::size_t items_in(const std::string& body, const char* mark) { return count(body, mark); }

/// The report without its last columns, which hold times.
std::string timeless(const std::string& report) {
  std::string made;
  for (std::size_t at = 0; at < report.size();) {
    const std::size_t end = std::min(report.find('\n', at), report.size());
    std::string line = report.substr(at, end - at);
    for (std::size_t t = line.find("Z"); t != std::string::npos; t = line.find("Z", t + 1))
      if (t >= 19 && line[t - 9] == 'T') line.replace(t - 19, 20, "T");
    made += line + "\n";
    at = end + 1;
  }
  return made;
}

}  // namespace

TEST_CASE("batch: the same files and the same report as by run") {
  const coupa site(site_options);
  running_service service(site);
  const answer made = service.ask("POST", "/v1/batches?name=May&label=a&label=b&workers=2", list_of(site),
                                  {{"Content-Type", "text/csv"}});
  REQUIRE(made.status == 201);
  const std::string id = member(made.body, "id");
  CHECK(made.field("location") == "/v1/batches/" + id);
  CHECK(member(made.body, "name") == "May");
  CHECK(member(made.body, "labels") == "[\"a\",\"b\"]");
  CHECK(member(made.body, "options.workers") == "2");
  const std::string done = service.wait_for_state(id, {"completed"});
  CHECK(member(done, "totals.by_status.COMPLETED") == "12");
  CHECK(member(done, "progress.done") == "12");
  CHECK(member(done, "list.rows") == "12");
  CHECK_FALSE(member(done, "finished_at").empty());
  CHECK_FALSE(member(done, "expires_at").empty());

  const ended by_hand = service.home().run(site.run_line("byhand"));
  REQUIRE(by_hand.status == 0);
  const std::string report = service.get("/v1/batches/" + id + "/report").body;
  CHECK(report == read_file(service.home() / ("data/batches/" + id + "/out/report.csv")));
  CHECK(timeless(report) == timeless(read_file(service.home() / "byhand/report.csv")));
  // What the service has is an ordinary folder.
  CHECK(service.home().run({"verify", "data/batches/" + id + "/out"}).status == 0);
  CHECK(service.home().run({"status", "data/batches/" + id + "/out"}).status == 0);
  CHECK(service.stop() == 0);
}

TEST_CASE("batch: reports, orders, errors and files, page by page") {
  const coupa site({"--pos", "12", "--attachments", "2", "--size", "1k-2k", "--not-found", "30"});
  const running_service service(site);
  const std::string id = service.submit(list_of(site));
  const std::string batch = "/v1/batches/" + id;
  const std::string done = service.wait_for_state(id, {"incomplete"});
  const std::string missing = member(done, "totals.by_status.NOT_FOUND");
  CHECK(missing != "0");
  for (const char* format : {"csv", "json", "jsonl", "xlsx"})
    CHECK(service.get(batch + "/report?format=" + format).status == 200);
  CHECK(service.get(batch + "/report?format=pdf").status == 400);

  // Pages of 5, 5 and 2, and the first cursor with another question.
  std::string cursor;
  std::size_t seen = 0;
  for (const std::size_t wanted : {5U, 5U, 2U}) {
    const answer page =
        service.get(batch + "/purchase-orders?limit=5" + (cursor.empty() ? "" : "&cursor=" + cursor));
    REQUIRE(page.status == 200);
    CHECK(items_in(page.body, "\"po_number\"") == wanted);
    seen += items_in(page.body, "\"po_number\"");
    const std::string before = cursor;
    cursor = member(page.body, "next_cursor");
    CHECK((page.field("link").empty()) == cursor.empty());
    if (!before.empty())
      CHECK(service.get(batch + "/purchase-orders?status=FAILED&cursor=" + before).status == 400);
  }
  CHECK(seen == 12);
  CHECK(cursor.empty());
  CHECK(items_in(service.get(batch + "/purchase-orders?status=NOT_FOUND&limit=500").body, "\"po_number\"") ==
        static_cast<std::size_t>(std::stoi(missing)));
  CHECK(service.get(batch + "/purchase-orders?q=7000001").status == 200);
  CHECK(service.get(batch + "/purchase-orders?limit=501").status == 400);
  CHECK(service.get(batch + "/purchase-orders?sort=x").status == 400);
  CHECK(service.get(batch + "/purchase-orders/9").status == 404);

  const std::string errors = service.get(batch + "/errors").body;
  CHECK(has(errors, "\"code\":\"not_found\",\"count\":" + missing));
  CHECK(has(errors, "next_step"));

  std::string files_cursor;
  std::size_t files = 0;
  for (int i = 0; i < 100; ++i) {
    const answer page =
        service.get(batch + "/files?limit=3" + (files_cursor.empty() ? "" : "&cursor=" + files_cursor));
    REQUIRE(page.status == 200);
    const std::size_t here = items_in(page.body, "\"path\"");
    CHECK(here <= 3);
    files += here;
    files_cursor = member(page.body, "next_cursor");
    if (files_cursor.empty()) break;
  }
  CHECK(std::to_string(files) == member(done, "totals.attachments_downloaded"));
}

TEST_CASE("files: by the ledger only, in parts, and never as a page") {
  const coupa site(site_options);
  const running_service service(site);
  const std::string id = service.submit(list_of(site));
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  const std::string batch = "/v1/batches/" + id;
  const std::string order = service.get(batch + "/purchase-orders/7000001").body;
  const std::size_t at = order.find("\"path\":\"") + 8;
  const std::string path = order.substr(at, order.find('"', at) - at);
  const std::string disk = read_file(service.home() / ("data/batches/" + id + "/out/" + path));
  std::string target = batch + "/files/";
  for (const char c : path) {
    constexpr const char* digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/' || (byte > 0x20 && byte < 0x7f && c != '%' && c != '?' && c != '#' && c != '&'))
      target += c;
    else
      target += std::string("%") + digits[byte >> 4U] + digits[byte & 15U];
  }
  const answer whole = service.get(target);
  REQUIRE(whole.status == 200);
  CHECK(whole.body == disk);
  CHECK(whole.field("content-disposition").starts_with("attachment; filename*=UTF-8''"));
  CHECK(whole.field("content-security-policy") == "sandbox; default-src 'none'");
  CHECK(whole.field("cross-origin-resource-policy") == "same-origin");
  CHECK(whole.field("repr-digest").starts_with("sha-256=:"));
  const std::string tag = whole.field("etag");
  CHECK(tag.starts_with("\"sha256-"));
  const answer part = service.get(target, {{"Range", "bytes=3-9"}});
  CHECK(part.status == 206);
  CHECK(part.body == disk.substr(3, 7));
  CHECK(part.field("content-range") == "bytes 3-9/" + std::to_string(disk.size()));
  CHECK(service.get(target, {{"Range", "bytes=3-9"}, {"If-Range", tag}}).status == 206);
  CHECK(service.get(target, {{"Range", "bytes=3-9"}, {"If-Range", "\"other\""}}).status == 200);
  CHECK(service.get(target, {{"Range", "bytes=999999-"}}).status == 416);
  CHECK(service.get(target, {{"If-None-Match", tag}}).status == 304);
  const answer head = service.ask("HEAD", target);
  CHECK(head.field("content-length") == std::to_string(disk.size()));

  for (const char* other :
       {"/files/.pofetch/ledger.db", "/files/report.csv", "/files/7000001", "/files/../job.json",
        "/files/..%2fjob.json", "/files/%2e%2e/job.json", "/files//etc/passwd", "/files/7000001/none.pdf"}) {
    CAPTURE(other);
    const int status = service.get(batch + other).status;
    CHECK((status == 404 || status == 400));
  }
  write_file(service.home() / ("data/batches/" + id + "/out/" + path), disk + "x");
  CHECK(service.get(target).status == 409);
  std::filesystem::remove(service.home() / ("data/batches/" + id + "/out/" + path));
  std::filesystem::create_symlink("/etc/passwd", service.home() / ("data/batches/" + id + "/out/" + path));
  CHECK(service.get(target).status == 409);
  CHECK(service.post(batch + "/verify").status == 202);
  std::string body;
  for (int i = 0; i < 50 && member(body, "verify.state") != "finished"; ++i)
    body = service.get(batch + "?wait=1").body;
  CHECK(has(member(body, "verify.wrong"), "reason"));
}

TEST_CASE("batch: revisions, 304, waiting for a change, and changes by PATCH") {
  const coupa site(site_options);
  const running_service service(site);
  const std::string id = service.submit(list_of(site));
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  const std::string batch = "/v1/batches/" + id;
  const std::string tag = service.get(batch).field("etag");
  CHECK(service.get(batch, {{"If-None-Match", tag}}).status == 304);
  CHECK(service.get(batch, {{"If-None-Match", "\"0\""}}).status == 200);
  CHECK(service.get(batch + "?wait=61").status == 400);
  talk waiting(service.where());
  waiting.send("GET " + batch + "?wait=30 HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: " + tag + "\r\n\r\n");
  const field_list json = {{"Content-Type", "application/merge-patch+json"}};
  field_list other = json;
  other.emplace_back("If-Match", "\"0\"");
  CHECK(service.ask("PATCH", batch, "{\"name\":\"x\"}", other).status == 412);
  CHECK(service.ask("PATCH", batch, "{\"state\":\"queued\"}", json).status == 422);
  field_list same = json;
  same.emplace_back("If-Match", tag);
  CHECK(member(service.ask("PATCH", batch, "{\"name\":\"x\"}", same).body, "name") == "x");
  const answer changed = waiting.next();
  CHECK(changed.status == 200);
  CHECK(member(changed.body, "name") == "x");
  CHECK(service.get(batch).field("etag") != tag);
}

TEST_CASE("submit: what cannot be used is told, and nothing of it stays") {
  const coupa site(site_options);
  const running_service service(site);
  const auto submit = [&](const char* type, const std::string& body, const std::string& query = {},
                          field_list fields = {}) {
    fields.emplace_back("Content-Type", type);
    return service.ask("POST", "/v1/batches" + query, body, fields);
  };
  CHECK(submit("text/csv", "a,b\n1,2\n").status == 422);
  CHECK(has(submit("text/csv", "a,b\n1,2\n").body, "its columns are 'a', 'b'"));
  CHECK(has(submit("text/csv", "a,b\n1,2\n").body, "po_column"));
  CHECK_FALSE(has(submit("text/csv", "a,b\n1,2\n").body, "--"));
  CHECK_FALSE(has(submit("text/csv", "a,b\n1,2\n").body, "incoming"));
  CHECK(submit("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK nonsense").status ==
        422);
  CHECK(submit("text/html", "x").status == 415);
  CHECK(submit("text/csv", "po_number\n1\n", "?workers=0").status == 400);
  CHECK(submit("text/csv", "po_number\n1\n", "?profile=none").status == 400);
  CHECK(submit("text/csv", "po_number\n1\n", "",
               {{"Content-Digest", "sha-256=:" + pofetch::core::base64_encode(std::string(32, 'x')) + ":"}})
            .status == 400);
  CHECK(submit("text/csv", "po_number\n1\n", "", {{"Idempotency-Key", "a b"}}).status == 400);
  CHECK(service.post("/v1/batches", "{\"list\":{\"purchase_orders\":[\"1\"]},\"profile\":\"none\"}").status ==
        422);
  CHECK(service.post("/v1/batches", "{\"list\":{\"purchase_orders\":[\"1\"]},\"base_url\":\"https://evil\"}")
            .status == 422);
  CHECK(service.post("/v1/batches?workers=2", "{\"list\":{\"purchase_orders\":[\"1\"]}}").status == 400);
  CHECK(std::filesystem::is_empty(service.home() / "data/incoming"));
  CHECK(std::filesystem::is_empty(service.home() / "data/batches"));
  CHECK(member(service.get("/v1/batches").body, "items") == "[]");
}

TEST_CASE("submit: orders and rows as JSON, and a key that makes it once") {
  const coupa site(site_options);
  const running_service service(site);
  const std::string body = "{\"list\":{\"purchase_orders\":[\"7000001\",7000002]},\"name\":\"n\"}";
  const field_list key = {{"Idempotency-Key", "k-1"}};
  const answer first = service.post("/v1/batches", body, key);
  REQUIRE(first.status == 201);
  CHECK(first.field("idempotency-replayed").empty());
  const answer again = service.post("/v1/batches", body, key);
  CHECK(again.status == 201);
  CHECK(again.field("idempotency-replayed") == "true");
  CHECK(again.field("location") == first.field("location"));
  const answer other = service.post("/v1/batches", "{\"list\":{\"purchase_orders\":[\"7000001\"]}}", key);
  CHECK(other.status == 422);
  CHECK(member(other.body, "type") == "urn:pofetch:problem:idempotency-key-reused");
  // What is refused is not remembered.
  CHECK(service.post("/v1/batches", "{}", {{"Idempotency-Key", "k-2"}}).status == 422);
  CHECK(service.post("/v1/batches", body, {{"Idempotency-Key", "k-2"}}).status == 201);
  const std::string id = member(first.body, "id");
  CHECK(member(service.wait_for_state(id, {"completed"}), "totals.by_status.COMPLETED") == "2");
  const answer rows =
      service.post("/v1/batches",
                   "{\"list\":{\"rows\":[{\"PO\":\"7000003\",\"Site\":\"S\\u00e3o\"},{\"PO\":7000004}]},"
                   "\"options\":{\"folder_columns\":[\"Site\"]}}");
  REQUIRE(rows.status == 201);
  static_cast<void>(service.wait_for_state(member(rows.body, "id"), {"completed"}));
  CHECK(has(service.get("/v1/batches/" + member(rows.body, "id") + "/files").body, "S\xc3\xa3o/7000003/"));
}

TEST_CASE("pause: drained, orders that are begun are finished; now, they are given up") {
  // One order after the other, of nine files, one a second.
  const coupa site({"--pos", "3", "--attachments", "9", "--size", "1k-2k"});
  const running_service service(site, {}, "requests-per-second = 1\n");
  const std::string list = list_of(site);
  const auto begin = [&] {
    const std::string id = service.submit(list, "?workers=1");
    const auto begun = std::chrono::steady_clock::now();
    std::string speed = "0";
    while (speed == "0" && std::chrono::steady_clock::now() - begun < std::chrono::seconds{20})
      speed = member(service.get("/v1/batches/" + id + "?wait=1").body, "progress.bytes_per_second");
    CHECK(speed != "0");
    return id;
  };
  const auto completed = [](const std::string& batch) { return member(batch, "totals.by_status.COMPLETED"); };
  const std::string drained = begin();
  CHECK(service.post("/v1/batches/" + drained + "/pause", "{\"mode\":\"drain\"}").status == 202);
  CHECK(completed(service.wait_for_state(drained, {"paused"})) != "0");
  const std::string cut = begin();
  CHECK(service.post("/v1/batches/" + cut + "/pause").status == 202);
  CHECK(service.post("/v1/batches/" + cut + "/pause", "{\"mode\":\"now\"}").status == 200);
  CHECK(completed(service.wait_for_state(cut, {"paused"})) == "0");
}

TEST_CASE("plan: what there is, without a file; what is wrong can be looked at again") {
  const coupa site({"--pos", "12", "--attachments", "2", "--size", "1k-2k", "--not-found", "30"});
  running_service service(site);
  const answer made =
      service.ask("POST", "/v1/batches?mode=plan", list_of(site), {{"Content-Type", "text/csv"}});
  REQUIRE(made.status == 201);
  CHECK(member(made.body, "mode") == "plan");
  const std::string id = member(made.body, "id");
  const std::string batch = "/v1/batches/" + id;
  const std::string done = service.wait_for_state(id, {"completed"});
  CHECK(member(done, "totals.attachments_downloaded") == "0");
  CHECK(member(done, "totals.attachments_found") != "0");
  CHECK(member(done, "progress.done") == "12");
  const std::string orders = service.get(batch + "/purchase-orders?status=PENDING&limit=500").body;
  CHECK(items_in(orders, "\"po_number\"") > 0);
  CHECK(has(orders, "\"attachments_found\":2"));
  CHECK(member(service.get(batch + "/files").body, "items") == "[]");
  const std::string missing = member(done, "totals.by_status.NOT_FOUND");
  const answer again = service.post(batch + "/retry");
  CHECK(again.status == 202);
  CHECK(member(again.body, "matched") == missing);
  const std::string looked = service.wait_for_state(id, {"completed"});
  CHECK(member(looked, "totals.by_status.NOT_FOUND") == missing);
  CHECK(member(looked, "totals.attachments_downloaded") == "0");
  // What the service has is an ordinary folder, from which everything can be fetched.
  CHECK(service.home().run(site.run_line("data/batches/" + id + "/out")).status == 1);
  const answer unusable =
      service.post("/v1/batches", "{\"list\":{\"purchase_orders\":[\"none\"]},\"mode\":\"plan\"}");
  REQUIRE(unusable.status == 201);
  static_cast<void>(service.wait_for_state(member(unusable.body, "id"), {"incomplete"}));
}

TEST_CASE("retry: the number that is shown is the number that is done") {
  const coupa site({"--pos", "20", "--attachments", "1", "--size", "1k-2k", "--not-found", "30"});
  const running_service service(site);
  const std::string id = service.submit(list_of(site));
  const std::string done = service.wait_for_state(id, {"incomplete"});
  const std::string missing = member(done, "totals.by_status.NOT_FOUND");
  const std::string retry = "/v1/batches/" + id + "/retry";
  const answer shown = service.post(retry, "{\"dry_run\":true}");
  CHECK(shown.status == 200);
  CHECK(member(shown.body, "matched") == missing);
  CHECK(member(service.post(retry, "{\"dry_run\":true,\"statuses\":[\"FAILED\"]}").body, "matched") == "0");
  CHECK(member(service.post(retry, "{\"dry_run\":true,\"error_codes\":[\"not_found\"]}").body, "matched") ==
        missing);
  CHECK(service.post(retry, "{\"statuses\":[\"COMPLETED\"]}").status == 422);
  CHECK(service.post(retry, "{\"status\":[\"FAILED\"]}").status == 422);
  CHECK(service.state_of(id) == "incomplete");
  // Some of them only.
  const std::string orders =
      service.get("/v1/batches/" + id + "/purchase-orders?status=NOT_FOUND&limit=1").body;
  const std::size_t at = orders.find("\"po_number\":\"") + 13;
  const std::string one = orders.substr(at, orders.find('"', at) - at);
  const answer some = service.post(retry, "{\"purchase_orders\":[\"" + one + "\",\"7000001\"]}");
  CHECK(some.status == 202);
  CHECK(member(some.body, "matched") == "1");
  const std::string after = service.wait_for_state(id, {"incomplete"});
  CHECK(member(after, "totals.by_status.NOT_FOUND") == missing);
  CHECK(member(after, "list.rows") == "20");
  // Its page, and the one with the prefix; the sign-in may cost one more. All of them would be 20 and more.
  CHECK(std::stoi(member(after, "totals.requests")) <= 5);
  const answer started = service.post(retry);
  CHECK(started.status == 202);
  CHECK(member(started.body, "matched") == missing);
  static_cast<void>(service.wait_for_state(id, {"incomplete"}));
}

TEST_CASE("session: a batch whose session has ended waits, and goes on by itself with fresh cookies") {
  const coupa site({"--pos", "12", "--attachments", "1", "--size", "1k-2k", "--slide-every", "0"});
  const running_service service(site);
  const std::string good = read_file(site.file("cookies.txt"));
  std::string bad = good;
  bad.replace(bad.rfind('\t') + 1, 4, "XXXX");
  write_file(site.file("cookies.txt"), bad);
  const std::string id = service.submit(list_of(site));
  const std::string blocked = service.wait_for_state(id, {"blocked"});
  CHECK(member(blocked, "reason.code") == "session_expired");
  CHECK_FALSE(member(blocked, "reason.next_step").empty());
  CHECK_FALSE(member(blocked, "sign_in").empty());
  CHECK(has(service.get("/v1/profiles").body, "\"sign_in\":\"needed\""));
  const auto put = [&](const char* profile, const std::string& text) {
    return service
        .ask("PUT", std::string("/v1/profiles/") + profile + "/session", text,
             {{"Content-Type", "text/plain"}})
        .status;
  };
  CHECK(put("none", good) == 404);
  CHECK(put("main", "no cookies") == 422);
  CHECK(put("main", good) == 204);
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  CHECK(has(service.get("/v1/profiles").body, "\"sign_in\":\"ok\""));
}

TEST_CASE("manifest: only hosts that the profile names, and the list goes when it is done") {
  const coupa site(site_options);
  const std::string archive =
      "[profile.archive]\nsource = \"manifest\"\nmanifest-hosts = [\"files.example.com\"]\n";
  const running_service service(site, {}, archive);
  const auto submit = [&](const std::string& list) {
    return service.ask("POST", "/v1/batches?profile=archive", list, {{"Content-Type", "text/csv"}});
  };
  const answer foreign = submit("po_number,url\n1,https://evil.example.com/a?sig=geheim\n");
  CHECK(foreign.status == 422);
  CHECK(has(foreign.body, "evil.example.com"));
  CHECK_FALSE(has(foreign.body, "geheim"));
  CHECK(submit("po_number,url\n1,https://127.0.0.1/a\n").status == 422);
  const answer named = submit("po_number,url\n1,https://files.example.com/a?sig=geheim\n");
  REQUIRE(named.status == 201);
  CHECK(service.post("/v1/batches/" + member(named.body, "id") + "/cancel").status == 202);
  static_cast<void>(service.wait_for_state(member(named.body, "id"), {"cancelled", "incomplete"}));
}

TEST_CASE("kill -9: what was answered is there, paused stays paused, what ran goes on") {
  const coupa site(slow_site);
  running_service service(site, {"--max-running", "2"});
  const std::string list = list_of(site);
  const std::string running = service.submit(list);
  const std::string paused = service.submit(list);
  const field_list key = {{"Idempotency-Key", "k"}};
  const std::string body = "{\"list\":{\"purchase_orders\":[\"7000001\"]}}";
  static_cast<void>(service.wait_for_state(paused, {"running"}));
  CHECK(service.post("/v1/batches/" + paused + "/pause").status == 202);
  const answer last = service.post("/v1/batches", body, key);
  REQUIRE(last.status == 201);
  service.kill();
  // What a request that was under way has left.
  std::filesystem::create_directories(service.home() / "data/incoming/half");
  std::filesystem::create_directories(service.home() / "data/batches/00000000000000000000000000");
  service.start();
  CHECK(has(service.running().err(), "belongs to no batch") == true);
  CHECK(std::filesystem::is_empty(service.home() / "data/incoming"));
  CHECK(service.state_of(paused) == "paused");
  CHECK(service.post("/v1/batches", body, key).field("location") == last.field("location"));
  const std::string done = service.wait_for_state(running, {"completed"});
  CHECK(member(done, "totals.by_status.COMPLETED") == "40");
  static_cast<void>(service.wait_for_state(member(last.body, "id"), {"completed"}));
  CHECK(service.post("/v1/batches/" + paused + "/resume").status == 202);
  static_cast<void>(service.wait_for_state(paused, {"completed"}));
  CHECK(service.home().run({"verify", "data/batches/" + running + "/out"}).status == 0);
  CHECK(service.stop() == 0);
}
