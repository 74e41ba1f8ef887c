#include "core/transfer.hpp"

#include "core/encoding.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace pofetch;
using namespace pofetch::core;
using action = transfer_action;

namespace {

http_response answer(int status, std::vector<http_field> fields, std::optional<std::uint64_t> length = {}) {
  http_response head;
  head.status = status;
  head.url = "https://h/a.pdf?token=TOPSECRET";
  head.fields = std::move(fields);
  head.content_length = length;
  return head;
}

transfer fresh(std::optional<std::uint64_t> size = {}) {
  transfer_options options;
  options.what = "PO 12, a.pdf";
  options.size = size;
  options.max_size = 1000;
  return transfer(options);
}

/// 40 of 100 bytes came, under the entity-tag "v1", then the body broke off.
transfer broken(const std::string& etag = "\"v1\"") {
  transfer t = fresh();
  CHECK(t.on_head(answer(200, {{"ETag", etag}}, 100)).action == action::start_over);
  CHECK(t.on_bytes(40).has_value());
  t.on_broken();
  return t;
}

std::string field(const transfer& t, std::string_view name) {
  for (const auto& f : t.request_fields()) {
    if (f.name == name) return f.value;
  }
  return "none";
}

}  // namespace

TEST_CASE("transfer: first request, no range and no content coding") {
  const transfer t = fresh();
  CHECK(field(t, "Accept-Encoding") == "identity");
  CHECK(field(t, "Range") == "none");
  CHECK(field(t, "If-Range") == "none");
  CHECK_FALSE(t.can_resume());
}

TEST_CASE("transfer: a whole body, complete") {
  transfer t = fresh();
  CHECK(t.on_head(answer(200, {}, 100)).action == action::start_over);
  CHECK(t.total() == 100U);
  CHECK(t.on_bytes(60).has_value());
  CHECK(t.on_bytes(40).has_value());
  CHECK(t.on_body_end().has_value());
  CHECK(t.size() == 100);
}

TEST_CASE("transfer: heads of a first answer") {
  struct row {
    int status;
    action expected;
    std::string word;
  };
  const row rows[] = {
      {200, action::start_over, ""},     {203, action::start_over, ""},
      {201, action::fail, "not_a_file"}, {202, action::fail, "not_a_file"},
      {204, action::fail, "not_a_file"}, {205, action::fail, "not_a_file"},
      {206, action::fail, "protocol"},   {226, action::fail, "not_a_file"},
      {302, action::fail, "http_302"},   {304, action::fail, "protocol"},
      {401, action::fail, "http_401"},   {404, action::fail, "http_404"},
      {416, action::fail, "http_416"},   {429, action::fail, "rate_limited"},
      {500, action::fail, "http_500"},   {0, action::fail, "protocol"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.status);
    transfer t = fresh();
    const transfer_step step = t.on_head(answer(r.status, {}));
    CHECK(step.action == r.expected);
    CHECK(step.why.has_value() == (r.expected == action::fail));
    if (!step.why) continue;
    CHECK(code_word(*step.why) == r.word);
    CHECK(step.why->message.find("PO 12, a.pdf: ") == 0);
    CHECK(step.why->message.find("TOPSECRET") == std::string::npos);
  }
}

TEST_CASE("transfer: a broken body, goes on only under a strong entity-tag") {
  struct row {
    std::string etag;
    bool resumes;
  };
  const row rows[] = {{"\"v1\"", true}, {"W/\"v1\"", false}, {"", false}, {"v1", false}};
  for (const auto& r : rows) {
    CAPTURE(r.etag);
    const transfer t = broken(r.etag);
    CHECK(t.can_resume() == r.resumes);
    CHECK(field(t, "Range") == (r.resumes ? "bytes=40-" : "none"));
    CHECK(field(t, "If-Range") == (r.resumes ? r.etag : "none"));
    CHECK(t.size() == (r.resumes ? 40 : 0));
  }
}

TEST_CASE("transfer: broken before the first byte, asked for as a whole") {
  transfer t = fresh();
  (void)t.on_head(answer(200, {{"ETag", "\"v1\""}}, 100));
  t.on_broken();
  CHECK(field(t, "Range") == "none");
  CHECK(t.on_head(answer(200, {}, 100)).action == action::start_over);
}

