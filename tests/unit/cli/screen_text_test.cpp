#include "cli/screen/bar_frame.hpp"
#include "cli/screen/event_text.hpp"
#include "cli/text/printable.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace pofetch;
using namespace pofetch::cli;

TEST_CASE("printable: nothing that a terminal would act on") {
  struct row {
    const char* text;
    const char* wanted;
  };
  const row rows[] = {{"plain", "plain"},
                      {"a\nb\tc\r", "a b c "},
                      {"\x1b[31mred", "\xef\xbf\xbd[31mred"},
                      {"\x7f", "\xef\xbf\xbd"},
                      {"\xc2\x9b"
                       "2J",
                       "\xef\xbf\xbd"
                       "2J"},  // C1: CSI
                      {"a\xe2\x80\xae"
                       "fdp.exe",
                       "a\xef\xbf\xbd"
                       "fdp.exe"},  // right-to-left override
                      {"\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd"},
                      {"\xe6\x97\xa5", "\xe6\x97\xa5"}};
  for (const row& each : rows) {
    CAPTURE(std::string(each.text));
    CHECK(printable(each.text) == each.wanted);
  }
}

TEST_CASE("width: wide characters count two, combining ones none") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("\xe6\x97\xa5\xe6\x9c\xac") == 4);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(fitted("\xe6\x97\xa5\xe6\x9c\xac", 4) == "\xe6\x97\xa5\xe6\x9c\xac");
  CHECK(fitted("\xe6\x97\xa5\xe6\x9c\xac", 3) == "\xe6\x97\xa5\xe2\x80\xa6");
  CHECK(fitted("abc", 2) == "a\xe2\x80\xa6");
  CHECK(fitted("abc", 0) == "");
  CHECK(padded("ab", 4) == "ab  ");
  for (std::size_t columns = 0; columns < 12; ++columns) {
    CHECK(display_width(padded("\xe6\x97\xa5"
                               "a\xe6\x9c\xac"
                               "bcdef",
                               columns)) == columns);
  }
}

TEST_CASE("failure lines: a line an attachment, or one for the PO") {
  po_outcome outcome;
  outcome.po.number = "77";
  outcome.status = po_status::partial;
  outcome.error = make_failure(errc::timeout, "summary");
  attachment_record good;
  good.status = attachment_status::completed;
  attachment_record bad;
  bad.status = attachment_status::failed;
  bad.name = "a\x1b.pdf";
  bad.error = make_failure(errc::timeout, "nothing came for 30 s");
  outcome.attachments = {good, bad};
  auto lines = failure_lines(outcome);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].code == "timeout");
  CHECK(lines[0].text == "PO 77, a\xef\xbf\xbd.pdf: nothing came for 30 s [timeout]");

  // The pipeline puts PO and file in front itself.
  outcome.attachments[1].error = make_failure(errc::timeout, "PO 77, file a.pdf: nothing came");
  lines = failure_lines(outcome);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].text == "PO 77, file a.pdf: nothing came [timeout]");

  outcome.attachments.clear();
  outcome.status = po_status::failed;
  outcome.error = make_failure(errc::connection, "PO 77: no answer");
  lines = failure_lines(outcome);
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].text == "PO 77: no answer [connection]");

  for (const po_status fine :
       {po_status::completed, po_status::not_found, po_status::pending, po_status::skipped}) {
    outcome.status = fine;
    CHECK(failure_lines(outcome).empty());
  }
}

