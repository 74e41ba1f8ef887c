// Behind nginx and haproxy as they are when nobody has changed their settings.
#include "service/bad_messages.hpp"
#include "service/neighbours.hpp"
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch::test;

namespace {

const words behind_site = {"--pos", "6", "--attachments", "1", "--size", "1k-2k", "--latency", "40"};
const char* const proxy_kinds[] = {"nginx", "haproxy"};

bool lacks(const char* kind) {
  if (!path_of(kind).empty()) return false;
  MESSAGE("SKIPPED: " << kind << " is not installed");
  return true;
}

std::string place_of(const running_service& service) {
  return service.where().substr(std::string_view("http://").size());
}

}  // namespace

TEST_CASE("proxy: submit, follow and fetch through it; events come as they happen") {
  const coupa site(behind_site);
  for (const char* kind : proxy_kinds) {
    CAPTURE(kind);
    if (lacks(kind)) continue;
    const running_service service(site);
    const proxy_in_front proxy(kind, place_of(service));
    // Nothing ends this stream, so a proxy that collects would keep all of it.
    talk all(proxy.where());
    all.send("GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    REQUIRE(all.wait_for("retry: 3000"));
    const ended submitted = curl({"--header", "Content-Type: text/csv", "--data-binary",
                                  "@" + site.file("orders.csv"), proxy.where() + "/v1/batches"});
    const std::string id = member(submitted.out, "id");
    REQUIRE_MESSAGE(!id.empty(), submitted.out);
    CHECK(all.wait_for(id));
    const std::string batch = proxy.where() + "/v1/batches/" + id;
    const ended stream = curl({"--no-buffer", batch + "/events"});
    CHECK(stream.status == 0);
    CHECK(count(stream.out, "event: end\n") == 1);
    CHECK(all.wait_for("\"state\":\"completed\""));
    CHECK(member(curl({batch}).out, "state") == "completed");
    CHECK(curl({batch + "/report?format=csv"}).out ==
          service.get("/v1/batches/" + id + "/report?format=csv").body);
    const ended head = curl({"--head", batch});
    CHECK_MESSAGE(has(head.out, " 200 "), head.out);
  }
}

TEST_CASE("proxy: what may be read in two ways is refused, or mended so that both read the same") {
  const coupa site(behind_site);
  for (const char* kind : proxy_kinds) {
    CAPTURE(kind);
    if (lacks(kind)) continue;
    const running_service service(site);
    const proxy_in_front proxy(kind, place_of(service));
    const std::string second =
        "GET /v1/batches/smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    for (const bad_message& each : bad_messages(second)) {
      CAPTURE(each.name);
      talk line(proxy.where());
      line.send(each.bytes);
      const std::string all = line.rest();
      CHECK(line.is_closed());
      // Proxies make one field of two, one line of a folded one, and CR LF of LF; it is a good request then.
      const bool get = each.bytes.starts_with("GET /healthz");
      const bool refused = all.starts_with("HTTP/1.1 4") || all.starts_with("HTTP/1.1 5");
      CHECK_MESSAGE((refused || (get && all.starts_with("HTTP/1.1 200"))), all);
      // Where a proxy has understood what is behind it as a request, that has an answer of its own.
      CHECK_MESSAGE(count(all, "HTTP/1.1 ") <= 2, all);
      // Who comes next, on whatever connection to the service, gets theirs.
      for (int i = 0; i < 2; ++i) {
        const ended next = curl({proxy.where() + "/v1/version"});
        CHECK_MESSAGE(has(next.out, "\"version\""), next.out);
      }
    }
    CHECK(service.get("/v1/batches").body == "{\"items\":[],\"next_cursor\":null}");
  }
}
