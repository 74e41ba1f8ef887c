#include "sources/manifest.hpp"

#include "support/run_coro.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pofetch::sources {

namespace {

manifest_row row_of(std::string url, std::string filename = {}, std::int64_t line = 2) {
  manifest_row made;
  made.line = line;
  made.url = std::move(url);
  made.filename = std::move(filename);
  return made;
}

const std::string digest(64, 'A');

}  // namespace

TEST_CASE("manifest_rows: rows by purchase order, in their order") {
  manifest_rows rows;
  manifest_row full = row_of("https://a.example/2", "b\xC3\xA9.pdf", 3);
  full.sha256 = digest;
  full.size = 0;
  const auto added = rows.add("A", row_of("https://a.example/1", "a.pdf"));
  CAPTURE((added ? "" : added.error().message));
  REQUIRE(added.has_value());
  REQUIRE(rows.add("B", row_of("https://a.example/9")).has_value());
  REQUIRE(rows.add("A", full).has_value());
  REQUIRE(rows.add("a", row_of("https://a.example/8")).has_value());
  const auto found = rows.rows_of("A");
  REQUIRE(found.has_value());
  REQUIRE(found->size() == 2);
  CHECK((*found)[0].url == "https://a.example/1");
  CHECK((*found)[0].filename == "a.pdf");
  CHECK((*found)[0].line == 2);
  CHECK_FALSE((*found)[0].size.has_value());
  CHECK((*found)[1].filename == "b\xC3\xA9.pdf");
  CHECK((*found)[1].sha256 == digest);
  CHECK((*found)[1].size == 0U);
  CHECK(rows.rows_of("C")->empty());
  CHECK(rows.size() == 4);
}

TEST_CASE("manifest_rows: hostile texts, kept as they are") {
  manifest_rows rows;
  const std::string key("x'; DROP TABLE rows;--\0y", 24);
  REQUIRE(rows.add(key, row_of(std::string("https://a.example/\0'", 20))).has_value());
  REQUIRE(rows.add("", row_of("")).has_value());
  REQUIRE(rows.rows_of(key)->size() == 1);
  CHECK(rows.rows_of(key)->at(0).url.size() == 20);
  CHECK(rows.rows_of("")->size() == 1);
}

