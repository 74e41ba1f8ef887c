// Another look at what is done: what is new or replaced comes, nothing that is there goes.
#include "core/version_key.hpp"
#include "pipeline_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace pofetch;
using test::answer_of;
using test::fake_list;
using test::ok;
using test::pipeline_fixture;
using test::scripted_answer;
using namespace std::chrono_literals;

namespace {

constexpr const char* file_url = "https://files/1/0";

scripted_answer answer_with(std::string body, std::vector<http_field> fields) {
  scripted_answer made = answer_of(200, std::move(body));
  made.fields = std::move(fields);
  return made;
}

/// A server that knows entity-tags.
test::scripted_transport::responder tagged(std::string body, std::string tag) {
  return [body = std::move(body), tag = std::move(tag)](const http_request& request) {
    for (const auto& field : request.fields)
      if (field.name == "If-None-Match" && field.value == tag) return answer_of(304);
    return answer_with(body, {{"ETag", tag}});
  };
}

/// PO 1 with its file a.txt, fetched from a server that answers so.
struct refresh_fixture : pipeline_fixture {
  explicit refresh_fixture(test::scripted_transport::responder first) {
    config.retries = 0;
    source.has("1", {"a.txt"});
    http.respond(file_url, std::move(first));
    REQUIRE(ok(run(fake_list({"1"}))));
    REQUIRE(status("1") == po_status::completed);
    first_look = records.find("1")->look->at;
    config.refresh = 0ms;
    time.advance(1h);
  }

  void look_again() { REQUIRE(ok(run(fake_list({"1"})))); }

  [[nodiscard]] std::vector<attachment_record> known() const { return records.find("1")->attachments; }
  [[nodiscard]] bool look_moved() const { return records.find("1")->look->at > first_look; }

  std::chrono::system_clock::time_point first_look{};
};

const attachment_record* record_named(const std::vector<attachment_record>& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const auto& record) { return record.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("refresh: without it what is done is not looked at, with an age only what was looked at before") {
  refresh_fixture f(tagged("one", "\"1\""));
  f.source.asked.clear();
  f.config.refresh.reset();
  f.look_again();
  CHECK(f.source.asked.empty());
  f.config.refresh = 24h * 3650;
  f.look_again();
  CHECK(f.source.asked.empty());
  f.config.refresh = 0ms;
  f.look_again();
  CHECK(f.source.asked == std::vector<std::string>{"1"});
  CHECK(f.look_moved());
}

TEST_CASE("refresh: what is new comes, and an order that had nothing gets its first file") {
  refresh_fixture f(tagged("one", "\"1\""));
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.status("2") == po_status::no_attachments);
  f.source.has("1", {"a.txt", "b.txt"});
  f.source.has("2", {"c.txt"});
  f.http.on("https://files/1/1", answer_of(200, "new")).on("https://files/2/0", answer_of(200, "first"));
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.content("1/a.txt") == "one");
  CHECK(f.content("1/b.txt") == "new");
  CHECK(f.content("2/c.txt") == "first");
  CHECK(f.status("2") == po_status::completed);
  CHECK(f.files.partials == 0);
}

TEST_CASE("refresh: what is not listed any more stays and is marked, until it is listed again") {
  refresh_fixture f(tagged("one", "\"1\""));
  f.source.has("1", {});
  f.look_again();
  CHECK(f.content("1/a.txt") == "one");
  REQUIRE(f.known().size() == 1);
  CHECK(status_word(f.known()[0]) == "GONE");
  CHECK(f.status("1") == po_status::completed);
  f.source.has("1", {"a.txt"});
  f.look_again();
  CHECK(status_word(f.known()[0]) == "COMPLETED");
  CHECK(f.files.files.size() == 1);
}

TEST_CASE("refresh: nothing is gone where part of the order could not be read, and the look does not count") {
  refresh_fixture f(tagged("one", "\"1\""));
  discovery partly;
  partly.incomplete = make_failure(errc::timeout, "the requisition does not answer");
  f.source.answers.insert_or_assign("1", partly);
  f.look_again();
  CHECK(status_word(f.known()[0]) == "COMPLETED");
  CHECK(f.status("1") == po_status::partial);
  CHECK_FALSE(f.look_moved());
}

