#include "pipeline_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

using namespace pofetch;
using namespace pofetch::pipeline;
using test::answer_of;
using test::fake_list;
using test::ok;
using test::pipeline_fixture;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> numbers_from(int from, int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back(std::to_string(from + i));
  return all;
}

}  // namespace

TEST_CASE("controller: every PO gets the status that its attachments give it") {
  pipeline_fixture f;
  f.config.retries = 0;
  f.source.has("1", {"a.txt", "b.txt"});
  f.source.has("2", {"a.txt", "b.txt"});
  f.source.has("3", {"a.txt"});
  f.source.fails("5", make_failure(errc::not_found, "there is no such PO"));
  f.source.fails("6", make_failure(errc::timeout, "no answer within 30 s"));
  f.serve_everything();
  f.http.on("https://files/2/1", answer_of(404));
  f.http.on("https://files/3/0", answer_of(500));
  fake_list list({"1", "2", "3", "4", "5", "6"});
  list.add("");
  auto totals = f.run(std::move(list));
  REQUIRE(ok(totals));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.status("2") == po_status::partial);
  CHECK(f.status("3") == po_status::failed);
  CHECK(f.status("4") == po_status::no_attachments);
  CHECK(f.status("5") == po_status::not_found);
  CHECK(f.status("6") == po_status::failed);
  CHECK(totals->by_status[static_cast<std::size_t>(po_status::invalid)] == 1);
  CHECK(f.content("1/a.txt") == "content of https://files/1/0");
  CHECK(f.content("2/a.txt") == "content of https://files/2/0");
  CHECK(f.content("2/b.txt") == "(missing)");
  CHECK(code_word(*f.records.find("2")->error) == "http_404");
  CHECK(f.files.partials == 0);
}

TEST_CASE("controller: a group is held back for want of access, not for anything else that fails") {
  struct row {
    std::string_view what;
    std::vector<int> first;  // status of the first POs; the rest is denied
    std::size_t skipped;
  };
  const row rows[] = {
      {"all denied", {}, 7},
      {"a server that fails counts neither way", {503, 500}, 5},
      {"a PO that is not there counts neither way", {404}, 6},
      {"one that can be read", {200}, 0},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    pipeline_fixture f;
    f.config.workers = 1;
    fake_list list;
    for (std::size_t i = 0; i < 10; ++i) {
      const std::string number = std::to_string(i);
      list.add(number, "ACME");
      const int status = i < r.first.size() ? r.first[i] : 403;
      const errc code = status < 500 ? errc::not_found : errc::http_status;
      if (status == 200)
        f.source.has(number, {});
      else
        f.source.fails(number, failure{code, status, "scripted", {}});
    }
    // Rows that are no POs are no part of the group.
    for (int i = 0; i < 20; ++i) list.add("", "ACME");
    REQUIRE(ok(f.run(list)));
    std::size_t skipped = 0;
    for (int i = 0; i < 10; ++i) skipped += f.status(std::to_string(i)) == po_status::skipped ? 1U : 0U;
    CHECK(skipped == r.skipped);
    CHECK(f.source.asked.size() == 10 - r.skipped);
  }
}

TEST_CASE("controller: what is wrong with a file is told with PO and name") {
  pipeline_fixture f;
  f.config.retries = 0;
  f.source.has("12", {"a.txt", "b.txt"});
  f.serve_everything();
  f.http.on("https://files/12/1", test::failed_answer(errc::tls, "the certificate is bad"));
  REQUIRE(ok(f.run(fake_list({"12"}))));
  const auto found = f.records.find("12");
  REQUIRE(found);
  REQUIRE(found->attachments.size() == 2);
  REQUIRE(found->attachments[1].error);
  CHECK(found->attachments[1].error->message == "PO 12, file b.txt: the certificate is bad");
  REQUIRE(found->error);
  CHECK(found->error->message ==
        "1 of 2 attachments could not be fetched; the first: PO 12, file b.txt: the certificate is bad");
}

