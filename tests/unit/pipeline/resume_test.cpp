// Bodies that one run leaves and the next one goes on from.
#include "core/encoding.hpp"
#include "pipeline_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace pofetch;
using namespace pofetch::pipeline;
using test::fake_list;
using test::ok;
using test::pipeline_fixture;
using test::scripted_answer;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mib = 1U << 20U;
const std::string body_url = "https://files/1/0";

/// `size` bytes that differ from place to place.
std::string content(std::size_t size, char seed = 'a') {
  std::string made(size, seed);
  for (std::size_t i = 0; i < size; i += 97) made[i] = static_cast<char>(seed + static_cast<char>(i % 23));
  return made;
}

const std::string whole = content(2 * mib);
const std::string other_version = content(2 * mib, 'A');

scripted_answer resume_answer(int status, std::string body, std::vector<http_field> fields) {
  scripted_answer made;
  made.status = status;
  made.body = std::move(body);
  made.fields = std::move(fields);
  return made;
}

/// The beginning of a body, after which the connection breaks.
scripted_answer cut_at(std::size_t at, std::vector<http_field> fields = {{"ETag", "\"v1\""}}) {
  auto made = resume_answer(200, whole.substr(0, at), std::move(fields));
  made.content_length = whole.size();
  made.error = make_failure(errc::connection, "the connection broke");
  return made;
}

scripted_answer rest(std::size_t from, const std::string& etag = "\"v1\"") {
  const std::string range = "bytes " + std::to_string(from) + "-" + std::to_string(whole.size() - 1) + "/" +
                            std::to_string(whole.size());
  return resume_answer(206, whole.substr(from), {{"ETag", etag}, {"Content-Range", range}});
}

std::string field(const http_request& request, std::string_view name) {
  for (const auto& each : request.fields)
    if (each.name == name) return each.value;
  return "none";
}

struct resume_fixture : pipeline_fixture {
  resume_fixture() {
    config.retries = 0;
    config.workers = 1;
    source.has("1", {"a.bin"});
  }

  /// Runs with these answers only, one after the other.
  void run_with(std::vector<scripted_answer> answers) {
    auto left_over = std::make_shared<std::vector<scripted_answer>>(std::move(answers));
    http.respond(body_url, [left_over](const http_request&) {
      scripted_answer next = left_over->front();
      if (left_over->size() > 1) left_over->erase(left_over->begin());
      return next;
    });
    REQUIRE(ok(run(fake_list({"1"}))));
  }

  /// As a killed run leaves it.
  void leave(const std::string& bytes, const std::string& etag = "\"v1\"") {
    body_note note;
    note.etag = etag;
    note.total = whole.size();
    files.left["1\n" + body_url] = {bytes, note};
  }
};

}  // namespace

TEST_CASE("resume: retries used up, the next run asks for the rest only") {
  resume_fixture f;
  f.run_with({cut_at(3 * mib / 2)});
  CHECK(f.status("1") == po_status::failed);
  REQUIRE(f.files.left.size() == 1);
  CHECK(f.files.left.begin()->second.content == whole.substr(0, 3 * mib / 2));
  f.run_with({rest(3 * mib / 2)});
  CHECK(field(f.http.seen().back(), "Range") == "bytes=1572864-");
  CHECK(field(f.http.seen().back(), "If-Range") == "\"v1\"");
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.content("1/a.bin") == whole);
  CHECK(f.records.find("1")->attachments[0].sha256 == test::memory_store::sha256_of(whole));
  CHECK(f.files.left.empty());
  CHECK(f.files.partials == 0);
}

TEST_CASE("resume: the folder has got another name since, the next run asks for the rest only") {
  resume_fixture f;
  f.config.folder_status = true;
  f.source.has("1", {"a.bin", "b.txt"});
  f.http.on("https://files/1/1", resume_answer(200, "b", {}));
  f.run_with({cut_at(3 * mib / 2)});
  CHECK(f.content("1_PARTIAL/b.txt") == "b");
  f.run_with({rest(3 * mib / 2)});
  CHECK(field(f.http.seen().back(), "Range") == "bytes=1572864-");
  CHECK(f.content("1_COMPLETED/a.bin") == whole);
  CHECK(f.files.left.empty());
}

TEST_CASE("resume: broken again and again, every run goes on where the last one ended") {
  resume_fixture f;
  f.run_with({cut_at(mib)});
  for (const std::size_t at : {mib, mib + 1000, mib + 2000}) {
    auto some = rest(at);
    some.body.resize(1000);
    some.content_length = whole.size() - at;
    some.error = make_failure(errc::timeout, "no byte for 30 s");
    f.run_with({some});
    CHECK(field(f.http.seen().back(), "Range") == "bytes=" + std::to_string(at) + "-");
  }
  f.run_with({rest(mib + 3000)});
  CHECK(f.content("1/a.bin") == whole);
}