TEST_CASE("refresh: is the file another one? What the server says, and what is made of it") {
  struct row {
    std::string_view what;
    test::scripted_transport::responder before;
    test::scripted_transport::responder now;
    std::size_t files;        // on the disk afterwards
    std::size_t bodies;       // bytes received in the refresh
    std::string_view newest;  // content of `a (2).txt`
  };
  const auto dated = [](std::string body, std::string date) -> test::scripted_transport::responder {
    return [body = std::move(body), date = std::move(date)](const http_request&) {
      return answer_with(body, {{"Last-Modified", date}, {"Date", "Tue, 06 Jan 2026 00:00:00 GMT"}});
    };
  };
  const auto plain = [](std::string body) -> test::scripted_transport::responder {
    return [body = std::move(body)](const http_request&) { return answer_of(200, body); };
  };
  const auto deaf = [](std::string body, std::string tag) -> test::scripted_transport::responder {
    return [body = std::move(body), tag = std::move(tag)](const http_request&) {
      return answer_with(body, {{"ETag", tag}});
    };
  };
  const auto not_modified = [](std::string tag) -> test::scripted_transport::responder {
    return [tag = std::move(tag)](const http_request& request) {
      const bool asked = std::any_of(request.fields.begin(), request.fields.end(),
                                     [](const auto& field) { return field.name == "If-None-Match"; });
      scripted_answer made = answer_with(asked ? "" : "two", {{"ETag", tag}});
      if (asked) made.status = 304;
      return made;
    };
  };
  const std::string monday = "Mon, 05 Jan 2026 10:00:00 GMT";
  const std::string sunday = "Sun, 04 Jan 2026 10:00:00 GMT";
  const row rows[] = {
      {"the same entity-tag", tagged("one", "\"1\""), tagged("one", "\"1\""), 1, 0, "(missing)"},
      {"another entity-tag", tagged("one", "\"1\""), tagged("two", "\"2\""), 2, 3, "two"},
      {"another length, too", tagged("one", "\"1\""), tagged("longer", "\"2\""), 2, 6, "longer"},
      {"another entity-tag for the same content", tagged("one", "\"1\""), tagged("one", "\"2\""), 1, 3,
       "(missing)"},
      {"the same weak entity-tag", tagged("one", "W/\"1\""), tagged("one", "W/\"1\""), 1, 0, "(missing)"},
      {"weak and strong of the same", deaf("one", "W/\"1\""), deaf("one", "\"1\""), 1, 0, "(missing)"},
      {"deaf to conditions, the same", deaf("one", "\"1\""), deaf("one", "\"1\""), 1, 0, "(missing)"},
      {"deaf to conditions, another", deaf("one", "\"1\""), deaf("two", "\"2\""), 2, 3, "two"},
      {"the same tag and another length", deaf("one", "\"1\""), deaf("three", "\"1\""), 2, 5, "three"},
      {"a 304 about another version", deaf("one", "\"1\""), not_modified("\"2\""), 2, 3, "two"},
      {"the same date", dated("one", sunday), dated("one", sunday), 1, 0, "(missing)"},
      {"a later date", dated("one", sunday), dated("two", monday), 2, 3, "two"},
      {"an earlier date: an older file was put back", dated("one", monday), dated("two", sunday), 2, 3,
       "two"},
      {"a later date of the same content", dated("one", sunday), dated("one", monday), 1, 3, "(missing)"},
      {"a date of this second says nothing", dated("one", "Tue, 06 Jan 2026 00:00:00 GMT"),
       dated("two", "Tue, 06 Jan 2026 00:00:00 GMT"), 2, 3, "two"},
      {"nothing is said: the content decides, the same", plain("one"), plain("one"), 1, 3, "(missing)"},
      {"nothing is said: the content decides, another", plain("one"), plain("two"), 2, 3, "two"},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    refresh_fixture f(r.before);
    f.http.respond(file_url, r.now);
    const auto before = f.events.bytes;
    f.look_again();
    CHECK(f.events.bytes - before == r.bodies);
    CHECK(f.content("1/a.txt") == "one");
    CHECK(f.content("1/a (2).txt") == r.newest);
    CHECK(f.files.partials == 0);
    CHECK(f.files.files.size() == r.files);
    CHECK(f.known().size() == r.files);
    CHECK(f.status("1") == po_status::completed);
    CHECK(f.look_moved());
    // The next look finds nothing further.
    f.time.advance(1h);
    f.look_again();
    CHECK(f.files.files.size() == r.files);
  }
}

