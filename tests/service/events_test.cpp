// The stream of what happens.
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::test;

namespace {

const words events_site = {"--pos", "12", "--attachments", "1", "--size", "1k-2k", "--latency", "60"};

std::string stream_of(const std::string& target, const std::string& more = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more + "\r\n";
}

/// The id of the last event in the text.
std::string last_id(const std::string& text) {
  const std::size_t at = text.rfind("\nid: ");
  return text.substr(at + 5, text.find('\n', at + 1) - at - 5);
}

}  // namespace

TEST_CASE("events: from the snapshot to the end, and 204 for who comes back") {
  const coupa site(events_site);
  const running_service service(site);
  const std::string id = service.submit(read_file(site.file("orders.csv")));
  const std::string target = "/v1/batches/" + id + "/events";
  talk line(service.where());
  line.send(stream_of(target));
  const std::string all = line.rest(std::chrono::seconds{60});
  CHECK(has(all, "Content-Type: text/event-stream"));
  CHECK(has(all, "X-Accel-Buffering: no"));
  CHECK(has(all, "retry: 3000\n\n"));
  CHECK(count(all, "event: snapshot\n") == 1);
  CHECK(count(all, "event: end\n") == 1);
  CHECK(count(all, "event: po\n") == 12);
  CHECK(has(all, "\"state\":\"completed\""));
  CHECK(line.is_closed());
  const std::string id_of_end = last_id(all);
  CHECK(service.get(target, {{"Last-Event-ID", id_of_end}}).status == 204);
  CHECK(service.get(target + "?after=" + id_of_end).status == 204);
  // A fresh one on an ended batch: snapshot, end, closed.
  const answer fresh = service.get(target);
  CHECK(count(fresh.body, "event: snapshot\n") == 1);
  CHECK(count(fresh.body, "event: end\n") == 1);
  // What was missed.
  const std::string instance = id_of_end.substr(0, id_of_end.find('-'));
  const answer missed = service.get(target, {{"Last-Event-ID", instance + "-3"}});
  CHECK_FALSE(has(missed.body, "event: snapshot"));
  CHECK(has(missed.body, "id: " + instance + "-4\n"));
  CHECK(count(missed.body, "event: end\n") == 1);
  // An id that is not ours.
  const answer other = service.get(target, {{"Last-Event-ID", "0123456789abcdef-3"}});
  CHECK(has(other.body, "event: reset\n"));
  CHECK(has(other.body, "event: snapshot\n"));
  const answer some = service.get(target + "?events=batch&after=" + instance + "-1");
  CHECK_FALSE(has(some.body, "event: po\n"));
  CHECK(has(some.body, "event: end\n"));
  CHECK(service.get(target + "?events=nonsense").status == 400);
  CHECK(service.get("/v1/batches/" + std::string(26, '0') + "/events").status == 404);
}

TEST_CASE("events: of all batches, each with its id; without chunks for HTTP/1.0") {
  const coupa site(events_site);
  running_service service(site);
  talk all(service.where());
  all.send(stream_of("/v1/events"));
  talk old(service.where());
  old.send("GET /v1/events HTTP/1.0\r\nHost: localhost\r\n\r\n");
  REQUIRE(all.wait_for("retry: 3000"));
  REQUIRE(old.wait_for("retry: 3000"));
  const std::string id = service.submit(read_file(site.file("orders.csv")));
  REQUIRE(all.wait_for("\"state\":\"completed\"", std::chrono::seconds{60}));
  CHECK(has(all.seen(), "data: {\"batch\":\"" + id + "\""));
  CHECK(has(all.seen(), "event: progress\n"));
  CHECK_FALSE(has(all.seen(), "event: po\n"));
  REQUIRE(old.wait_for("\"state\":\"completed\""));
  CHECK_FALSE(has(old.seen(), "Transfer-Encoding"));
  CHECK(has(old.seen(), "\r\n\r\nretry: 3000\n\n"));
  CHECK(service.stop() == 0);
}

TEST_CASE("events: after a restart an old id is answered by a reset") {
  const coupa site(events_site);
  running_service service(site);
  const std::string id = service.submit(read_file(site.file("orders.csv")));
  talk line(service.where());
  line.send(stream_of("/v1/batches/" + id + "/events"));
  REQUIRE(line.wait_for("event: po\n"));
  const std::string seen = last_id(line.seen());
  service.kill();
  service.start();
  const answer again = service.get("/v1/batches/" + id + "/events", {{"Last-Event-ID", seen}});
  CHECK(has(again.body, "event: reset\n"));
  CHECK(has(again.body, "event: end\n"));
}