TEST_CASE("transfer: a decoded body, never gone on from") {
  transfer t = fresh();
  http_response head =
      answer(200, {{"ETag", "\"v1\""}, {"Content-MD5", base64_encode(std::string(16, 'x'))}}, 30);
  head.decoded = true;
  CHECK(t.on_head(head).action == action::start_over);
  CHECK_FALSE(t.total().has_value());
  CHECK(t.digests().empty());
  CHECK(t.on_bytes(90).has_value());
  CHECK(t.on_body_end().has_value());
  transfer cut = fresh();
  (void)cut.on_head(head);
  (void)cut.on_bytes(10);
  cut.on_broken();
  CHECK_FALSE(cut.can_resume());
}

TEST_CASE("transfer: answers to a request for the rest") {
  const http_field v1{"ETag", "\"v1\""};
  struct row {
    std::string what;
    http_response head;
    action expected;
  };
  const row rows[] = {
      {"the rest", answer(206, {v1, {"Content-Range", "bytes 40-99/100"}}, 60), action::append},
      {"the rest, chunked", answer(206, {v1, {"Content-Range", "bytes 40-99/100"}}), action::append},
      {"whole again", answer(200, {v1}, 100), action::start_over},
      {"whole, new version", answer(200, {{"ETag", "\"v2\""}}, 120), action::start_over},
      {"part of another version", answer(206, {{"ETag", "\"v2\""}, {"Content-Range", "bytes 40-99/100"}}, 60),
       action::refetch},
      {"part without entity-tag", answer(206, {{"Content-Range", "bytes 40-99/100"}}, 60), action::refetch},
      {"part with weak entity-tag",
       answer(206, {{"ETag", "W/\"v1\""}, {"Content-Range", "bytes 40-99/100"}}, 60), action::refetch},
      {"starts too early", answer(206, {v1, {"Content-Range", "bytes 39-99/100"}}, 61), action::refetch},
      {"starts too late", answer(206, {v1, {"Content-Range", "bytes 41-99/100"}}, 59), action::refetch},
      {"ends too early", answer(206, {v1, {"Content-Range", "bytes 40-98/100"}}, 59), action::refetch},
      {"other total", answer(206, {v1, {"Content-Range", "bytes 40-119/120"}}, 80), action::refetch},
      {"unknown total", answer(206, {v1, {"Content-Range", "bytes 40-99/*"}}, 60), action::refetch},
      {"no range", answer(206, {v1}, 60), action::refetch},
      {"several ranges", answer(206, {v1, {"Content-Type", "multipart/byteranges; boundary=x"}}, 200),
       action::refetch},
      {"malformed range", answer(206, {v1, {"Content-Range", "bytes forty"}}, 60), action::refetch},
      {"length against range", answer(206, {v1, {"Content-Range", "bytes 40-99/100"}}, 100), action::refetch},
      {"range not satisfiable", answer(416, {{"Content-Range", "bytes */30"}}), action::refetch},
      {"not found", answer(404, {}), action::fail},
      {"no content", answer(204, {}), action::fail},
      {"overload", answer(503, {{"Retry-After", "3"}}), action::fail},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    transfer t = broken();
    const transfer_step step = t.on_head(r.head);
    CHECK(step.action == r.expected);
    const bool dropped = r.expected == action::start_over || r.expected == action::refetch;
    CHECK(t.size() == (dropped ? 0 : 40));
    CHECK(step.why.has_value() == (r.expected == action::fail || r.expected == action::refetch));
  }
}

TEST_CASE("transfer: decoded part, asked for again as a whole") {
  transfer t = broken();
  http_response head = answer(206, {{"ETag", "\"v1\""}, {"Content-Range", "bytes 40-99/100"}}, 60);
  head.decoded = true;
  CHECK(t.on_head(head).action == action::refetch);
}