TEST_CASE("refresh: many files of one order are asked for side by side, and only what is another one comes") {
  pipeline_fixture f;
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) {
    names.push_back("f" + std::to_string(i) + ".txt");
    f.http.respond("https://files/1/" + std::to_string(i), tagged("content " + std::to_string(i), "\"1\""));
  }
  f.source.has("1", names);
  REQUIRE(ok(f.run(fake_list({"1"}))));
  f.config.refresh = 0ms;
  f.http.respond("https://files/1/7", tagged("another", "\"2\""));
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.files.files.size() == 13);
  CHECK(f.content("1/f7 (2).txt") == "another");
}

TEST_CASE("refresh: what the list says decides without a question") {
  struct row {
    std::string_view what;
    std::optional<std::uint64_t> size;
    std::string changed_at;
    bool is_asked;
  };
  const row rows[] = {
      {"same size and date", 3, "2026-01-01T10:00:00Z", false},
      {"same date alone", std::nullopt, "2026-01-01T10:00:00Z", false},
      {"another date", 3, "2026-01-02T10:00:00Z", true},
      {"no date any more", 3, "", true},
      {"another size, same date", 4, "2026-01-01T10:00:00Z", true},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    pipeline_fixture f;
    f.config.retries = 0;
    f.source.has("1", {"a.txt"});
    attachment& listed = f.source.answers.at("1")->attachments[0];
    listed.size = 3;
    listed.changed_at = "2026-01-01T10:00:00Z";
    f.source.answers.at("1")->time = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5);
    f.http.respond(file_url, tagged("one", "\"1\""));
    REQUIRE(ok(f.run(fake_list({"1"}))));
    f.config.refresh = 0ms;
    listed.size = r.size;
    listed.changed_at = r.changed_at;
    const auto before = f.http.count(file_url);
    REQUIRE(ok(f.run(fake_list({"1"}))));
    CHECK((f.http.count(file_url) > before) == r.is_asked);
    CHECK(f.content("1/a.txt") == "one");
  }
}

TEST_CASE("refresh: a date of the list that is as new as the look says nothing") {
  pipeline_fixture f;
  f.source.has("1", {"a.txt"});
  f.source.answers.at("1")->attachments[0].changed_at = "2026-01-05T00:00:00Z";
  f.source.answers.at("1")->time = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + 1s;
  f.http.respond(file_url, tagged("one", "\"1\""));
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.records.find("1")->attachments[0].listed_at.empty());
  f.config.refresh = 0ms;
  f.http.respond(file_url, tagged("two", "\"2\""));
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.content("1/a (2).txt") == "two");
}

TEST_CASE("refresh: version after version, and one that was there before is not there twice") {
  refresh_fixture f(tagged("one", "\"1\""));
  for (const char* content : {"two", "three", "one", "two", "four"}) {
    f.http.respond(file_url, tagged(content, std::string("\"") + content + "\""));
    f.time.advance(1h);
    f.look_again();
    const auto bodies = f.http.count(file_url);
    f.look_again();
    CHECK(f.http.count(file_url) == bodies + 1);
  }
  CHECK(f.content("1/a.txt") == "one");
  CHECK(f.content("1/a (2).txt") == "two");
  CHECK(f.content("1/a (3).txt") == "three");
  CHECK(f.content("1/a (4).txt") == "four");
  CHECK(f.files.files.size() == 4);
  const auto known = f.known();
  for (const char* name : {"a.txt", "a (2).txt", "a (3).txt"}) CHECK(record_named(known, name)->superseded);
  CHECK_FALSE(record_named(known, "a (4).txt")->superseded);
  CHECK(core::split_version(record_named(known, "a (4).txt")->key).number == 4);
}

TEST_CASE("refresh: a look-up that fails takes nothing away, is told, and does not count") {
  struct row {
    failure why;
    po_status status;
  };
  const row rows[] = {
      {make_failure(errc::timeout, "no answer"), po_status::failed},
      {failure{errc::not_found, 404, "no such order", {}}, po_status::not_found},
      {failure{errc::not_found, 403, "no right", {}}, po_status::not_found},
  };
  for (const row& r : rows) {
    refresh_fixture f(tagged("one", "\"1\""));
    const auto good = f.source.answers.at("1");
    f.source.fails("1", r.why);
    f.look_again();
    CHECK(f.status("1") == r.status);
    REQUIRE(f.records.find("1")->error);
    CHECK(f.records.find("1")->error->message.find("what is there is kept") != std::string::npos);
    CHECK(f.content("1/a.txt") == "one");
    REQUIRE(f.known().size() == 1);
    CHECK(f.known()[0].status == attachment_status::completed);
    CHECK_FALSE(f.look_moved());
    // The next run takes it up, with or without --refresh.
    f.config.refresh.reset();
    f.source.answers.insert_or_assign("1", good);
    f.look_again();
    CHECK(f.status("1") == po_status::completed);
    CHECK(f.files.files.size() == 1);
  }
}