TEST_CASE("status pieces: a word when nothing was finished for 45 seconds") {
  const auto told = [](std::chrono::milliseconds idle) {
    progress_snapshot now;
    now.started = true;
    now.pos_total = 3;
    now.idle = idle;
    std::string all;
    for (const std::string& piece : status_pieces(now)) all += piece + ";";
    return all.find("nothing finished for") != std::string::npos;
  };
  CHECK_FALSE(told(std::chrono::milliseconds{44'999}));
  CHECK(told(std::chrono::seconds{45}));
}

TEST_CASE("failure lines: secrets in a message are masked") {
  po_outcome outcome;
  outcome.po.number = "77";
  outcome.status = po_status::failed;
  outcome.error = make_failure(errc::http_status, "GET https://s3.example/a?X-Amz-Signature=geheim failed");
  CHECK(failure_lines(outcome)[0].text.find("geheim") == std::string::npos);
  CHECK(notice_line(notice_level::warning, "Authorization: Bearer geheim").find("geheim") ==
        std::string::npos);
}

TEST_CASE("failure filter: a hundred of a code, then one word, then silence") {
  failure_filter filter;
  const failure_line line{"timeout", "text"};
  for (int i = 0; i < 100; ++i) CHECK(filter.pass(line) == "text");
  CHECK(filter.pass(line).find("only counted") != std::string::npos);
  CHECK(filter.pass(line).empty());
  CHECK(filter.pass({"tls", "other"}) == "other");
}

TEST_CASE("bar: every frame fits its terminal") {
  progress_snapshot now;
  now.started = true;
  now.pos_total = 1'000'000;
  now.pos_done = 250'000;
  now.bytes = 5ULL << 40;
  now.retries = 12;
  now.files_failed = 3;
  for (int i = 0; i < 30; ++i)
    now.workers.push_back({i == 3 ? ""
                                  : "\xe6\x97\xa5\xe6\x9c\xac"
                                    "-123456789012345678",
                           3, 7, 1 << 20});
  for (const std::size_t columns : {1U, 20U, 40U, 80U, 200U}) {
    for (const std::size_t rows : {1U, 2U, 5U, 24U, 60U}) {
      CAPTURE(columns);
      CAPTURE(rows);
      const bar_frame frame = draw_frame(now, {columns, rows});
      CHECK(frame.whole.size() + frame.workers.size() <= std::max<std::size_t>(rows - (rows > 1 ? 1 : 0), 1));
      CHECK_FALSE(frame.whole.empty());
      for (const std::string& line : frame.whole)
        CHECK(display_width(line) < std::max<std::size_t>(columns, 2));
      for (const std::string& line : frame.workers)
        CHECK(display_width(line) < std::max<std::size_t>(columns, 2));
    }
  }
  const bar_frame large = draw_frame(now, {120, 60});
  CHECK(large.workers.size() == 29);
  CHECK(large.whole.front().starts_with("[#####---------------] 250,000 of 1,000,000 POs (25 %)"));
  now.bytes_per_second = 2e6;
  now.memory = 20U << 20;
  now.left = std::chrono::hours{5};
  now.spared = "throttling tenant.coupahost.com: 16 of 16 at once, 38.6 requests/s, pause 0.5 s";
  std::string whole;
  for (const std::string& line : draw_frame(now, {80, 24}).whole) whole += line + "\n";
  for (const char* part : {"MiB/s", "left", "POs/min", "12 retried", "pause 0.5 s", "CPU", "memory 20.0 MiB"})
    CHECK_MESSAGE(whole.find(part) != std::string::npos, whole);
  const bar_frame small = draw_frame(now, {120, 10});
  CHECK(small.workers.back().find("more") != std::string::npos);
}

TEST_CASE("bar: lines that a narrower terminal has broken over take more rows") {
  const bar_frame frame{{std::string(79, 'x'), "short"}, {std::string(40, 'y'), "\xe6\x97\xa5\xe6\x9c\xac"}};
  struct row {
    std::size_t columns;
    std::size_t expected;
  };
  for (const row& r :
       {row{80, 4}, row{120, 4}, row{40, 5}, row{39, 7}, row{3, 27 + 2 + 14 + 2}, row{0, 128}}) {
    CAPTURE(r.columns);
    CHECK(rows_taken(frame, r.columns) == r.expected);
  }
  CHECK(rows_taken({}, 80) == 0);
}

TEST_CASE("bar: before the list is read it says so, an empty list is done") {
  progress_snapshot now;
  CHECK(draw_frame(now, {80, 24}).whole == std::vector<std::string>{"Reading the list ..."});
  now.started = true;
  CHECK(draw_frame(now, {80, 24}).whole.front().find("(100 %)") != std::string::npos);
}

TEST_CASE("status: the time left is only told when it is known") {
  progress_snapshot now;
  now.started = true;
  now.pos_total = 10;
  const auto joined = [&] {
    std::string all;
    for (const std::string& piece : status_pieces(now)) all += piece + "|";
    return all;
  };
  CHECK(joined().find("calculating") != std::string::npos);
  now.left = std::chrono::seconds{65};
  CHECK(joined().find("1 min 05 s left") != std::string::npos);
  now.pos_done = 10;
  CHECK(joined().find(" left") == std::string::npos);
}