TEST_CASE("transfer: the rest appended, complete; twice broken, goes on again") {
  transfer t = broken();
  const auto rest = answer(206, {{"ETag", "\"v1\""}, {"Content-Range", "bytes 40-99/100"}}, 60);
  CHECK(t.on_head(rest).action == action::append);
  CHECK(t.on_bytes(10).has_value());
  t.on_broken();
  CHECK(field(t, "Range") == "bytes=50-");
  CHECK(t.on_head(answer(206, {{"ETag", "\"v1\""}, {"Content-Range", "bytes 50-99/100"}}, 50)).action ==
        action::append);
  CHECK(t.on_bytes(50).has_value());
  CHECK(t.on_body_end().has_value());
}

TEST_CASE("transfer: refetch, at most once in a row") {
  transfer t = broken();
  CHECK(t.on_head(answer(416, {})).action == action::refetch);
  t.on_broken();
  CHECK(field(t, "Range") == "none");
  CHECK(t.on_head(answer(416, {})).action == action::fail);
  CHECK(t.on_head(answer(206, {{"Content-Range", "bytes 0-99/100"}}, 100)).action == action::fail);
}

TEST_CASE("transfer: a failing answer between, the bytes so far are kept") {
  transfer t = broken();
  CHECK(t.on_head(answer(503, {})).action == action::fail);
  t.on_broken();
  CHECK(field(t, "Range") == "bytes=40-");
}

TEST_CASE("transfer: total unknown at first, learned with the rest") {
  transfer t = fresh();
  (void)t.on_head(answer(200, {{"ETag", "\"v1\""}}));
  (void)t.on_bytes(40);
  t.on_broken();
  CHECK(t.on_head(answer(206, {{"ETag", "\"v1\""}, {"Content-Range", "bytes 40-99/100"}})).action ==
        action::append);
  CHECK(t.total() == 100U);
  (void)t.on_bytes(59);
  const auto end = t.on_body_end();
  REQUIRE(end.has_error());
  CHECK(end.error().code == errc::truncated);
}

TEST_CASE("transfer: a body that ends early, truncated with both numbers") {
  transfer t = fresh();
  (void)t.on_head(answer(200, {{"ETag", "\"v1\""}}, 100));
  (void)t.on_bytes(99);
  const auto end = t.on_body_end();
  REQUIRE(end.has_error());
  CHECK(end.error().code == errc::truncated);
  CHECK(end.error().message == "PO 12, a.pdf: the body ended after 99 of 100 bytes.");
  CHECK(field(t, "Range") == "bytes=99-");
}

TEST_CASE("transfer: no byte at all is a body only where the answer said so") {
  struct row {
    std::vector<http_field> fields;
    std::optional<std::uint64_t> length;
    bool decoded;
    bool complete;
  };
  const row rows[] = {
      {{}, 0, false, true},
      {{{"Transfer-Encoding", "chunked"}}, {}, false, true},
      {{{"Content-Encoding", "gzip"}}, {}, true, true},
      {{}, {}, false, false},
      {{{"ETag", "\"v1\""}}, {}, false, false},
  };
  for (const auto& r : rows) {
    transfer t = fresh();
    auto head = answer(200, r.fields, r.length);
    head.decoded = r.decoded;
    CHECK(t.on_head(head).action == action::start_over);
    const auto end = t.on_body_end();
    CHECK(end.has_value() == r.complete);
    if (!end) CHECK(end.error().code == errc::truncated);
  }
  transfer t = fresh();
  (void)t.on_head(answer(200, {}));
  (void)t.on_bytes(1);
  CHECK(t.on_body_end().has_value());
}

TEST_CASE("transfer: more bytes than announced, refused and forgotten") {
  transfer t = fresh();
  (void)t.on_head(answer(200, {{"ETag", "\"v1\""}}, 10));
  (void)t.on_bytes(11);
  const auto end = t.on_body_end();
  REQUIRE(end.has_error());
  CHECK(end.error().code == errc::protocol);
  CHECK_FALSE(t.can_resume());
}

TEST_CASE("transfer: another size than the source announced, starts from nothing") {
  transfer t = fresh(99);
  (void)t.on_head(answer(200, {{"ETag", "\"v1\""}}, 100));
  (void)t.on_bytes(100);
  const auto end = t.on_body_end();
  REQUIRE(end.has_error());
  CHECK(end.error().code == errc::digest_mismatch);
  CHECK(end.error().message == "PO 12, a.pdf: 100 bytes came, but the source announced 99.");
  CHECK(t.size() == 0);
  CHECK_FALSE(t.can_resume());
}

