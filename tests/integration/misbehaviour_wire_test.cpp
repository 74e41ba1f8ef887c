// The whole engine against an origin that breaks the rules of TCP, TLS and HTTP's framing. Long because it is
// mostly tables, which are read best side by side.
#include "integration/misbehaviour_fixture.hpp"

using namespace pofetch;
using namespace pofetch::testing;
using namespace std::chrono_literals;

namespace {

const std::string ten = "0123456789";

enum class end { clean, cut, reset };

/// A head that announces ten bytes, some of them, and the end.
misbehaviour_script part_of_ten(std::size_t bytes, end how,
                                std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 10") {
  return [=, head = std::move(head)](const visit& v) {
    v.peer.send(head + "\r\n\r\n" + ten.substr(0, bytes));
    if (how == end::clean) v.peer.close();
    if (how == end::cut) v.peer.cut();
    if (how != end::reset) return;
    // A reset overtakes bytes that are still under way.
    v.peer.stall(50ms);
    v.peer.reset();
  };
}

misbehaviour_script chunked(std::string bytes) {
  return raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::move(bytes));
}

misbehaviour_script after_fields(const std::string& fields, const std::string& body = "hello") {
  return raw("HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body);
}

misbehaviour with_size(misbehaviour row, std::string size) {
  row.size = std::move(size);
  return row;
}

/// Sends until the client has had enough.
misbehaviour_script endless(std::string first, std::string again) {
  return [first = std::move(first), again = std::move(again)](const visit& v) {
    v.peer.send(first);
    while (v.peer.send(again)) {
    }
  };
}

}  // namespace

