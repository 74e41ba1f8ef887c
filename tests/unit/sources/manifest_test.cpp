#include "sources/manifest/manifest.hpp"

#include "support/run_coro.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pofetch::sources {

namespace {

listed_attachment listed_as(std::string url, std::string name = {}) {
  listed_attachment line;
  line.file.key = url;
  line.file.url = std::move(url);
  line.file.name = std::move(name);
  return line;
}

listed_attachment unusable_line(std::string problem) {
  listed_attachment line;
  line.problem = std::move(problem);
  return line;
}

}  // namespace

TEST_CASE("discovery_of: what the list says, in its order") {
  const auto found =
      discovery_of({listed_as("https://a.example/2", "b"), listed_as("https://a.example/1", "a")});
  CHECK_FALSE(found.incomplete.has_value());
  REQUIRE(found.attachments.size() == 2);
  CHECK(found.attachments[0].name == "b");
  CHECK(found.attachments[1].key == "https://a.example/1");
  CHECK(found.page_url.empty());
  CHECK(found.supplier.empty());
}

TEST_CASE("discovery_of: lines that cannot be used, said and not lost") {
  const auto one = discovery_of({listed_as("https://a.example/ok"), unusable_line("line 5 is bad.")});
  CHECK(one.attachments.size() == 1);
  REQUIRE(one.incomplete);
  CHECK(one.incomplete->code == errc::input);
  CHECK(one.incomplete->message == "line 5 is bad.");
  const auto three =
      discovery_of({unusable_line("line 5."), unusable_line("line 6."), unusable_line("line 7.")});
  CHECK(three.incomplete->message == "line 5. (2 more lines like this.)");
}

TEST_CASE("manifest: its lines are all that it knows, and there is nothing to sign in to") {
  boost::asio::io_context context;
  test::fake_clock time(context);
  manifest source;
  purchase_order po;
  po.number = "X-1";
  const std::vector<listed_attachment> listed{listed_as("https://a.example/1", "a.pdf")};
  const auto found = test::run_coro(context, time, source.discover_listed(po, listed));
  REQUIRE(found.has_value());
  REQUIRE(found->attachments.size() == 1);
  CHECK(found->attachments[0].name == "a.pdf");
  // Never "no attachments" because nothing is known.
  const auto unknown = test::run_coro(context, time, source.discover(po));
  REQUIRE(unknown.has_error());
  CHECK(unknown.error().code == errc::input);
  http_response head;
  head.status = 401;
  CHECK_FALSE(source.asks_to_sign_in(head, "", true));
  CHECK_FALSE(source.is_sign_in_url("https://a.example/login"));
}

TEST_CASE("manifest: with the address of the instance, its own sign-in pages are known, and no others") {
  const manifest source("https://acme.coupahost.com");
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