TEST_CASE("refresh: a session that ends takes nothing away, and the next run goes on") {
  refresh_fixture f(tagged("one", "\"1\""));
  f.source.fails("1", make_failure(errc::session_expired, "sign in"));
  f.look_again();
  CHECK(f.stopped == stop_reason::session_expired);
  CHECK(f.status("1") == po_status::pending);
  REQUIRE(f.known().size() == 1);
  CHECK(f.known()[0].status == attachment_status::completed);
  CHECK_FALSE(f.look_moved());
  f.source.has("1", {"a.txt"});
  f.look_again();
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.files.files.size() == 1);
}

TEST_CASE("refresh: an order that was cut between two files keeps the look that listed them") {
  pipeline_fixture f;
  f.source.has("1", {"a.txt", "b.txt"});
  f.serve_everything();
  f.http.respond("https://files/1/1", [](const http_request&) {
    scripted_answer slow = answer_of(200, "late");
    slow.delay = 1h;
    return slow;
  });
  f.meanwhile = [&f](pipeline::processing_controller& controller) {
    auto stop = [](pofetch::clock& time, pipeline::processing_controller& running) -> awaitable<> {
      co_await time.sleep_for(10s);
      running.request_stop(stop_reason::machine);
    };
    boost::asio::co_spawn(f.context, stop(f.time, controller), [](std::exception_ptr) {});
  };
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::pending);
  REQUIRE(f.records.find("1")->look.has_value());
  const auto first = f.records.find("1")->look->at;
  f.meanwhile = {};
  f.http.respond("https://files/1/1", [](const http_request&) { return answer_of(200, "late"); });
  f.time.advance(1h);
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::completed);
  // What came first is not asked about again, so a later look could have missed what became of it.
  CHECK(f.records.find("1")->look->at == first);
}

TEST_CASE("refresh: a file that cannot be asked for makes the order PARTIAL until it can") {
  refresh_fixture f(tagged("one", "\"1\""));
  f.http.respond(file_url, [](const http_request&) { return answer_of(503); });
  f.look_again();
  CHECK(f.status("1") == po_status::partial);
  CHECK(f.content("1/a.txt") == "one");
  REQUIRE(f.known().size() == 2);
  CHECK(f.known()[1].status == attachment_status::failed);
  SUBCASE("it is the same") {
    f.http.respond(file_url, tagged("one", "\"1\""));
    f.config.refresh.reset();
    f.look_again();
    CHECK(f.status("1") == po_status::completed);
    CHECK(f.known().size() == 1);
    CHECK(f.files.files.size() == 1);
  }
  SUBCASE("it was replaced") {
    f.http.respond(file_url, tagged("two", "\"2\""));
    f.config.refresh.reset();
    f.look_again();
    CHECK(f.status("1") == po_status::completed);
    CHECK(f.content("1/a (2).txt") == "two");
  }
}

TEST_CASE(
    "refresh: what is asked for again in a run without it stays unasked, and such a look does not count") {
  refresh_fixture f(tagged("one", "\"1\""));
  f.source.has("1", {"a.txt", "b.txt"});
  f.http.respond("https://files/1/1", [](const http_request&) { return answer_of(404); });
  f.look_again();
  CHECK(f.status("1") == po_status::partial);
  const auto look = f.records.find("1")->look->at;
  f.config.refresh.reset();
  f.time.advance(1h);
  f.http.respond("https://files/1/1", [](const http_request&) { return answer_of(200, "late"); });
  const auto asked = f.http.count(file_url);
  f.look_again();
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.http.count(file_url) == asked);
  CHECK(f.records.find("1")->look->at == look);
}

TEST_CASE("refresh: an older version that somebody removed is not fetched again, as nobody has it") {
  refresh_fixture f(tagged("one", "\"1\""));
  f.http.respond(file_url, tagged("two", "\"2\""));
  f.look_again();
  f.files.files.erase("1/a.txt");
  f.config.refresh.reset();
  f.look_again();
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.content("1/a.txt") == "(missing)");
  CHECK(f.content("1/a (2).txt") == "two");
  CHECK(f.known().size() == 1);
  CHECK(std::any_of(f.events.notices.begin(), f.events.notices.end(), [](const std::string& text) {
    return text.find("file a.txt: it is not in the folder any more") != std::string::npos;
  }));
  // The present one is.
  f.files.files.erase("1/a (2).txt");
  f.look_again();
  CHECK(f.content("1/a (2).txt") == "two");
}

