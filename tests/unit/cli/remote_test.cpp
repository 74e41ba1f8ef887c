// Streams of events, and addresses of services.
#include "cli/remote/event_reader.hpp"
#include "cli/remote/service_address.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace pofetch;
using namespace pofetch::cli;

namespace {

std::string events_in(event_reader& reader, std::string_view text, std::size_t piece) {
  std::string all;
  const auto take = [&all](const server_event& one) { all += one.name + "=" + one.data + ";"; };
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (!reader.feed(text.substr(at, piece), take)) return "refused";
  return all;
}

}  // namespace

TEST_CASE("events: the same in whatever pieces they come, with every kind of line end") {
  struct row {
    std::string_view text;
    std::string_view events;
  };
  const std::vector<row> rows = {
      {"event: a\ndata: 1\n\n", "a=1;"},
      {"event:a\r\ndata:1\r\n\r\nevent: b\r\ndata: 2\r\n\r\n", "a=1;b=2;"},
      {"event: a\rdata: 1\r\rdata: x\n\n", "a=1;message=x;"},
      {"data: 1\ndata\ndata: 3\n\n", "message=1\n\n3;"},
      {": hb\n\n\nevent: a\n\ndata:  two\n\n", "message= two;"},
      {"nonsense\nfoo: bar\nretry: soon\ndata: 1\n\n", "message=1;"},
      {"event: a\ndata: not yet", ""},
  };
  for (const row& each : rows)
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{5}, each.text.size()}) {
      CAPTURE(std::string(each.text));
      CAPTURE(piece);
      event_reader reader;
      CHECK(events_in(reader, each.text, piece) == each.events);
    }
}

TEST_CASE("events: the id counts once its event is whole; what came half is forgotten, the id is not") {
  event_reader reader;
  CHECK(events_in(reader, "retry: 100\n\nid: 1\ndata: a\n\nid: 2\ndata: b", 100) == "message=a;");
  CHECK(reader.last_id() == "1");
  CHECK(reader.retry() == std::chrono::milliseconds{100});
  reader.begin_again();
  CHECK(events_in(reader, "data: c\n\n", 100) == "message=c;");
  CHECK(reader.last_id() == "1");
  CHECK(events_in(reader, "id: 3\n\n", 100).empty());
  CHECK(reader.last_id() == "3");
}

TEST_CASE("events: none is taken without bound") {
  event_reader reader;
  CHECK(events_in(reader, std::string((4U << 20) + 1, 'x'), 1U << 16) == "refused");
}

TEST_CASE("addresses: of services and batches") {
  const std::string id = "0123456789abcdefghjkmnpqrs";
  struct row {
    std::string text;
    std::string shown;
    std::string base;
    std::string socket;
  };
  const std::vector<row> rows = {
      {"https://Example.com", "https://example.com", "https://example.com", ""},
      {"https://example.com/pofetch/", "https://example.com/pofetch", "https://example.com/pofetch", ""},
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1:8080", ""},
      {"http://[::1]:8080", "http://[::1]:8080", "http://[::1]:8080", ""},
      {"unix:/run/a b.sock", "unix:/run/a b.sock", "http://localhost", "/run/a b.sock"},
  };
  for (const row& each : rows) {
    CAPTURE(each.text);
    const auto read = read_service_address(each.text);
    REQUIRE(read.has_value());
    CHECK(read->shown == each.shown);
    CHECK(read->base == each.base);
    CHECK(read->unix_path == each.socket);
    for (const char* route : {"/", "/v1/batches/"}) {
      std::string whole = each.text;
      while (whole.ends_with('/')) whole.pop_back();
      const auto batch = read_batch_address(whole + route + id);
      REQUIRE(batch.has_value());
      CHECK(batch->id == id);
      CHECK(batch->service.shown == each.shown);
    }
  }
  for (const char* bad : {"", "/", "https://example.com", "https://example.com/short", "unix:"})
    CHECK_FALSE(read_batch_address(bad).has_value());
  const auto local = read_service_address("unix:/run/a b.sock");
  REQUIRE(local.has_value());
  CHECK(local->curl("/version", "-X POST") ==
        "curl -X POST --unix-socket '/run/a b.sock' http://localhost/v1/version");
}