TEST_CASE("resume: stopped in mid-body, the next run asks for the rest only") {
  resume_fixture f;
  auto slow = cut_at(2 * mib - 1000);
  slow.chunk = mib;
  slow.chunk_delay = 1s;
  SUBCASE("by a signal") {
    slow.chunk_delay = f.config.stop_grace * 2 / 3;
    f.meanwhile = [&f](processing_controller& c) {
      f.context.poll();
      c.request_stop(stop_reason::interrupted);
    };
  }
  SUBCASE("because the session expired elsewhere") {
    f.source.has("1", {"a.bin", "b.bin"});
    auto expired = resume_answer(401, "", {});
    expired.delay = 1500ms;
    f.http.on("https://files/1/1", expired).on("https://files/1/1", resume_answer(200, "b", {}));
  }
  f.run_with({slow});
  CHECK(f.stopped != stop_reason::none);
  CHECK(f.status("1") == po_status::pending);
  REQUIRE(f.files.left.size() == 1);
  CHECK(f.files.left.begin()->second.content == whole.substr(0, mib));
  f.meanwhile = {};
  f.run_with({rest(mib)});
  const auto& seen = f.http.seen();
  CHECK(std::count_if(seen.begin(), seen.end(), [](const http_request& r) {
          return field(r, "Range") == "bytes=1048576-" && field(r, "If-Range") == "\"v1\"";
        }) == 1);
  CHECK(f.content("1/a.bin") == whole);
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.files.left.empty());
}

TEST_CASE("resume: small bodies and bodies without a strong validator or a length, nothing is remembered") {
  struct row {
    std::string what;
    scripted_answer first;
  };
  auto small = cut_at(mib - 1);
  auto decoded = cut_at(3 * mib / 2);
  decoded.decoded = true;
  const row rows[] = {
      {"below the threshold", small},
      {"weak entity-tag", cut_at(3 * mib / 2, {{"ETag", "W/\"v1\""}})},
      {"no entity-tag", cut_at(3 * mib / 2, {{"Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"}})},
      {"decoded", decoded},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    resume_fixture f;
    f.run_with({r.first});
    CHECK(f.files.left.empty());
    CHECK(std::count(f.files.calls.begin(), f.files.calls.end(), "remember") == 0);
    f.run_with({resume_answer(200, whole, {})});
    CHECK(field(f.http.seen().back(), "Range") == "none");
    CHECK(f.content("1/a.bin") == whole);
  }
}

TEST_CASE("resume: a failure for good, nothing is kept") {
  struct row {
    std::string what;
    std::vector<scripted_answer> answers;
    unsigned retries;
  };
  const std::string wrong = "sha-256=:" + core::base64_encode(std::string(32, 'x')) + ":";
  auto full = resume_answer(200, whole, {{"ETag", "\"v1\""}, {"Repr-Digest", wrong}});
  const row rows[] = {
      {"gone", {cut_at(3 * mib / 2), resume_answer(404, "", {})}, 1},
      {"forbidden", {cut_at(3 * mib / 2), resume_answer(403, "", {})}, 1},
      {"digest mismatch", {full}, 0},
      {"too large", {cut_at(3 * mib / 2), resume_answer(200, std::string(4 * mib, 'x'), {})}, 1},
      {"a page in disguise",
       {resume_answer(200, "<!DOCTYPE html><html>" + whole,
                      {{"ETag", "\"v1\""}, {"Content-Type", "text/html"}})},
       0},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    resume_fixture f;
    f.source.has("1", {"a.pdf"});
    f.config.retries = r.retries;
    f.config.max_file_size = 3 * mib;
    f.run_with(r.answers);
    CHECK(f.status("1") == po_status::failed);
    CHECK(f.files.left.empty());
    CHECK(f.files.partials == 0);
  }
}

TEST_CASE("resume: a full disk, nothing is kept") {
  resume_fixture f;
  int appends = 0;
  f.files.fault = [&appends](const std::string& call) -> std::optional<failure> {
    if (call != "append" || ++appends < 2) return std::nullopt;
    return make_failure(errc::disk_full, "no space left");
  };
  auto two = resume_answer(200, whole, {{"ETag", "\"v1\""}});
  two.chunk = mib + mib / 2;
  f.run_with({two});
  CHECK(f.stopped == stop_reason::machine);
  CHECK(f.files.left.empty());
}