TEST_CASE("controller: a second run fetches what is missing and nothing else") {
  pipeline_fixture f;
  f.config.retries = 0;
  f.source.has("1", {"a.txt", "b.txt"});
  f.source.has("2", {"c.txt"});
  f.serve_everything();
  f.http.on("https://files/1/1", answer_of(503)).on("https://files/1/1", answer_of(200, "late"));
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.status("1") == po_status::partial);
  f.source.asked.clear();
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.source.asked == std::vector<std::string>{"1"});
  CHECK(f.http.count("https://files/1/0") == 1);
  CHECK(f.http.count("https://files/2/0") == 1);
  CHECK(f.content("1/b.txt") == "late");
}

TEST_CASE(
    "controller: files that are missing or changed are fetched again under their names, and only they") {
  pipeline_fixture f;
  f.source.has("1", {"a.txt", "a.txt"});
  f.source.has("2", {"c.txt"});
  f.serve_everything();
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  const std::string first = f.content("1/a.txt");
  const std::string second = f.content("1/a (2).txt");
  SUBCASE("missing") { f.files.files.erase("1/a (2).txt"); }
  SUBCASE("other size") { f.files.files["1/a (2).txt"].content = "x"; }
  SUBCASE("same size, other bytes") {
    auto& file = f.files.files["1/a (2).txt"];
    file.content[0] = 'X';
    file.mtime_ns += 1000;
  }
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.content("1/a.txt") == first);
  CHECK(f.content("1/a (2).txt") == second);
  CHECK(f.files.files.size() == 3);
  CHECK(f.http.count("https://files/1/0") == 1);
  CHECK(f.http.count("https://files/1/1") == 2);
  CHECK(f.http.count("https://files/2/0") == 1);
  CHECK(f.status("1") == po_status::completed);
}

TEST_CASE("controller: a file that was only touched is kept, its PO is not asked for again") {
  pipeline_fixture f;
  f.source.has("1", {"a.txt"});
  f.serve_everything();
  REQUIRE(ok(f.run(fake_list({"1"}))));
  f.files.files["1/a.txt"].mtime_ns += 1000;
  f.source.asked.clear();
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.source.asked.empty());
  CHECK(f.http.count("https://files/1/0") == 1);
  CHECK(f.status("1") == po_status::completed);
}

TEST_CASE("controller: asked to stop while the files of an earlier run are looked at, it reads no further") {
  pipeline_fixture f;
  for (const auto& number : numbers_from(1, 20)) f.source.has(number, {"a.txt"});
  f.serve_everything();
  REQUIRE(ok(f.run(fake_list(numbers_from(1, 20)))));
  for (auto& each : f.files.files) each.second.mtime_ns += 1000;
  const auto executor = f.context.get_executor();
  processing_controller controller(shared_parts{f.records, f.files, f.events, executor, executor},
                                   {lane{executor, f.http, f.source, f.time, 0, 1, nullptr}}, f.config);
  int read = 0;
  f.files.fault = [&](const std::string& call) -> std::optional<failure> {
    if (call.rfind("sha256", 0) == 0 && ++read == 3) controller.request_stop(stop_reason::interrupted);
    return std::nullopt;
  };
  fake_list list(numbers_from(1, 20));
  const auto taken = controller.take_in(list, {});
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().code == errc::cancelled);
  CHECK(read == 3);
  // Nothing is taken back for it.
  REQUIRE(ok(f.run(fake_list(numbers_from(1, 20)))));
  for (const auto& number : numbers_from(1, 20)) CHECK(f.http.count("https://files/" + number + "/0") == 1);
}