TEST_CASE("refresh: with --hash none the files themselves are compared") {
  for (const bool replaced : {false, true}) {
    pipeline_fixture f;
    f.config.hash = false;
    f.source.has("1", {"a.txt"});
    f.http.respond(file_url, [](const http_request&) { return answer_of(200, "one"); });
    REQUIRE(ok(f.run(fake_list({"1"}))));
    f.config.refresh = 0ms;
    f.http.respond(file_url,
                   [replaced](const http_request&) { return answer_of(200, replaced ? "two" : "one"); });
    REQUIRE(ok(f.run(fake_list({"1"}))));
    CHECK(f.files.files.size() == (replaced ? 2 : 1));
    CHECK(f.status("1") == po_status::completed);
  }
}

TEST_CASE(
    "refresh: a source that says that nothing has changed is believed for the list, not for the files") {
  refresh_fixture f(tagged("one", "\"1\""));
  discovery& listed = *f.source.answers.at("1");
  listed.pages = {{"https://coupa/1", "W/\"p\""}};
  f.look_again();
  CHECK(f.records.find("1")->look->pages == listed.pages);
  f.source.again = [](const purchase_order&, const std::vector<page_mark>& pages) -> result<discovery> {
    CHECK(pages.size() == 1);
    discovery same;
    same.unchanged = true;
    return same;
  };
  f.http.respond(file_url, tagged("two", "\"2\""));
  f.time.advance(1h);
  f.look_again();
  CHECK(f.content("1/a (2).txt") == "two");
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.records.find("1")->look->pages == listed.pages);
  for (const auto& record : f.known()) CHECK_FALSE(record.gone);
}

TEST_CASE("refresh: a source that names what has changed has only that looked at") {
  refresh_fixture f(tagged("one", "\"1\""));
  f.narrow = [&f](const refresh_scope& scope, const refresh_facts& facts) -> result<bool> {
    CHECK(facts.orders() == 1);
    REQUIRE(ok(f.records.end_changes(scope, f.time.wall())));
    return true;
  };
  f.source.asked.clear();
  f.look_again();
  CHECK(f.source.asked.empty());
  CHECK(f.look_moved());
  f.narrow = [&f](const refresh_scope& scope, const refresh_facts&) -> result<bool> {
    REQUIRE(ok(f.records.note_changes(std::vector<order_change>{{"1", "2026-02-01T00:00:00Z"}})));
    REQUIRE(ok(f.records.end_changes(scope, f.time.wall())));
    return true;
  };
  f.look_again();
  CHECK(f.source.asked == std::vector<std::string>{"1"});
}

TEST_CASE("refresh: what is done stays done where a supplier's POs may not be seen any more") {
  pipeline_fixture f;
  const auto list = [] {
    fake_list made;
    for (const char* number : {"1", "2", "3", "4", "5"}) made.add(number, "Acme");
    return made;
  };
  f.config.workers = 1;
  for (const char* number : {"1", "2", "3", "4", "5"}) f.source.has(number, {"a.txt"});
  f.serve_everything();
  REQUIRE(ok(f.run(list())));
  f.config.refresh = 0ms;
  const auto readable = f.source.answers;
  failure denied = make_failure(errc::not_found, "not visible");
  denied.http_status = 403;
  for (auto& answer : f.source.answers) answer.second = denied;
  REQUIRE(ok(f.run(list())));
  for (const char* number : {"1", "2", "3"}) CHECK(f.status(number) == po_status::not_found);
  for (const char* number : {"4", "5"}) CHECK(f.status(number) == po_status::completed);
  const auto told =
      std::count_if(f.events.notices.begin(), f.events.notices.end(), [](const std::string& each) {
        return each.find("not looked at again in this run") != std::string::npos;
      });
  CHECK(told == 1);
  // When the right is given, the next refresh looks at all of them.
  f.source.answers = readable;
  f.source.asked.clear();
  REQUIRE(ok(f.run(list())));
  CHECK(f.source.asked.size() == 5);
  for (const char* number : {"1", "2", "3", "4", "5"}) CHECK(f.status(number) == po_status::completed);
}
