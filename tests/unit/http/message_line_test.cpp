// Which broken messages are read all the same, and which are refused: every row of the table in
// src/http/README.md.
#include "read_answer.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::http {
namespace {

using namespace std::string_literals;
using test::answer_read;
using test::read;

constexpr std::size_t piece_sizes[] = {1, 2, 7, 4096};

struct readable {
  std::string slug;
  std::string bytes;
  std::string fields = {};  ///< `name=value|...`, as they come out; empty: not looked at
  std::string body = "hello";
  bool keep_alive = true;
  bool closes = false;
};

struct unreadable {
  std::string slug;
  std::string bytes;
};

/// A whole answer: a status line, these lines, an empty line, five bytes.
std::string with_lines(const std::string& lines) {
  return "HTTP/1.1 200 OK\r\n" + lines + "Content-Length: 5\r\n\r\nhello";
}

std::string with_status(const std::string& line) { return line + "\r\nContent-Length: 5\r\n\r\nhello"; }

std::string in_chunks(const std::string& body, const std::string& fields = "Transfer-Encoding: chunked\r\n") {
  return "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body;
}

const std::string two_chunks = "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";

std::vector<readable> readable_rows() {
  return {
      {"folded-line", with_lines("X: 1;\r\n  2\r\n"), "X=1; 2|Content-Length=5"},
      {"folded-line", with_lines("X: 1;\r\n\t2 \r\n   3\r\n"), "X=1; 2 3|Content-Length=5"},
      {"folded-line", with_lines("X:\r\n a\r\n"), "X=a|Content-Length=5"},
      {"folded-line", with_lines("X: a\r\n \r\n"), "X=a|Content-Length=5"},
      {"folded-line", with_lines("Set-Cookie: a=b;\r\n Path=/\r\n"),
       "Set-Cookie=a=b; Path=/|Content-Length=5"},
      {"leading-blank", with_lines(" X: 1\r\n\tY: 2\r\nZ: 3\r\n"), "Z=3|Content-Length=5"},
      {"line-feed", "HTTP/1.1 200 OK\nX: 1\nContent-Length: 5\n\nhello", "X=1|Content-Length=5"},
      {"line-feed", "HTTP/1.1 200 OK\r\nX: 1\nContent-Length: 5\r\n\nhello", "X=1|Content-Length=5"},
      {"line-feed", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n"},
      {"empty-lines-first", "\r\n\r\n\n" + with_lines("")},
      {"status-without-reason", with_status("HTTP/1.1 200")},
      {"status-without-reason", with_status("HTTP/1.1 200 ")},
      {"status-blanks", with_status("HTTP/1.1  200  OK ")},
      {"status-blanks", with_status(" HTTP/1.1\t200\tOK")},
      {"status-version", with_status("HTTP/1.2 200 OK")},
      {"status-version", with_status("http/1.1 200 OK")},
      {"status-version", with_status("HTTP/1 200 OK"), {}, "hello", false},
      {"status-version", with_status("ICY 200 OK"), {}, "hello", false},
      {"line-without-colon", with_lines("Strict-Transport-Security: max-age=1;\r\npreload\r\n"),
       "Strict-Transport-Security=max-age=1;|Content-Length=5"},
      {"line-without-colon", with_lines("preload\r\n and more\r\nX: 1\r\n"), "X=1|Content-Length=5"},
      {"name-blank-behind", with_lines("X : 1\r\nY\t: 2\r\n"), "X=1|Y=2|Content-Length=5"},
      {"name-unreadable",
       with_lines("X Y: 1\r\nZ(: 2\r\n: 3\r\nGr\xC3\xB6\xC3\x9F"
                  "e: 4\r\nX: 5\r\n"),
       "X=5|Content-Length=5"},
      {"name-unreadable", with_lines("X Y: 1\r\n 2\r\n"), "Content-Length=5"},
      {"value-control",
       with_lines("X: a\x01"
                  "b\r\nY: 1\x7f\r\nZ: 2\r\n"),
       "Z=2|Content-Length=5"},
      {"connection-unreadable", with_lines("Connection: keep-alive;, a b, =\r\n"), {}},
      {"connection-unreadable",
       with_lines("Connection: ,close;\r\nConnection: CLOSE\r\n"),
       {},
       "hello",
       false},
      {"length-repeated", with_lines("Content-Length: 5\r\n")},
      {"length-repeated", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello"},
      {"length-repeated", "HTTP/1.1 200 OK\r\nContent-Length: 005\r\n\r\nhello"},
      {"chunked-repeated",
       in_chunks(two_chunks, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
       "Transfer-Encoding=chunked"},
      {"chunked-repeated", in_chunks(two_chunks, "Transfer-Encoding: chunked, Chunked\r\n")},
      {"chunked-old",
       "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + two_chunks,
       {},
       "hello",
       false},
      {"chunked-old",
       "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + two_chunks,
       {},
       "hello",
       false},
      {"coding-identity", with_lines("Transfer-Encoding: identity\r\n"), "Content-Length=5", "hello", false},
      {"coding-identity",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: Identity\r\n\r\nhello",
       {},
       "hello",
       false,
       true},
      {"coding-identity", "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\nhello", {}, "hello", false, true},
      {"coding-identity",
       in_chunks(two_chunks, "Transfer-Encoding: identity, chunked\r\n"),
       {},
       "hello",
       false},
      {"chunk-size-forms", in_chunks("5  \r\nhello\r\n0  \r\n\r\n")},
      {"chunk-size-forms", in_chunks("0000000000000000000005\t\r\nhello\r\n000\r\n\r\n")},
      {"chunk-size-forms", in_chunks("A\r\n0123456789\r\n0\r\n\r\n"), {}, "0123456789"},
      {"chunk-extension", in_chunks("2;a=b;c=\"d;e\"\r\nhe\r\n3 ; x\r\nllo\r\n0;z\r\n\r\n")},
      {"trailer", in_chunks("5\r\nhello\r\n0\r\nX-Sum: 1\r\n folded\r\nno colon\r\n\r\n"),
       "Transfer-Encoding=chunked"},
      {"last-chunk-alone", in_chunks("5\r\nhello\r\n0\r\n"), {}, "hello", false, true},
      {"last-chunk-alone", in_chunks("5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-"), {}, "hello", false, true},
  };
}

std::vector<unreadable> unreadable_rows() {
  const auto chunks = [](const std::string& body) { return in_chunks(body); };
  return {
      {"length-and-chunked", in_chunks(two_chunks, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")},
      {"length-and-chunked", in_chunks(two_chunks, "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")},
      {"length-and-chunked",
       in_chunks(two_chunks, "Transfer-Encoding: chunked, chunked\r\nContent-Length: 20\r\n")},
      {"length-differs", with_lines("Content-Length: 6\r\n")},
      {"length-differs", "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello"},
      {"length-no-number", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"},
      {"length-no-number", "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello"},
      {"length-no-number", "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello"},
      {"length-no-number", "HTTP/1.1 200 OK\r\nContent-Length: 5 5\r\n\r\nhello"},
      {"length-no-number", "HTTP/1.1 200 OK\r\nContent-Length: 5,\r\n\r\nhello"},
      {"length-no-number", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello"},
      {"length-no-number", "HTTP/1.1 200 OK\r\nContent-Length: \"5\"\r\n\r\nhello"},
      {"length-no-number", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello"},
      {"coding-other", in_chunks(two_chunks, "Transfer-Encoding: gzip, chunked\r\n")},
      {"coding-other", in_chunks(two_chunks, "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n")},
      {"coding-other", in_chunks("hello", "Transfer-Encoding: gzip\r\n")},
      {"coding-other", in_chunks(two_chunks, "Transfer-Encoding: \"chunked\"\r\n")},
      {"coding-other", in_chunks(two_chunks, "Transfer-Encoding: xchunked\r\n")},
      {"coding-other", in_chunks(two_chunks, "Transfer-Encoding: chunked;q=1\r\n")},
      {"chunked-not-last", in_chunks(two_chunks, "Transfer-Encoding: chunked, gzip\r\n")},
      {"chunked-not-last", in_chunks(two_chunks, "Transfer-Encoding: chunked, identity\r\n")},
      {"chunked-not-last",
       in_chunks(two_chunks, "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")},
      {"framing-spaced", "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello"},
      {"framing-spaced", in_chunks(two_chunks, "Transfer-Encoding\t: chunked\r\n")},
      {"framing-spaced", with_lines("Content-Length x: 6\r\n")},
      {"framing-spaced", with_lines("Transfer-Encoding\x0b: chunked\r\n")},
      {"framing-no-field", "HTTP/1.1 200 OK\r\nContent-Length 5\r\n\r\nhello"},
      {"framing-no-field", with_lines("transfer-encoding\r\n")},
      {"framing-no-field", with_lines("Content-Length; 6\r\n")},
      {"framing-folded", "HTTP/1.1 200 OK\r\nContent-Length:\r\n 5\r\n\r\nhello"},
      {"framing-folded", in_chunks(two_chunks, "Transfer-Encoding:\r\n chunked\r\n")},
      {"framing-folded", with_lines("X: 1\r\n Content-Length: 6\r\n")},
      {"framing-folded", with_lines("\tTransfer-Encoding: chunked\r\n")},
      {"framing-control", "HTTP/1.1 200 OK\r\nContent-Length: 5\x01\r\n\r\nhello"},
      {"framing-control", in_chunks(two_chunks, "Transfer-Encoding: chunked\x0b\r\n")},
      {"nul", with_lines("X: a\0b\r\n"s)},
      {"nul", with_lines("X\0: a\r\n"s)},
      {"nul", in_chunks("5\r\nhello\r\n0\r\nX: \0\r\n\r\n"s)},
      {"cr-alone", with_lines("X: a\rContent-Length: 6\r\n")},
      {"cr-alone", "HTTP/1.1 200 OK\r\r\nContent-Length: 5\r\r\n\r\r\nhello"},
      {"cr-alone", chunks("5\rhello\r\n0\r\n\r\n")},
      {"cr-alone", chunks("5;a\rb\r\nhello\r\n0\r\n\r\n")},
      {"cr-alone", chunks("5\r\nhello\r0\r\n\r\n")},
      {"cr-alone", chunks("5\r\nhello\r\n0\r\nX: a\rb\r\n\r\n")},
      {"chunk-no-size", chunks("\r\nhello\r\n0\r\n\r\n")},
      {"chunk-no-size", chunks(";a=b\r\nhello\r\n0\r\n\r\n")},
      {"chunk-no-size", chunks("zz\r\nhello\r\n0\r\n\r\n")},
      {"chunk-size-odd", chunks("0x5\r\nhello\r\n0\r\n\r\n")},
      {"chunk-size-odd", chunks(" 5\r\nhello\r\n0\r\n\r\n")},
      {"chunk-size-odd", chunks("+5\r\nhello\r\n0\r\n\r\n")},
      {"chunk-size-odd", chunks("-5\r\nhello\r\n0\r\n\r\n")},
      {"chunk-size-odd", chunks("5 5\r\nhello\r\n0\r\n\r\n")},
      {"chunk-size-odd", chunks("5,\r\nhello\r\n0\r\n\r\n")},
      {"chunk-size-huge", chunks("10000000000000005\r\nhello\r\n0\r\n\r\n")},
      {"chunk-size-huge", chunks("ffffffffffffffffff\r\nhello")},
      {"chunk-longer", chunks("3\r\nhello\r\n0\r\n\r\n")},
      {"chunk-longer", chunks("5\r\nhello\r\n\r\n0\r\n\r\n")},
      {"chunk-extension-feed", chunks("5;a\nhello\r\n0\r\n\r\n")},
      {"framing-in-trailer", chunks("5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n")},
      {"framing-in-trailer", chunks("5\r\nhello\r\n0\r\ntransfer-encoding : x\r\n\r\n")},
      {"status-other", with_status("HTTP/2 200 OK")},
      {"status-other", with_status("HTTP/2.0 200 OK")},
      {"status-other", with_status("HTTP/0.9 200 OK")},
      {"status-other", with_status("HTTP/1.10 200 OK")},
      {"status-other", with_status("HTTP/1.1")},
      {"status-other", with_status("HTTP/1.1:200 OK")},
      {"status-other", with_status("HTTP/1.1 20 OK")},
      {"status-other", with_status("HTTP/1.1 2000 OK")},
      {"status-other", with_status("HTTP/1.1 OK")},
      {"status-other", with_status("HTTP/1.1 099 OK")},
      {"status-other", with_status("HTTP/1.1 101 Switching Protocols")},
      {"status-other", "<html>hello</html>"},
      {"status-other", "Status: 200\r\n\r\nhello"},
      {"too-long", with_lines("X: " + std::string(test::answer_header_limit, 'x') + "\r\n")},
      {"too-long", chunks("5;" + std::string(test::answer_header_limit, 'x'))},
      {"too-long", chunks("0\r\nX: " + std::string(test::answer_header_limit, 'x'))},
  };
}

std::string shown_fields(const answer_read& seen) {
  std::string all;
  for (const http_field& each : seen.fields)
    all.append(all.empty() ? "" : "|").append(each.name).append("=").append(each.value);
  return all;
}

TEST_CASE("message line: what one may read is read, in pieces of any size") {
  for (const readable& row : readable_rows())
    for (const std::size_t piece : piece_sizes) {
      CAPTURE(row.slug);
      CAPTURE(row.bytes);
      CAPTURE(piece);
      const answer_read seen = read(row.bytes, piece, row.closes);
      CHECK(seen.error == "");
      CHECK(seen.done);
      CHECK(seen.status == 200);
      CHECK(seen.body == row.body);
      CHECK(seen.keep_alive == row.keep_alive);
      CHECK(seen.left == "");
      if (!row.fields.empty()) CHECK(shown_fields(seen) == row.fields);
    }
}

TEST_CASE("message line: what two readers could read in two ways is refused, in pieces of any size") {
  for (const unreadable& row : unreadable_rows())
    for (const std::size_t piece : piece_sizes) {
      CAPTURE(row.slug);
      CAPTURE(row.bytes);
      CAPTURE(piece);
      CHECK(read(row.bytes, piece, false).error == "protocol");
    }
}

TEST_CASE("message line: the table in src/http/README.md has these rows and no others") {
  std::set<std::string> tested;
  for (const readable& row : readable_rows()) tested.insert(row.slug + " | read");
  for (const unreadable& row : unreadable_rows()) tested.insert(row.slug + " | refused");
  const std::string text = test::read_file(POFETCH_MESSAGES);
  const std::size_t begin = text.find("# Where messages end");
  REQUIRE(begin != std::string::npos);
  std::set<std::string> written;
  for (std::size_t at = text.find("\n| `", begin); at != std::string::npos; at = text.find("\n| `", at + 1)) {
    const std::size_t tick = text.find('`', at + 4);
    const std::string slug = text.substr(at + 4, tick - at - 4);
    written.insert(slug + text.substr(tick + 1, text.find(" |", tick + 4) - tick - 1));
  }
  CHECK(written == tested);
}

}  // namespace
}  // namespace pofetch::http