TEST_CASE("manifest_rows: many rows, reading and adding by turns") {
  manifest_rows rows;
  for (int i = 0; i < 25'000; ++i)
    REQUIRE(rows.add(std::to_string(i % 5000), row_of("https://a.example/" + std::to_string(i))).has_value());
  CHECK(rows.rows_of("4999")->size() == 5);
  REQUIRE(rows.add("4999", row_of("https://a.example/x")).has_value());
  CHECK(rows.rows_of("4999")->back().url == "https://a.example/x");
}

TEST_CASE("discovery_of: name and password of an address are kept apart from it, for its host alone") {
  const auto found =
      discovery_of("1", {row_of("https://user:p%40ss@a.example/1"), row_of("https://a.example/2"),
                         row_of("https://a%0db@a.example/3", {}, 9)});
  REQUIRE(found.attachments.size() == 2);
  CHECK(found.attachments[0].url == "https://a.example/1");
  CHECK(found.attachments[0].key == "https://a.example/1");
  CHECK(found.attachments[0].authorization == "Basic dXNlcjpwQHNz");
  CHECK(found.attachments[1].authorization.empty());
  REQUIRE(found.incomplete);
  CHECK(found.incomplete->message.find("line 9") != std::string::npos);
}

TEST_CASE("discovery_of: each address once, keys unique and without secrets") {
  const auto found =
      discovery_of("P-1", {row_of("https://a.example/1?sig=one", "a.pdf"),
                           row_of("HTTPS://A.example:443/1?sig=one", "b.pdf"),
                           row_of("https://a.example/1?sig=two", "c.pdf"), row_of("https://a.example/2"),
                           row_of("https://a.example/1?sig=three")});
  CHECK_FALSE(found.incomplete.has_value());
  REQUIRE(found.attachments.size() == 4);
  CHECK(found.attachments[0].name == "a.pdf");
  CHECK(found.attachments[0].key == "https://a.example/1");
  CHECK(found.attachments[1].key == "https://a.example/1 #2");
  CHECK(found.attachments[1].url == "https://a.example/1?sig=two");
  CHECK(found.attachments[2].key == "https://a.example/2");
  CHECK(found.attachments[3].key == "https://a.example/1 #3");
  for (const auto& each : found.attachments) CHECK(each.user_named);
  CHECK(found.page_url.empty());
  CHECK(found.supplier.empty());
}

TEST_CASE("discovery_of: size and digest, as the list says") {
  manifest_row row = row_of("https://a.example/1");
  row.sha256 = " " + digest + " ";
  row.size = 17;
  const auto found = discovery_of("1", {row});
  REQUIRE(found.attachments.size() == 1);
  CHECK(found.attachments[0].size == 17U);
  CHECK(found.attachments[0].sha256 == std::string(64, 'a'));
}

TEST_CASE("discovery_of: rows that cannot be used, said and not lost") {
  manifest_row bad_digest = row_of("https://a.example/1", "", 5);
  bad_digest.sha256 = "abc";
  const struct {
    manifest_row row;
    const char* message;
  } rows[] = {
      {row_of("", "", 7), "PO 1: line 7 of the manifest cannot be used: it has no address."},
      {row_of("  ", "", 7), "line 7"},
      {row_of("ftp://a.example/x", "", 8), "'ftp://a.example/x' is no http or https address"},
      {row_of("../x", "", 8), "no http or https address"},
      {row_of("file:///etc/passwd", "", 8), "no http or https address"},
      {bad_digest, "line 5 of the manifest cannot be used: its sha256 is not 64 hexadecimal digits."},
  };
  for (const auto& row : rows) {
    CAPTURE(row.message);
    const auto found = discovery_of("1", {row_of("https://a.example/ok"), row.row});
    CHECK(found.attachments.size() == 1);
    REQUIRE(found.incomplete.has_value());
    CHECK(found.incomplete->code == errc::input);
    CAPTURE(found.incomplete->message);
    CHECK(found.incomplete->message.find(row.message) != std::string::npos);
  }
  CHECK(discovery_of("1", {row_of(""), row_of(""), row_of("")}).incomplete->message.find("2 more") !=
        std::string::npos);
}

TEST_CASE("manifest: looked up on the ledger thread, nothing to sign in to") {
  boost::asio::io_context context;
  test::fake_clock time(context);
  boost::asio::thread_pool ledger_thread(1);
  manifest_rows rows;
  REQUIRE(rows.add("X-1", row_of("https://a.example/1", "a.pdf")).has_value());
  manifest source(ledger_thread.get_executor(), rows);
  purchase_order po;
  po.number = "X-1";
  const auto found = test::run_coro(context, time, source.discover(po));
  REQUIRE(found.has_value());
  REQUIRE(found->attachments.size() == 1);
  CHECK(found->attachments[0].name == "a.pdf");
  po.number = "X-2";
  CHECK(test::run_coro(context, time, source.discover(po))->attachments.empty());
  http_response head;
  head.status = 401;
  CHECK_FALSE(source.asks_to_sign_in(head, "", true));
  CHECK_FALSE(source.is_sign_in_url("https://a.example/login"));
}

TEST_CASE("manifest: with the address of the instance, its own sign-in pages are known, and no others") {
  boost::asio::thread_pool ledger_thread(1);
  manifest_rows rows;
  const manifest source(ledger_thread.get_executor(), rows, "https://acme.coupahost.com");
  CHECK(source.is_sign_in_url("https://acme.coupahost.com/sessions/new"));
  CHECK_FALSE(source.is_sign_in_url("https://other.example/sessions/new"));
  CHECK_FALSE(source.is_sign_in_url("https://acme.coupahost.com/files/1"));
  const std::string form =
      "<form><input name='user[login]' id='user_email'><input id='user_password'></form>";
  http_response head;
  head.status = 200;
  head.url = "https://acme.coupahost.com/oauth/files/1";
  CHECK(source.asks_to_sign_in(head, form, true));
  CHECK_FALSE(source.asks_to_sign_in(head, "<p>a page</p>", true));
  head.status = 401;
  CHECK(source.asks_to_sign_in(head, "", true));
  head.url = "https://other.example/1";
  CHECK_FALSE(source.asks_to_sign_in(head, form, true));
}

}  // namespace pofetch::sources