TEST_CASE("transfer: bodies above the bound, refused by head and by count") {
  transfer t = fresh();
  const auto step = t.on_head(answer(200, {}, 1001));
  CHECK(step.action == action::fail);
  REQUIRE(step.why.has_value());
  CHECK(step.why->code == errc::too_large);
  CHECK(t.on_head(answer(200, {}, 1000)).action == action::start_over);
  transfer unknown = fresh();
  CHECK(unknown.on_head(answer(200, {})).action == action::start_over);
  CHECK(unknown.on_bytes(1000).has_value());
  const auto over = unknown.on_bytes(1);
  REQUIRE(over.has_error());
  CHECK(over.error().code == errc::too_large);
  CHECK(unknown.on_bytes(std::numeric_limits<std::uint64_t>::max()).has_error());
}

TEST_CASE("transfer: the rest of a body that turns out to be above the bound, refused before a byte of it") {
  transfer t = fresh();
  CHECK(t.on_head(answer(200, {{"ETag", "\"v1\""}})).action == action::start_over);
  CHECK(t.on_bytes(40).has_value());
  t.on_broken();
  const auto step = t.on_head(answer(206, {{"ETag", "\"v1\""}, {"Content-Range", "bytes 40-1999/2000"}}));
  CHECK(step.action == action::fail);
  REQUIRE(step.why.has_value());
  CHECK(step.why->code == errc::too_large);
  CHECK(step.why->message == "PO 12, a.pdf: the file has 2000 bytes, more than the 1000 that are allowed.");
}

TEST_CASE("transfer: an announced empty body, a file") {
  transfer t = fresh(0);
  CHECK(t.on_head(answer(200, {}, 0)).action == action::start_over);
  CHECK(t.on_body_end().has_value());
}

TEST_CASE("transfer: digests, gathered over the parts and dropped with the bytes") {
  const std::string first = "sha-256=:" + base64_encode(std::string(32, 'a')) + ":";
  const std::string second = "sha-512=:" + base64_encode(std::string(64, 'b')) + ":";
  transfer t = fresh();
  (void)t.on_head(answer(
      200, {{"ETag", "\"v1\""}, {"Repr-Digest", first}, {"Content-MD5", base64_encode(std::string(16, 'c'))}},
      100));
  CHECK(t.digests().size() == 2);
  (void)t.on_bytes(40);
  t.on_broken();
  CHECK(t.digests().size() == 2);
  (void)t.on_head(answer(206,
                         {{"ETag", "\"v1\""},
                          {"Content-Range", "bytes 40-99/100"},
                          {"Repr-Digest", first + "," + second},
                          {"Content-MD5", base64_encode(std::string(16, 'd'))}},
                         60));
  CHECK(t.digests().size() == 3);
  t.on_broken();
  (void)t.on_head(answer(200, {}, 100));
  CHECK(t.digests().empty());
}

TEST_CASE("transfer: content found wrong, forgotten") {
  transfer t = broken();
  t.forget();
  CHECK(field(t, "Range") == "none");
  CHECK(t.size() == 0);
}

TEST_CASE("transfer: announced sizes") {
  CHECK(check_complete(5, 5, "x").has_value());
  CHECK(check_complete(5, std::nullopt, "x").has_value());
  CHECK(check_complete(0, 0, "x").has_value());
  CHECK(check_complete(4, 5, "x").has_error());
  CHECK(check_complete(0, 5, "x").has_error());
}

namespace {

body_note note_of_100(const std::string& etag = "\"v1\"", std::uint64_t total = 100) {
  body_note note;
  note.etag = etag;
  note.total = total;
  return note;
}

}  // namespace

