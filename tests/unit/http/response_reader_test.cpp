#include "http/response_reader.hpp"

#include "collector.hpp"
#include "read_answer.hpp"
#include "support/results.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {
namespace {

using test::collector;
using test::read;

constexpr std::size_t header_limit = test::answer_header_limit;

TEST_CASE("response reader: whole answers, in pieces of any size") {
  struct row {
    std::string_view what;
    std::string_view bytes;
    bool closes;
    int status;
    std::string_view body;
    bool keep_alive;
  };
  const std::vector<row> rows{
      {"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, 200, "hello", true},
      {"length 0", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, 200, "", true},
      {"length twice, equal", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello", false, 200, "hello",
       true},
      {"chunked",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
       false, 200, "abc0123456789", true},
      {"chunked with trailer",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nContent-Type: x\r\n\r\n", false,
       200, "a", true},
      {"until close", "HTTP/1.1 200 OK\r\n\r\nall there is", true, 200, "all there is", false},
      {"until close, empty", "HTTP/1.1 200 OK\r\n\r\n", true, 200, "", false},
      {"close announced", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx", false, 200,
       "x", false},
      {"1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", false, 200, "x", false},
      {"1.0 kept alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", false,
       200, "x", true},
      {"204", "HTTP/1.1 204 No Content\r\n\r\n", false, 204, "", true},
      {"204 that lies", "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", false, 204, "", true},
      {"304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", false, 304, "", true},
      {"interim",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 "
       "OK\r\nContent-Length: "
       "1\r\n\r\nx",
       false, 200, "x", true},
      {"no reason phrase", "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx", false, 200, "x", true},
  };
  for (const row& r : rows)
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4096}}) {
      CAPTURE(r.what);
      CAPTURE(piece);
      const auto seen = read(r.bytes, piece, r.closes);
      CHECK(seen.error.empty());
      CHECK(seen.done);
      CHECK(seen.status == r.status);
      CHECK(seen.body == r.body);
      CHECK(seen.keep_alive == r.keep_alive);
      CHECK(seen.left.empty());
    }
}

TEST_CASE("response reader: answers that end too early") {
  struct row {
    std::string_view bytes;
    std::string_view word;
  };
  const std::vector<row> rows{
      {"HTTP/1.1 200 OK\r\nContent-", "connection"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "truncated"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", "truncated"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "truncated"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "truncated"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "truncated"},
  };
  for (const row& r : rows) {
    CAPTURE(r.bytes);
    const auto seen = read(r.bytes, 4096, true);
    CHECK(seen.error == r.word);
    CHECK_FALSE(seen.done);
  }
}

TEST_CASE("response reader: what is not HTTP, or breaks its rules") {
  const std::string long_field = "HTTP/1.1 200 OK\r\nX: " + std::string(header_limit, 'x') + "\r\n\r\n";
  std::string many_fields = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 200; ++i) many_fields += "A: bcdef\r\n";
  std::string interim;
  for (int i = 0; i < 30; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  const std::vector<std::string> rows{
      "SSH-2.0-OpenSSH_9.2\r\n\r\n",
      "HTTP/2 200\r\n\r\n",
      "HTTP/1.1 20 OK\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "HTTP/1.1 099 Continue\r\n\r\n",
      "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;" + std::string(header_limit + 10, 'x'),
      long_field,
      many_fields,
      interim,
  };
  for (const std::string& bytes : rows)
    for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
      CAPTURE(bytes.substr(0, 100));
      CAPTURE(piece);
      CHECK(read(bytes, piece, false).error == "protocol");
    }
}

TEST_CASE("response reader: a head as long as the limit is read, one byte more is not") {
  const std::string front = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
  const std::string exact = front + std::string(header_limit - front.size() - 4, 'x') + "\r\n\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}}) {
    CAPTURE(piece);
    CHECK(read(exact, piece, false).error.empty());
    CHECK(read(front + "x" + exact.substr(front.size()), piece, false).error == "protocol");
  }
}

TEST_CASE("response reader: chunk headers and trailers as long as the limit are read, a byte more is not") {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto filled = [](std::string front, std::size_t size, const std::string& back) {
    front.append(size - front.size() - back.size(), 'x');
    return front + back;
  };
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, header_limit, std::size_t{100'000}}) {
    CAPTURE(piece);
    for (const std::size_t more : {0U, 1U}) {
      CAPTURE(more);
      const std::string expected = more == 0 ? "" : "protocol";
      const std::string first = filled("3;", header_limit + more, "\r\n");
      CHECK(read(head + first + "abc\r\n0\r\n\r\n", piece, false).error == expected);
      const std::string second = filled("\r\n3;", header_limit + more, "\r\n");
      CHECK(read(head + "2\r\nab" + second + "cde\r\n0\r\n\r\n", piece, false).error == expected);
      const std::string last = filled("\r\n0\r\nX: ", header_limit + more, "\r\n\r\n");
      const auto done = read(head + "2\r\nab" + last, piece, false);
      CHECK(done.error == expected);
      CHECK(done.done == (more == 0));
    }
  }
}

TEST_CASE("response reader: no body follows the answer to HEAD") {
  const auto seen = read("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", 4096, false, true);
  CHECK(seen.done);
  CHECK(seen.keep_alive);
}

TEST_CASE("response reader: bytes behind the message are left alone") {
  for (const std::string_view message :
       {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}) {
    CAPTURE(message);
    const auto seen = read(std::string(message) + "RUBBISH", 4096, false);
    CHECK(seen.done);
    CHECK(seen.left == "RUBBISH");
  }
}

TEST_CASE("response reader: fields come in order as they were sent; trailers do not count") {
  const auto seen = read(
      "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nX-Empty:\r\nset-cookie:  c=d \t\r\nTransfer-Encoding: "
      "chunked\r\n\r\n"
      "0\r\nETag: late\r\n\r\n",
      4096, false);
  REQUIRE(seen.fields.size() == 4);
  CHECK(seen.fields[0].name == "Set-Cookie");
  CHECK(seen.fields[1].value.empty());
  CHECK(seen.fields[2].name == "set-cookie");
  CHECK(seen.fields[2].value == "c=d");
}

TEST_CASE("response reader: the consumer's failure ends it and comes through as it is") {
  response_reader reader(header_limit);
  reader.start(false);
  const std::string_view bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  const auto head = test::must(reader.feed(bytes));
  CHECK(reader.has_head());
  CHECK(bytes.substr(head) == "hello");
  collector full(2);
  reader.set_body_consumer(&full);
  const auto body = reader.feed(bytes.substr(head));
  REQUIRE_FALSE(body);
  CHECK(body.error().message == "collector is full");
}

TEST_CASE("response reader: one object reads many answers, also after a broken one") {
  response_reader reader(header_limit);
  for (int round = 0; round < 3; ++round) {
    reader.start(false);
    CHECK_FALSE(reader.feed(std::string_view("rubbish\r\n\r\n")));
    reader.start(false);
    const std::string_view bytes = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const auto head = test::must(reader.feed(bytes));
    CHECK(reader.content_length() == 2U);
    collector body;
    reader.set_body_consumer(&body);
    CHECK(test::must(reader.feed(bytes.substr(head))) == 2);
    CHECK(body.text == "ok");
    CHECK(reader.body_bytes() == 2);
    CHECK(reader.done());
  }
}

}  // namespace
}  // namespace pofetch::http