TEST_CASE("controller: asked to stop while one large file of an earlier run is read, it does not read on") {
  pipeline_fixture f;
  f.source.has("1", {"a.txt"});
  f.serve_everything();
  REQUIRE(ok(f.run(fake_list({"1"}))));
  f.files.files.begin()->second.mtime_ns += 1000;
  const auto executor = f.context.get_executor();
  processing_controller controller(shared_parts{f.records, f.files, f.events, executor, executor},
                                   {lane{executor, f.http, f.source, f.time, 0, 1, nullptr}}, f.config);
  f.files.fault = [&](const std::string& call) -> std::optional<failure> {
    if (call.rfind("sha256", 0) == 0) controller.request_stop(stop_reason::interrupted);
    return std::nullopt;
  };
  fake_list list({"1"});
  const auto taken = controller.take_in(list, {});
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().code == errc::cancelled);
  CHECK(f.status("1") == po_status::completed);
}

TEST_CASE("controller: on a file system that takes short names, files and folders get names that fit") {
  pipeline_fixture f;
  f.files.longest = 143;
  f.config.folder_status = true;
  std::size_t longest = 0;
  f.files.fault = [&longest](const std::string& call) -> std::optional<failure> {
    for (const char* const what : {"place ", "rename "})
      if (call.rfind(what, 0) == 0)
        for (std::size_t at = call.find(' ') + 1; at < call.size();) {
          const std::size_t end = std::min(call.find('/', at), call.find(" to ", at));
          longest = std::max(longest, std::min(end, call.size()) - at);
          if (end == std::string::npos) break;
          at = end + (call[end] == '/' ? 1 : 4);
        }
    return std::nullopt;
  };
  const std::string number(200, 'p');
  const std::string name = std::string(200, 'n') + ".pdf";
  f.source.has(number, {name, name});
  f.serve_everything();
  for (int run = 0; run < 2; ++run) {
    REQUIRE(ok(f.run(fake_list({number}))));
    CHECK(f.status(number) == po_status::completed);
    const std::string folder = std::string(143 - 25, 'p') + "_COMPLETED/";
    CHECK(f.files.files.size() == 2);
    CHECK(f.files.files.count(folder + std::string(139, 'n') + ".pdf") == 1);
    CHECK(f.files.files.count(folder + std::string(135, 'n') + " (2).pdf") == 1);
  }
  CHECK(longest <= 143);
}

TEST_CASE("controller: the users own file is never overwritten, a rerun keeps the names") {
  pipeline_fixture f;
  f.files.files["1/a.txt"] = {"the user's own", 1, true};
  f.files.files["1/B.TXT"] = {"the user's too", 1, true};
  f.source.has("1", {"a.txt", "A.txt", "b.txt"});
  f.serve_everything();
  for (int run = 0; run < 2; ++run) {
    REQUIRE(ok(f.run(fake_list({"1"}))));
    CHECK(f.content("1/a.txt") == "the user's own");
    CHECK(f.content("1/B.TXT") == "the user's too");
    CHECK(f.content("1/a (2).txt") == "content of https://files/1/0");
    CHECK(f.content("1/A (3).txt") == "content of https://files/1/1");
    CHECK(f.content("1/b (2).txt") == "content of https://files/1/2");
    CHECK(f.files.files.size() == 5);
  }
}

TEST_CASE(
    "controller: equal names follow the order of the source, also when an earlier one failed at first") {
  pipeline_fixture f;
  f.config.retries = 0;
  f.source.has("1", {"a.txt", "a.txt", "a.txt"});
  f.serve_everything();
  f.http.on("https://files/1/0", answer_of(503)).on("https://files/1/0", answer_of(200, "first"));
  REQUIRE(ok(f.run(fake_list({"1"}))));
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.content("1/a.txt") == "first");
  CHECK(f.content("1/a (2).txt") == "content of https://files/1/1");
  CHECK(f.content("1/a (3).txt") == "content of https://files/1/2");
}

TEST_CASE("controller: the name of Content-Disposition beats the source's, made safe") {
  pipeline_fixture f;
  f.source.has("1", {"listed.txt"});
  auto answer = answer_of(200, "x");
  answer.fields.push_back({"Content-Disposition", "attachment; filename=\"../../etc/passwd\""});
  f.http.on("https://files/1/0", answer);
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.content("1/passwd") == "x");
  CHECK(f.files.files.size() == 1);
}