TEST_CASE("misbehaviour: a body that is cut anywhere is no file, and is fetched again from nothing") {
  std::vector<misbehaviour> rows;
  for (const std::size_t at : {0U, 1U, 5U, 9U}) {
    const std::string word = std::to_string(at);
    rows.push_back(
        given_up("clean-" + word, part_of_ten(at, end::clean), "truncated", word + " of 10 bytes"));
    rows.push_back(given_up("cut-" + word, part_of_ten(at, end::cut), "truncated", word + " of 10 bytes"));
    rows.push_back(
        given_up("reset-" + word, part_of_ten(at, end::reset), "connection", word + " of 10 bytes"));
    rows.push_back(healed(part_of_ten(at, end::clean), "healed-clean-" + word, ten));
    rows.push_back(healed(part_of_ten(at, end::cut), "healed-cut-" + word, ten));
    rows.push_back(healed(part_of_ten(at, end::reset), "healed-reset-" + word, ten));
  }
  const std::string open = "HTTP/1.1 200 OK";
  rows.push_back(fine("until-close", part_of_ten(10, end::clean, open), ten));
  rows.push_back(fine("until-close-1.0", part_of_ten(10, end::clean, "HTTP/1.0 200 OK"), ten));
  rows.push_back(given_up("until-cut", part_of_ten(10, end::cut, open), "truncated", "10 bytes had come"));
  rows.push_back(given_up("until-reset", part_of_ten(4, end::reset, open), "connection", "4 bytes had come"));
  rows.push_back(given_up("nothing-until-close", part_of_ten(0, end::clean, open), "truncated",
                          "no length was announced"));
  rows.push_back(fine("whole-then-cut", part_of_ten(10, end::cut), ten));
  misbehaviour_run(std::move(rows)).run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: a connection that dies before or within the head") {
  const auto ended = [](std::string bytes, end how) {
    return [bytes = std::move(bytes), how](const visit& v) {
      v.peer.send(bytes);
      if (how == end::clean) v.peer.close();
      if (how == end::cut) v.peer.cut();
      if (how == end::reset) v.peer.reset();
    };
  };
  const std::string half = "HTTP/1.1 200 OK\r\nContent-Le";
  misbehaviour_run run({
      given_up("close-at-once", ended("", end::clean), "connection", "instead of answering"),
      given_up("cut-at-once", ended("", end::cut), "connection", "localhost"),
      given_up("reset-at-once", ended("", end::reset), "connection", "localhost"),
      given_up("close-in-head", ended(half, end::clean), "connection", "within the header"),
      given_up("cut-in-head", ended(half, end::cut), "connection", "localhost"),
      given_up("reset-in-head", ended(half, end::reset), "connection", "localhost"),
      healed(ended("", end::reset), "healed-reset"),
      healed(ended(half, end::cut), "healed-head"),
  });
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: silence ends with the limit on silence, slowness does not") {
  const auto silent_after = [](std::string bytes) {
    return [bytes = std::move(bytes)](const visit& v) {
      v.peer.send(bytes);
      v.peer.stall();
    };
  };
  const std::string limit = "silent for 0.8 s (idle_timeout)";
  misbehaviour_run run({
      given_up("at-once", silent_after(""), "timeout", limit),
      given_up("in-head", silent_after("HTTP/1.1 200 OK\r\nX-"), "timeout", limit),
      given_up("in-body", silent_after("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123"), "timeout",
               "4 of 10 bytes"),
      fine("last-chunk-alone",
           silent_after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")),
      given_up("length-too-long", silent_after("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + ten),
               "timeout", "10 of 11 bytes"),
      given_up("chunk-too-short",
               silent_after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n" + ten), "timeout",
               limit),
      healed(silent_after(""), "healed"),
      fine(
          "drip",
          [](const visit& v) { v.peer.drip("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" + ten, 30ms); },
          ten),
  });
  run.options.pool.idle_timeout = 800ms;
  run.options.pool.workers = 8;
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: a body that never gets done ends with the limit on the whole request") {
  misbehaviour_run run({given_up(
      "drip",
      [](const visit& v) {
        v.peer.send_head(200, {{"Content-Length", "100000"}});
        v.peer.drip(std::string(100'000, 'x'), 10ms);
      },
      "timeout", "longer than 1 s (request_timeout)")});
  run.options.pool.request_timeout = 1s;
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: a kept connection that dies beneath a request is replaced, and nobody notices") {
  for (const end how : {end::clean, end::cut, end::reset}) {
    // The second request on a connection meets its end; on a new one it is answered.
    misbehaviour row = fine(
        "dead",
        [how](const visit& v) {
          if (v.request.number == 1)
            v.peer.reply(200, "hello");
          else if (how == end::clean)
            v.peer.close();
          else if (how == end::cut)
            v.peer.cut();
          else
            v.peer.reset();
        },
        "hello", 2);
    row.keep = true;
    misbehaviour_run run({row});
    run.options.pool.max_concurrent = 1;
    run.options.pool.io_threads = 1;
    run.run_and_check(exit_state::ok);
    CHECK(run.events.retries().empty());
    CHECK(run.server.counts().connections == 2);
  }
}

TEST_CASE("misbehaviour: what stands behind an answer is never taken for the next one") {
  const std::string evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nEVIL";
  std::vector<misbehaviour> rows{
      fine("answer", raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" + evil)),
      fine("chunked", chunked("5\r\nhello\r\n0\r\n\r\n" + evil)),
      fine("length-too-short", after_fields("Content-Length: 5\r\n", "hello, world")),
      with_size(given_up("length-too-short-listed", after_fields("Content-Length: 5\r\n", "hello, world"),
                         "digest_mismatch", "the source announced 12"),
                "12"),
  };
  for (auto& row : rows) row.keep = true;
  misbehaviour_run run(std::move(rows));
  run.options.pool.workers = 1;
  run.options.pool.max_concurrent = 1;
  run.options.pool.max_connections = 1;
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: framing that contradicts itself is refused, what is allowed is understood") {
  const std::string cl = "Content-Length: ";
  const std::string te = "Transfer-Encoding: chunked\r\n";
  misbehaviour_run run({
      refused("two-lengths", after_fields(cl + "5\r\n" + cl + "6\r\n"), "protocol",
              "not a proper HTTP/1.1 answer"),
      refused("length-and-chunked", after_fields(cl + "5\r\n" + te), "protocol",
              "not a proper HTTP/1.1 answer"),
      refused("chunked-and-length", after_fields(te + cl + "5\r\n"), "protocol",
              "not a proper HTTP/1.1 answer"),
      refused("length-negative", after_fields(cl + "-5\r\n"), "protocol", "not a proper"),
      refused("length-hex", after_fields(cl + "0x5\r\n"), "protocol", "not a proper"),
      refused("length-huge", after_fields(cl + "99999999999999999999999\r\n"), "protocol", "not a proper"),
      refused("length-list", after_fields(cl + "5, 6\r\n"), "protocol", "not a proper"),
      refused("coding-unknown", after_fields("Transfer-Encoding: gzip, chunked\r\n"), "protocol",
              "other than chunked"),
      refused("length-folded", after_fields("Content-Length:\r\n 5\r\n"), "protocol", "folded line"),
      refused("chunked-not-last", after_fields("Transfer-Encoding: chunked, identity\r\n"), "protocol",
              "chunked is not the last"),
      refused("chunk-size-text", chunked("zz\r\nhello\r\n"), "protocol", "chunk"),
      refused("chunk-size-negative", chunked("-5\r\nhello\r\n0\r\n\r\n"), "protocol", "chunk"),
      refused("chunk-size-huge", chunked("fffffffffffffffff\r\nhello"), "protocol", "chunk"),
      refused("chunk-longer", chunked("3\r\nhello\r\n0\r\n\r\n"), "protocol", "chunk"),
      given_up("chunk-missing", chunked("5\r\nhello\r\n"), "truncated", "before its last chunk"),
      given_up("chunk-half", chunked("5\r\nhel"), "truncated", "cut short after 3 bytes"),
      fine("chunk-no-end", chunked("5\r\nhello\r\n0\r\n")),
      fine("chunk-no-end-cut",
           [te](const visit& v) {
             v.peer.send("HTTP/1.1 200 OK\r\n" + te + "\r\n5\r\nhello\r\n0\r\n");
             v.peer.cut();
           }),
      refused("chunk-extension-endless",
              endless("HTTP/1.1 200 OK\r\n" + te + "\r\n5;a=", std::string(10'000, 'a')), "protocol",
              "65536 bytes of chunk header"),
      refused("trailers-endless",
              endless("HTTP/1.1 200 OK\r\n" + te + "\r\n0\r\n", "X: " + std::string(5'000, 'a') + "\r\n"),
              "protocol", "65536 bytes"),
      fine("chunk-extensions", chunked("2;a=b;c=\"d\"\r\nhe\r\n3\r\nllo\r\n0;z\r\n\r\n")),
      fine("chunk-upper", chunked("0000A\r\n" + ten + "\r\n0\r\n\r\n"), ten),
      fine("trailers", chunked("5\r\nhello\r\n0\r\nX-Sum: 3\r\nSet-Cookie: a=b\r\n\r\n")),
      refused("length-in-trailer", chunked("5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n"), "protocol",
              "Content-Length"),
      fine("empty-announced", after_fields(cl + "0\r\n", ""), ""),
      fine("empty-chunked", chunked("0\r\n\r\n"), ""),
  });
  run.run_and_check(exit_state::incomplete);
}

// The rows of tests/unit/http/message_line_test.cpp that servers are known for, on the whole way.
TEST_CASE("misbehaviour: heads and chunks that break the rules are read where there is one way to") {
  const std::string cl = "Content-Length: 5\r\n";
  const std::string te = "Transfer-Encoding: chunked\r\n";
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  std::vector<misbehaviour> rows{
      fine("folded-field", after_fields("X-Device: a;\r\n  b\r\n" + cl)),
      fine("no-colon", after_fields("Strict-Transport-Security: max-age=1;\r\npreload\r\n" + cl)),
      fine("name-with-blank", after_fields("X Y: 1\r\nX-Z : 2\r\n" + cl)),
      fine("line-feeds", raw("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")),
      fine("no-reason", raw("HTTP/1.1 200\r\n" + cl + "\r\nhello")),
      fine("empty-lines-first", raw("\r\n\r\n" + ok + cl + "\r\nhello")),
      fine("two-blanks", raw("HTTP/1.1  200  OK\r\n" + cl + "\r\nhello")),
      fine("newer", raw("HTTP/1.2 200 OK\r\n" + cl + "\r\nhello")),
      fine("chunked-twice", raw(ok + te + te + "\r\n5\r\nhello\r\n0\r\n\r\n")),
      fine("chunked-1.0", raw("HTTP/1.0 200 OK\r\n" + te + "\r\n5\r\nhello\r\n0\r\n\r\n")),
      fine("chunk-padded", chunked("5  \r\nhello\r\n0  \r\n\r\n")),
      fine("identity", after_fields("Transfer-Encoding: identity\r\n" + cl)),
  };
  misbehaviour folded_name = fine(
      "folded-name", after_fields("Content-Disposition: attachment;\r\n filename=\"folded.bin\"\r\n" + cl));
  folded_name.name = "folded.bin";
  rows.push_back(folded_name);
  misbehaviour_run run(std::move(rows));
  run.run_and_check(exit_state::ok);
}

TEST_CASE("misbehaviour: heads and bodies without end cost no memory and no second try") {
  misbehaviour_run run({
      refused("header-64k", after_fields("X: " + std::string(65'600, 'x') + "\r\nContent-Length: 5\r\n"),
              "protocol", "more than 65536 bytes of headers"),
      fine("header-60k", after_fields("X: " + std::string(60'000, 'x') + "\r\nContent-Length: 5\r\n")),
      refused("header-endless", endless("HTTP/1.1 200 OK\r\n", "X: " + std::string(100, 'x') + "\r\n"),
              "protocol", "more than 65536 bytes of headers"),
      refused("line-endless", endless("HTTP/1.1 200 ", std::string(1'000, 'x')), "protocol",
              "65536 bytes of headers"),
      refused("body-endless", endless("HTTP/1.1 200 OK\r\n\r\n", std::string(10'000, 'x')), "too_large",
              "100000 bytes"),
      refused("chunks-endless",
              endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                      "3e8\r\n" + std::string(1'000, 'x') + "\r\n"),
              "too_large", "100000 bytes"),
      refused("announced", after_fields("Content-Length: 100001\r\n", ""), "too_large", "100001"),
      fine("just-so", reply(200, std::string(100'000, 'x')), std::string(100'000, 'x')),
  });
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: interim answers are passed over, upgrades are refused") {
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  const std::string hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  std::string many;
  for (int i = 0; i < 20; ++i) many += hints;
  misbehaviour_run run({
      fine("100", raw("HTTP/1.1 100 Continue\r\n\r\n" + ok)),
      fine("103", raw(hints + ok)),
      fine("several",
           raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + hints + hints + ok)),
      fine("length-in-interim", raw("HTTP/1.1 103 Early Hints\r\nContent-Length: 3\r\n\r\n" + ok)),
      refused("without-end", raw(many + ok), "protocol", "interim answers without end"),
      refused("101", raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n" + ok), "protocol", "101"),
  });
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: what is not HTTP/1 is refused at once") {
  const std::string settings("\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64", 15);
  const std::string words = "not a proper HTTP/1.1 answer";
  misbehaviour_run run({
      refused("http-0.9", raw("<html>hello</html>\r\n"), "protocol", words),
      refused("garbage", raw(std::string("\x01\xFF\x80\x7F\r\n\r\n", 8)), "protocol", words),
      refused("zeros", raw(std::string(100, '\0')), "protocol", words),
      refused("http-2-preface", raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "protocol", words),
      refused("http-2-settings", raw(settings + settings), "protocol", words),
      refused("http-2-answer", raw("HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "protocol", words),
      refused("smtp", raw("220 mail.example.com ESMTP\r\n\r\n"), "protocol", words),
      refused("status-text", raw("HTTP/1.1 abc OK\r\n\r\n"), "protocol", words),
      refused("status-long", raw("HTTP/1.1 2000 OK\r\n\r\n"), "protocol", words),
      refused("status-999", reply(999, "hello"), "protocol", "999"),
      refused("no-colon", raw("HTTP/1.1 200 OK\r\nContent-Length 5\r\n\r\nhello"), "protocol", words),
      refused("space-before-colon", raw("HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello"), "protocol",
              words),
      fine("http-1.0", raw("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")),
      fine("no-reason", raw("HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello")),
  });
  run.run_and_check(exit_state::incomplete);
}

TEST_CASE("misbehaviour: servers that must not be trusted are asked once and told nothing") {
  struct untrusted {
    std::string slug;
    origin_options how;
    std::string words;
    bool known = true;
  };
  std::vector<untrusted> kinds{{"wrong-host", {}, "for another name"},
                               {"expired", {}, "has expired"},
                               {"self-signed", {}, "cacert"},
                               {"tls-1.1", {}, "TLS"},
                               {"unknown-authority", {}, "cacert", false}};
  kinds[0].how.certificate = origin_certificate::wrong_host;
  kinds[1].how.certificate = origin_certificate::expired;
  kinds[2].how.certificate = origin_certificate::self_signed;
  kinds[3].how.tls_1_1_at_most = true;
  std::vector<std::unique_ptr<origin>> servers;
  std::vector<misbehaviour> rows;
  for (const auto& kind : kinds) {
    servers.push_back(std::make_unique<origin>(
        [](const origin_request&, origin_peer& peer) { peer.reply(200, "hello"); }, kind.how));
    misbehaviour row = refused(kind.slug, reply(200, "hello"), "tls", kind.words);
    row.url = servers.back()->base_url() + "/x?token=SECRET";
    rows.push_back(row);
  }
  misbehaviour_run run(std::move(rows));
  std::string trusted = run.server.ca_pem();
  for (std::size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i].known) trusted += servers[i]->ca_pem();
  test::write_file(run.dir / "trust.pem", trusted);
  run.options.pool.ca_file = (run.dir / "trust.pem").string();
  run.run_and_check(exit_state::incomplete);
  for (const auto& each : servers) {
    CHECK(each->counts().connections == 1);
    CHECK(each->counts().requests == 0);
  }
}