TEST_CASE("resume: whatever the server answers, two versions are never joined") {
  struct row {
    std::string what;
    std::vector<scripted_answer> answers;
    std::string expected;
    std::size_t requests;
  };
  const auto changed = resume_answer(200, other_version, {{"ETag", "\"v2\""}});
  const auto part = [](const std::string& range, const std::string& etag) {
    return resume_answer(206, other_version.substr(3 * mib / 2), {{"ETag", etag}, {"Content-Range", range}});
  };
  const std::string good_range = "bytes 1572864-2097151/2097152";
  auto no_etag = part(good_range, "");
  no_etag.fields.erase(no_etag.fields.begin());
  const row rows[] = {
      {"the rest", {rest(3 * mib / 2)}, whole, 1},
      {"whole, another version", {changed}, other_version, 1},
      {"whole, the same version", {resume_answer(200, whole, {{"ETag", "\"v1\""}})}, whole, 1},
      {"rest of another version", {part(good_range, "\"v2\""), changed}, other_version, 2},
      {"rest under a weak entity-tag", {part(good_range, "W/\"v1\""), changed}, other_version, 2},
      {"rest without entity-tag", {no_etag, changed}, other_version, 2},
      {"another range", {part("bytes 1572863-2097151/2097152", "\"v1\""), changed}, other_version, 2},
      {"another total", {part("bytes 1572864-2097152/2097153", "\"v1\""), changed}, other_version, 2},
      {"no range", {part("", "\"v1\""), changed}, other_version, 2},
      {"not satisfiable",
       {resume_answer(416, "", {{"Content-Range", "bytes */5"}}), changed},
       other_version,
       2},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    resume_fixture f;
    f.leave(whole.substr(0, 3 * mib / 2));
    f.run_with(r.answers);
    CHECK(f.http.seen().size() == r.requests);
    CHECK(field(f.http.seen().front(), "Range") == "bytes=1572864-");
    if (r.requests == 2) CHECK(field(f.http.seen().back(), "Range") == "none");
    CHECK(f.status("1") == po_status::completed);
    CHECK((f.content("1/a.bin") == r.expected));
    CHECK(f.files.left.empty());
  }
}

TEST_CASE("resume: the digest announced first holds over the joined whole") {
  const std::string right =
      "sha-256=:" + core::base64_encode(*core::from_hex(test::memory_store::sha256_of(whole))) + ":";
  resume_fixture f;
  f.run_with({cut_at(3 * mib / 2, {{"ETag", "\"v1\""}, {"Repr-Digest", right}})});
  REQUIRE(f.files.left.size() == 1);
  bool spoilt = false;
  SUBCASE("the bytes are as they were") {}
  SUBCASE("a byte has changed meanwhile") {
    f.files.left.begin()->second.content[5] ^= 1;
    spoilt = true;
  }
  f.config.retries = 1;
  f.run_with({rest(3 * mib / 2), resume_answer(200, whole, {{"ETag", "\"v1\""}})});
  CHECK(f.http.seen().size() == (spoilt ? 3 : 2));
  CHECK(f.status("1") == po_status::completed);
  CHECK((f.content("1/a.bin") == whole));
}

TEST_CASE("resume: a whole body that was not placed, asks for its last byte only") {
  resume_fixture f;
  f.leave(whole);
  f.run_with({rest(whole.size() - 1)});
  CHECK(field(f.http.seen().back(), "Range") == "bytes=2097151-");
  CHECK((f.content("1/a.bin") == whole));
}

TEST_CASE("resume: name and type of the first answer hold when the rest comes without them") {
  resume_fixture f;
  f.run_with({cut_at(3 * mib / 2, {{"ETag", "\"v1\""},
                                   {"Content-Type", "application/x-thing"},
                                   {"Content-Disposition", "attachment; filename=\"told.bin\""}})});
  f.run_with({rest(3 * mib / 2)});
  CHECK((f.content("1/told.bin") == whole));
  CHECK(f.records.find("1")->attachments[0].media_type == "application/x-thing");
}

TEST_CASE("resume: bytes that cannot be read back, or note that does not fit, starts over") {
  resume_fixture f;
  f.leave(whole.substr(0, 3 * mib / 2));
  SUBCASE("read error") {
    f.files.fault = [](const std::string& call) -> std::optional<failure> {
      if (call == "recover") return make_failure(errc::disk, "read error");
      return std::nullopt;
    };
  }
  SUBCASE("the list announces another size") {
    auto found = *f.source.answers.at("1");
    found.attachments[0].size = whole.size() + 1;
    f.source.answers.insert_or_assign("1", found);
  }
  SUBCASE("weak entity-tag") { f.leave(whole.substr(0, mib), "W/\"v1\""); }
  f.run_with({resume_answer(200, whole, {{"ETag", "\"v1\""}})});
  CHECK(field(f.http.seen().front(), "Range") == "none");
  CHECK(f.files.left.empty());
}