TEST_CASE("controller: rows come out in the order of the list, whatever order they finish in") {
  pipeline_fixture f;
  const auto list = numbers_from(100, 50);
  for (std::size_t i = 0; i < list.size(); ++i) {
    f.source.has(list[i], {"a.txt"});
    auto answer = answer_of(200, "x");
    answer.delay = std::chrono::milliseconds((i * 7919) % 100);
    f.http.on("https://files/" + list[i] + "/0", answer);
  }
  REQUIRE(ok(f.run(fake_list(list))));
  std::vector<std::string> order;
  const auto visited = f.records.each([&order](const report_row& row) -> result<void> {
    order.push_back(row.outcome.po.number);
    return {};
  });
  REQUIRE(ok(visited));
  CHECK(order == list);
  CHECK(f.events.finished.size() == 50);
}

TEST_CASE(
    "controller: never more than max_concurrent downloads of one PO, and that many when there is work") {
  pipeline_fixture f;
  f.config.workers = 1;
  f.source.has("1", std::vector<std::string>(20, "a.txt"));
  f.serve_everything(50ms);
  for (const unsigned limit : {1U, 4U, 16U}) {
    CAPTURE(limit);
    pipeline_fixture one;
    one.config.workers = 1;
    one.config.max_concurrent = limit;
    one.source.has("1", std::vector<std::string>(20, "a.txt"));
    one.serve_everything(50ms);
    REQUIRE(ok(one.run(fake_list({"1"}))));
    CHECK(one.http.peak() == limit);
    CHECK(one.time.elapsed() == ((20 + limit - 1) / limit) * 50ms);
  }
}

TEST_CASE("controller: workers is how many POs are under way at the same time") {
  pipeline_fixture f;
  f.config.workers = 5;
  const auto list = numbers_from(1, 20);
  for (const auto& number : list) f.source.has(number, {"a.txt"});
  f.serve_everything(50ms);
  REQUIRE(ok(f.run(fake_list(list))));
  CHECK(f.http.peak() == 5);
}

TEST_CASE("controller: an expired session stops the run, nothing is marked failed for it") {
  pipeline_fixture f;
  f.config.workers = 2;
  const auto list = numbers_from(1, 30);
  for (const auto& number : list) f.source.has(number, {"a.txt", "b.txt"});
  f.serve_everything(10ms);
  SUBCASE("a page") { f.source.fails("7", make_failure(errc::session_expired, "the page asks to sign in")); }
  SUBCASE("a download answers 401") { f.http.on("https://files/7/1", answer_of(401)); }
  SUBCASE("a download leads to the sign-in page") {
    f.http.on("https://files/7/1", test::redirect_answer("https://coupa/sessions/new"));
  }
  SUBCASE("a sign-in form comes in place of a file") {
    f.source.has("7", {"a.txt", "b.pdf"});
    f.http.on(
        "https://files/7/1",
        test::html_answer("<html><form><input name=user_email><input name=user_password></form></html>"));
  }
  REQUIRE(ok(f.run(fake_list(list))));
  CHECK(f.stopped == stop_reason::session_expired);
  std::size_t pending = 0;
  for (const auto& number : list) {
    const po_status status = f.status(number);
    CHECK((status == po_status::pending || status == po_status::completed));
    if (status == po_status::pending) ++pending;
  }
  CHECK(pending >= 22);
  CHECK(f.status("7") == po_status::pending);
}

TEST_CASE("controller: what was whole when the session expired is kept and not fetched again") {
  pipeline_fixture f;
  f.config.workers = 1;
  f.config.max_concurrent = 1;
  f.source.has("1", {"a.txt", "b.txt"});
  f.serve_everything();
  f.http.on("https://files/1/1", answer_of(401)).on("https://files/1/1", answer_of(200, "b"));
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::pending);
  CHECK(f.content("1/a.txt") == "content of https://files/1/0");
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.http.count("https://files/1/0") == 1);
}