TEST_CASE("transfer: bytes of an earlier run, gone on from only if note and bytes fit") {
  struct row {
    std::string what;
    body_note note;
    std::uint64_t size;
    std::optional<std::uint64_t> listed;
    bool taken;
  };
  const row rows[] = {
      {"the beginning", note_of_100(), 40, {}, true},
      {"all but one", note_of_100(), 99, {}, true},
      {"the size that the source announced", note_of_100(), 40, 100, true},
      {"another size than the source announced", note_of_100(), 40, 99, false},
      {"nothing", note_of_100(), 0, {}, false},
      {"all", note_of_100(), 100, {}, false},
      {"more than all", note_of_100(), 101, {}, false},
      {"weak entity-tag", note_of_100("W/\"v1\""), 40, {}, false},
      {"no entity-tag", note_of_100(""), 40, {}, false},
      {"above the bound", note_of_100("\"v1\"", 1001), 40, {}, false},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    transfer t = fresh(r.listed);
    CHECK(t.take_up(r.note, r.size) == r.taken);
    CHECK(field(t, "Range") == (r.taken ? "bytes=" + std::to_string(r.size) + "-" : "none"));
    CHECK(field(t, "If-Range") == (r.taken ? "\"v1\"" : "none"));
    CHECK(t.size() == (r.taken ? r.size : 0));
    CHECK(t.total().has_value() == r.taken);
  }
}

TEST_CASE("transfer: bytes of an earlier run, every answer means what it means within a run") {
  const http_field v1{"ETag", "\"v1\""};
  struct row {
    std::string what;
    http_response head;
    action expected;
  };
  const row rows[] = {
      {"the rest", answer(206, {v1, {"Content-Range", "bytes 40-99/100"}}, 60), action::append},
      {"whole again", answer(200, {v1}, 100), action::start_over},
      {"whole, new version", answer(200, {{"ETag", "\"v2\""}}, 100), action::start_over},
      {"part of another version", answer(206, {{"ETag", "\"v2\""}, {"Content-Range", "bytes 40-99/100"}}, 60),
       action::refetch},
      {"weak entity-tag", answer(206, {{"ETag", "W/\"v1\""}, {"Content-Range", "bytes 40-99/100"}}, 60),
       action::refetch},
      {"no entity-tag", answer(206, {{"Content-Range", "bytes 40-99/100"}}, 60), action::refetch},
      {"another range", answer(206, {v1, {"Content-Range", "bytes 39-99/100"}}, 61), action::refetch},
      {"another total", answer(206, {v1, {"Content-Range", "bytes 40-119/120"}}, 80), action::refetch},
      {"no range", answer(206, {v1}, 60), action::refetch},
      {"range not satisfiable", answer(416, {{"Content-Range", "bytes */30"}}), action::refetch},
      {"gone", answer(410, {}), action::fail},
      {"overload", answer(503, {}), action::fail},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    transfer t = fresh();
    REQUIRE(t.take_up(note_of_100(), 40));
    CHECK(t.on_head(r.head).action == r.expected);
    const bool dropped = r.expected == action::start_over || r.expected == action::refetch;
    CHECK(t.size() == (dropped ? 0 : 40));
  }
}

TEST_CASE("transfer: note for a later run, only of a version that can be gone on from") {
  const std::string digest = "sha-256=:" + base64_encode(std::string(32, 'a')) + ":";
  transfer t = fresh();
  CHECK_FALSE(t.note().has_value());
  (void)t.on_head(answer(200, {{"ETag", "\"v1\""}, {"Repr-Digest", digest}}, 100));
  CHECK_FALSE(t.note().has_value());
  (void)t.on_bytes(40);
  const auto note = t.note();
  REQUIRE(note.has_value());
  CHECK(note->etag == "\"v1\"");
  CHECK(note->total == 100);
  REQUIRE(note->digests.size() == 1);
  // The digest holds for the whole that a later run puts together.
  transfer later = fresh();
  REQUIRE(later.take_up(*note, 40));
  REQUIRE(later.digests().size() == 1);
  CHECK(later.digests()[0].bytes == std::string(32, 'a'));

  transfer unknown = fresh();
  (void)unknown.on_head(answer(200, {{"ETag", "\"v1\""}}));
  (void)unknown.on_bytes(40);
  CHECK_FALSE(unknown.note().has_value());
  transfer weak = fresh();
  (void)weak.on_head(answer(200, {{"ETag", "W/\"v1\""}}, 100));
  (void)weak.on_bytes(40);
  CHECK_FALSE(weak.note().has_value());
}