TEST_CASE("resume: large bodies are read back in pieces, between which a stop is heard") {
  resume_fixture f;
  const std::string large = content(50 * mib);
  f.leave(large);
  f.files.left.begin()->second.note.total = large.size() + 1;
  f.meanwhile = [&f](processing_controller& c) {
    f.files.fault = [&c](const std::string& call) -> std::optional<failure> {
      if (call == "recover") c.request_stop(stop_reason::session_expired);
      return std::nullopt;
    };
  };
  f.run_with({rest(1)});
  CHECK(std::count(f.files.calls.begin(), f.files.calls.end(), "recover") < 3);
  REQUIRE(f.files.left.size() == 1);
  CHECK((f.files.left.begin()->second.content == large));
  CHECK(f.http.seen().empty());
}

TEST_CASE("resume: what no attachment asks for goes when nothing is left to fetch, and not before") {
  resume_fixture f;
  f.leave(whole.substr(0, 3 * mib / 2));
  f.source.has("1", {});
  f.source.has("2", {"b.bin"});
  f.http.on("https://files/2/0", resume_answer(503, "", {}))
      .on("https://files/2/0", resume_answer(200, "b", {}));
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.status("2") == po_status::failed);
  CHECK(f.files.left.size() == 1);
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.status("2") == po_status::completed);
  CHECK(f.files.left.empty());
}

TEST_CASE("resume: an order that is not found for once, its body is kept for the run that finds it again") {
  resume_fixture f;
  f.leave(whole.substr(0, 3 * mib / 2));
  f.source.fails("1", make_failure(errc::not_found, "not for this user"));
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::not_found);
  CHECK(f.files.left.size() == 1);
  f.source.has("1", {"a.bin"});
  f.run_with({rest(3 * mib / 2)});
  CHECK(field(f.http.seen().back(), "Range") == "bytes=1572864-");
  CHECK(f.content("1/a.bin") == whole);
}

TEST_CASE("commit: a name that somebody takes meanwhile, the ledger knows the next one before it is used") {
  resume_fixture f;
  f.source.has("1", {"a.txt", "b.txt"});
  f.serve_everything();
  std::vector<std::string> known;
  f.files.fault = [&](const std::string& call) -> std::optional<failure> {
    if (call == "place 1/a.txt") f.files.files["1/a.txt"] = {"somebody else's", 1, true};
    if (call.rfind("place 1/a", 0) != 0) return std::nullopt;
    const auto po = f.records.find("1");
    for (const auto& record : po->attachments)
      if (call == "place 1/" + record.name && record.status == attachment_status::committing)
        known.push_back(record.name);
    return std::nullopt;
  };
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(known == std::vector<std::string>{"a.txt", "a (2).txt"});
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.content("1/a.txt") == "somebody else's");
  CHECK(f.content("1/a (2).txt") == "content of https://files/1/0");
  CHECK(f.content("1/b.txt") == "content of https://files/1/1");
  CHECK(f.records.find("1")->attachments[0].name == "a (2).txt");
}

TEST_CASE("commit: killed when the next name is in place, the file is adopted under it") {
  resume_fixture f;
  f.source.has("1", {"a.txt"});
  f.serve_everything();
  f.files.fault = [&](const std::string& call) -> std::optional<failure> {
    if (call == "place 1/a.txt") f.files.files["1/a.txt"] = {"somebody else's", 1, true};
    // The last call before the final row, which a killed run does not write.
    if (call == "sync 0") return make_failure(errc::disk_full, "killed");
    return std::nullopt;
  };
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::pending);
  f.files.fault = {};
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.http.count(body_url) == 1);
  CHECK(f.files.files.size() == 2);
  CHECK(f.records.find("1")->attachments[0].name == "a (2).txt");
}

TEST_CASE("commit: names taken again and again, fails in the end and leaves no intent") {
  resume_fixture f;
  f.serve_everything();
  f.files.fault = [&](const std::string& call) -> std::optional<failure> {
    if (call.rfind("place ", 0) == 0) return make_failure(errc::exists, "taken");
    return std::nullopt;
  };
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::failed);
  CHECK(f.records.find("1")->attachments[0].status == attachment_status::failed);
}