TEST_CASE("controller: asked to stop, it finishes what is under way within the grace and takes nothing new") {
  pipeline_fixture f;
  f.config.workers = 2;
  const auto list = numbers_from(1, 10);
  for (const auto& number : list) f.source.has(number, {"a.txt"});
  f.serve_everything(100ms);
  f.meanwhile = [](processing_controller& c) { c.request_stop(stop_reason::interrupted); };
  REQUIRE(ok(f.run(fake_list(list))));
  CHECK(f.stopped == stop_reason::interrupted);
  CHECK(f.time.elapsed() <= f.config.stop_grace);
  CHECK(f.files.partials == 0);
  REQUIRE(ok(f.records.last_run()));
  CHECK(f.records.last_run()->interrupted);
}

TEST_CASE("controller: a stop may have a grace of its own, and a later one may only shorten it") {
  struct row {
    const char* what;
    std::optional<std::chrono::milliseconds> first;
    std::optional<std::chrono::milliseconds> second;
    std::chrono::milliseconds expected;
  };
  const row rows[] = {
      {"drained, then as usual", 24h, {}, 2s},
      {"longer than the file takes", 24h, 24h, 1min},
      {"at once", 0ms, {}, 0ms},
      {"drained, then at once", 24h, 0ms, 0ms},
      {"never longer", 0ms, 24h, 0ms},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    pipeline_fixture f;
    f.config.workers = 1;
    f.source.has("1", {"a.txt"});
    auto slow = answer_of(200, "slow");
    slow.delay = 1min;
    f.http.on("https://files/1/0", slow);
    f.meanwhile = [&f, &r](processing_controller& c) {
      f.context.poll();
      c.request_stop(stop_reason::terminated, r.first);
      c.request_stop(stop_reason::interrupted, r.second);
    };
    REQUIRE(ok(f.run(fake_list({"1"}))));
    CHECK(f.stopped == stop_reason::terminated);
    CHECK(f.time.elapsed() >= r.expected);
    CHECK(f.time.elapsed() < r.expected + 1s);
    CHECK(f.status("1") == (r.expected == 1min ? po_status::completed : po_status::pending));
  }
}

TEST_CASE("controller: what does not end within the grace is abandoned, and comes in the next run") {
  pipeline_fixture f;
  f.config.workers = 1;
  f.source.has("1", {"a.txt", "b.txt"});
  auto slow = answer_of(200, "slow");
  slow.delay = 1h;
  f.http.on("https://files/1/0", answer_of(200, "quick"));
  f.http.on("https://files/1/1", slow).on("https://files/1/1", answer_of(200, "slow"));
  boost::asio::steady_timer never(f.context);
  f.meanwhile = [&f](processing_controller& c) {
    f.context.poll();
    c.request_stop(stop_reason::interrupted);
  };
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.time.elapsed() == f.config.stop_grace);
  CHECK(f.status("1") == po_status::pending);
  CHECK(f.content("1/a.txt") == "quick");
  f.meanwhile = {};
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.http.count("https://files/1/0") == 1);
  CHECK(f.content("1/b.txt") == "slow");
}

TEST_CASE("controller: a full disk stops the run, the rest stays PENDING and the next run completes") {
  pipeline_fixture f;
  f.config.workers = 1;
  const auto list = numbers_from(1, 10);
  for (const auto& number : list) f.source.has(number, {"a.txt"});
  f.serve_everything();
  std::string at;
  SUBCASE("while a body is written") { at = "append"; }
  SUBCASE("while bodies are synced") { at = "sync "; }
  SUBCASE("while a body is placed") { at = "place 4/a.txt"; }
  SUBCASE("while folders are synced") { at = "sync 0"; }
  int calls = 0;
  f.files.fault = [&](const std::string& call) -> std::optional<failure> {
    // Bodies are written one by one, groups of them synced and placed together.
    if (call.rfind(at, 0) != 0 || (at == "append" && ++calls < 3)) return std::nullopt;
    return make_failure(errc::disk_full, "no space left");
  };
  REQUIRE(ok(f.run(fake_list(list))));
  CHECK(f.stopped == stop_reason::machine);
  for (const auto& number : list)
    CHECK((f.status(number) == po_status::pending || f.status(number) == po_status::completed));
  f.files.fault = {};
  REQUIRE(ok(f.run(fake_list(list))));
  for (const auto& number : list) {
    CHECK(f.status(number) == po_status::completed);
    CHECK(f.content(number + "/a.txt") == "content of https://files/" + number + "/0");
  }
  CHECK(f.files.files.size() == 10);
}

TEST_CASE("controller: whichever call of the ledger fails, the next run completes with the same names") {
  for (std::size_t n = 0;; ++n) {
    CAPTURE(n);
    pipeline_fixture f;
    f.config.workers = 2;
    for (const auto& number : numbers_from(1, 6)) f.source.has(number, {"a.txt", "a.txt"});
    f.serve_everything();
    f.records.fail_after(n, make_failure(errc::ledger, "the ledger cannot be written"));
    auto first = f.run(fake_list(numbers_from(1, 6)));
    const bool reached = !f.records.failure_is_due();
    // Only the names of folders are no matter of life and death.
    const bool told = !f.events.notices.empty() && f.events.notices[0].starts_with("folders by status: ");
    if (first && reached) CHECK((f.stopped == stop_reason::machine || told));
    if (!reached) break;
    auto second = f.run(fake_list(numbers_from(1, 6)));
    REQUIRE(ok(second));
    for (const auto& number : numbers_from(1, 6)) {
      CHECK(f.status(number) == po_status::completed);
      CHECK(f.content(number + "/a.txt") == "content of https://files/" + number + "/0");
      CHECK(f.content(number + "/a (2).txt") == "content of https://files/" + number + "/1");
    }
    CHECK(f.files.files.size() == 12);
    REQUIRE(n < 200);
  }
}

TEST_CASE("controller: bodies are synced before they are placed, folders before the row says COMPLETED") {
  pipeline_fixture f;
  f.source.has("1", {"a.txt"});
  f.serve_everything();
  REQUIRE(ok(f.run(fake_list({"1"}))));
  const auto at = [&f](const std::string& call) {
    return std::find(f.files.calls.begin(), f.files.calls.end(), call) - f.files.calls.begin();
  };
  CHECK(at("sync 1") < at("place 1/a.txt"));
  CHECK(at("place 1/a.txt") < at("sync 0"));
  CHECK(f.files.files["1/a.txt"].synced);
}

TEST_CASE("controller: include and exclude leave attachments out") {
  pipeline_fixture f;
  f.config.include = {"*.pdf", "*.txt"};
  f.config.exclude = {"draft*"};
  f.source.has("1", {"a.txt", "b.doc", "Draft.txt"});
  f.serve_everything();
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.files.files.size() == 1);
  CHECK(f.records.find("1")->attachments[1].status == attachment_status::excluded);
  CHECK(f.records.find("1")->attachments[1].name == "b.doc");
}

TEST_CASE("controller: what an earlier run left out is fetched once it is wanted, and nothing else again") {
  pipeline_fixture f;
  f.config.include = {"*.pdf"};
  f.source.has("1", {"a.pdf", "b/c.doc", "d.txt", ""});
  f.source.answers.at("1")->notes["https://files/1/3"].not_a_file = "a text, not a file";
  f.source.has("2", {"e.pdf"});
  f.serve_everything();
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.files.files.size() == 2);
  f.config.include = {"*.pdf", "*.doc"};
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.content("1/b_c.doc") == "content of https://files/1/1");
  CHECK(f.files.files.size() == 3);
  CHECK(f.http.requests() == 3);
  CHECK(f.source.asked == std::vector<std::string>{"1", "2", "1"});
  CHECK(f.status("1") == po_status::completed);
  REQUIRE_FALSE(f.events.notices.empty());
  CHECK(f.events.notices.back() ==
        "files that include or exclude left out before and that are fetched now: 1");
  // The same filter again: nothing to look up.
  REQUIRE(ok(f.run(fake_list({"1", "2"}))));
  CHECK(f.source.asked.size() == 3);
}

TEST_CASE("controller: what is no file is listed with the reason, not fetched, and spoils no status") {
  pipeline_fixture f;
  f.source.has("1", {"a.txt", "", ""});
  f.source.answers.at("1")->notes["https://files/1/1"].not_a_file = "a text, not a file: ring the bell";
  f.source.answers.at("1")->notes["https://files/1/2"].not_a_file = "a link, not a file";
  f.serve_everything();
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.status("1") == po_status::completed);
  CHECK(f.http.requests() == 1);
  const auto row = f.records.find("1");
  const auto& all = row->attachments;
  REQUIRE(all.size() == 3);
  CHECK(all[1].status == attachment_status::excluded);
  REQUIRE(all[1].error);
  CHECK(all[1].error->code == errc::not_a_file);
  CHECK(all[1].error->message == "a text, not a file: ring the bell");
}

TEST_CASE("controller: the second address is tried when the first does not lead to the file, and only then") {
  const struct {
    test::scripted_answer first;
    bool asked;  ///< for the second
    po_status status;
  } rows[] = {
      {{}, false, po_status::completed},
      {test::html_answer("<!DOCTYPE html><html>sign in</html>"), true, po_status::completed},
      {test::html_answer("no", 404), true, po_status::completed},
      {test::failed_answer(errc::blocked_redirect, "private"), true, po_status::completed},
      {test::failed_answer(errc::connection, "no such host"), true, po_status::completed},
      {test::failed_answer(errc::too_large, "large"), false, po_status::failed},
      {test::failed_answer(errc::session_expired, "401"), false, po_status::pending},
  };
  for (const auto& row : rows) {
    pipeline_fixture f;
    f.config.retries = 1;
    f.source.has("1", {"a.pdf"});
    f.source.answers.at("1")->notes["https://files/1/0"].second_url = "https://files/second";
    f.http.on("https://files/1/0", row.first);
    test::scripted_answer whole;
    whole.body = "%PDF-1.4 the file";
    f.http.on("https://files/second", whole);
    REQUIRE(ok(f.run(fake_list({"1"}))));
    CHECK((f.http.count("https://files/second") == 1) == row.asked);
    CHECK(f.status("1") == row.status);
    if (row.asked) CHECK(f.content("1/a.pdf") == whole.body);
    // One word about each file, the last one.
    const bool fetched = row.status == po_status::completed;
    REQUIRE(f.events.files.size() == 1);
    CHECK((f.events.files[0] == attachment_status::committing) == fetched);
  }
}

TEST_CASE("controller: a body that broke off at the first address is not gone on from at the second") {
  pipeline_fixture f;
  f.config.retries = 0;
  f.source.has("1", {"a.pdf"});
  f.source.answers.at("1")->notes["https://files/1/0"].second_url = "https://files/second";
  test::scripted_answer broken;
  broken.fields = {{"ETag", "\"v1\""}, {"Content-Length", "20"}};
  broken.body = "%PDF-1.4 old";
  broken.error = make_failure(errc::connection, "reset");
  test::scripted_answer whole;
  whole.body = "%PDF-1.4 the file new";
  f.http.on("https://files/1/0", broken);
  f.http.on("https://files/second", whole);
  REQUIRE(ok(f.run(fake_list({"1"}))));
  CHECK(f.content("1/a.pdf") == whole.body);
  CHECK(f.records.find("1")->attachments[0].attempts == 2);
  REQUIRE(f.http.seen().size() == 2);
  CHECK(f.http.seen()[1].url == "https://files/second");
  for (const auto& field : f.http.seen()[1].fields) CHECK(field.name != "Range");
}

TEST_CASE(
    "controller: discover only, the second address is asked for the size where the first says nothing") {
  pipeline_fixture f;
  f.config.retries = 0;
  f.source.has("1", {"a.pdf"});
  f.source.answers.at("1")->notes["https://files/1/0"].second_url = "https://files/second";
  f.http.on("https://files/1/0", test::html_answer("no", 404));
  test::scripted_answer whole;
  whole.body = "%PDF-1.4";
  f.http.on("https://files/second", whole);
  REQUIRE(ok(f.plan(fake_list({"1"}))));
  const auto row = f.records.find("1");
  const auto& all = row->attachments;
  REQUIRE(all.size() == 1);
  CHECK(all[0].bytes == whole.body.size());
  CHECK_FALSE(all[0].error);
}

TEST_CASE("controller: discover only, sizes are asked for and nothing is fetched") {
  pipeline_fixture f;
  f.source.has("1", {"a.txt", "b.txt"});
  f.serve_everything();
  REQUIRE(ok(f.plan(fake_list({"1"}))));
  CHECK(f.http.seen().at(0).method == "HEAD");
  CHECK(f.records.find("1")->attachments.size() == 2);
  CHECK(f.records.find("1")->attachments[0].bytes == std::string("content of https://files/1/0").size());
  CHECK(f.files.calls.empty());
}

TEST_CASE("controller: discover only, who knows no HEAD may have the file all the same") {
  struct row {
    const char* what;
    test::scripted_answer answer;
    const char* leads_to;  // of a storage; empty: the instance answers itself
    const char* code;      // of the attachment's error
  };
  const row rows[] = {
      {"allows no HEAD", answer_of(405), "", "unsupported"},
      {"knows no HEAD", answer_of(501), "", "unsupported"},
      {"a storage allows no HEAD", answer_of(405), "https://storage/a", "unsupported"},
      {"the address of a storage is signed for GET", answer_of(403), "https://storage/a", "unsupported"},
      {"the instance refuses", answer_of(403), "", "http_403"},
      {"a storage does not have it", answer_of(404), "https://storage/a", "http_404"},
      {"a storage had it", answer_of(410), "https://storage/a", "http_410"}};
  for (const row& r : rows) {
    CAPTURE(r.what);
    pipeline_fixture f;
    f.config.retries = 0;
    f.source.has("1", {"a.pdf"});
    const std::string target = r.leads_to;
    f.http.on("https://files/1/0", target.empty() ? r.answer : test::redirect_answer(target));
    if (!target.empty()) f.http.on(target, r.answer);
    REQUIRE(ok(f.plan(fake_list({"1"}))));
    const auto all = f.records.find("1")->attachments;
    REQUIRE(all.size() == 1);
    CHECK(all[0].status == attachment_status::pending);
    REQUIRE(all[0].error);
    CHECK(code_word(*all[0].error) == r.code);
    CHECK(f.http.seen().size() == 1);
  }
}

TEST_CASE("controller: a batch goes on without its list, for what is chosen, and its groups are held back") {
  pipeline_fixture f;
  f.config.workers = 1;
  fake_list list;
  for (int i = 0; i < 10; ++i) list.add(std::to_string(i), "ACME");
  f.source.has("0", {"a.pdf"});
  f.serve_everything();
  REQUIRE(ok(f.run(list)));
  f.source.decide = [](const purchase_order&) -> result<discovery> {
    return failure{errc::not_found, 403, "scripted", {}};
  };
  f.source.asked.clear();
  REQUIRE(ok(f.resume({.statuses = {po_status::no_attachments}, .numbers = {"3", "7", "0"}})));
  CHECK(f.source.asked == std::vector<std::string>{"3", "7"});

  pipeline_fixture denied;
  denied.config.workers = 1;
  denied.config.breaker = false;
  denied.source.decide = f.source.decide;
  REQUIRE(ok(denied.run(list)));
  CHECK(denied.source.asked.size() == 10);
  denied.source.asked.clear();
  denied.config.breaker = true;
  REQUIRE(ok(denied.resume({})));
  CHECK(denied.source.asked.size() == 3);
}
