#include "sources/coupa_api/coupa_api.hpp"

#include "api_helpers.hpp"
#include "core/percent.hpp"
#include "page_helpers.hpp"
#include "sources/coupa_api/api_facts.hpp"
#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace pofetch::sources {
namespace {

using test::api_base;
using test::html_answer;
using test::json_answer;
using test::listed;
using test::redirect_answer;
using test::scripted_answer;
using lines = std::vector<std::string>;

const std::string root = api_base + "/api";

std::string order_url(const std::string& number) {
  return root + "/purchase_orders?po-number=" + number + "&fields=" +
         core::encode_component(
             R"(["id","po-number","status","supplier","updated-at","order-lines","requisition-header"])") +
         "&limit=50";
}

std::string list_url(const std::string& owner, int offset) {
  return root + "/" + owner + "/attachments?limit=50&offset=" + std::to_string(offset);
}

std::string file_item(int id) {
  const std::string number = std::to_string(id);
  return R"({"id":)" + number + R"(,"type":"file","file-file-name":"f)" + number + R"(.pdf"})";
}

std::string items(int from, int to) {
  std::string all;
  for (int id = from; id < to; ++id) all += (all.empty() ? "" : ",") + file_item(id);
  return "[" + all + "]";
}

std::string order(const std::string& number = "123", const std::string& more = "") {
  return R"({"id":900,"po-number":")" + number + R"(","supplier":{"id":1,"name":" Acme  Inc "})" + more + "}";
}

struct api_fixture {
  api_fixture() {
    http.on(order_url("123"), json_answer("[" + order() + "]"));
    http.on(list_url("purchase_orders/900", 0), json_answer("[]"));
  }

  static api_client_options options() {
    api_client_options made;
    made.base_url = api_base + "/";
    made.retry.retries = 2;
    return made;
  }

  result<discovery> discover(std::string number = "123", std::string prefix = {}) {
    purchase_order po;
    po.number = std::move(number);
    po.prefix = std::move(prefix);
    return test::run_coro(context, time, api.discover(po));
  }

  boost::asio::io_context context;
  test::fake_clock time{context};
  test::scripted_transport http{time};
  progress events;
  coupa_api api{http, time, options(), events};
};

std::string fetched(int id, const std::string& owner = "purchase_orders/900/") {
  return "f" + std::to_string(id) + ".pdf <" + root + "/" + owner + "attachments/" + std::to_string(id) + ">";
}

}  // namespace

TEST_CASE("coupa_api: the order, its attachments page by page until an empty one, supplier, address") {
  boost::asio::io_context context;
  test::fake_clock time(context);
  test::scripted_transport http(time);
  http.on(order_url("123"), json_answer("[" + order() + "]"));
  http.on(list_url("purchase_orders/900", 0), json_answer(items(1, 51)));
  http.on(list_url("purchase_orders/900", 50), json_answer(items(51, 60)));
  http.on(list_url("purchase_orders/900", 59), json_answer("[]"));
  progress events;
  coupa_api api(http, time, api_fixture::options(), events);
  purchase_order po;
  po.number = "123";
  const auto found = test::run_coro(context, time, api.discover(po));
  REQUIRE(found.has_value());
  CHECK(found->attachments.size() == 59);
  CHECK(found->supplier == "Acme Inc");
  CHECK(found->page_url == root + "/purchase_orders/900");
  CHECK_FALSE(found->incomplete);
  CHECK(http.unscripted().empty());
  const http_request& asked = http.seen().front();
  CHECK(asked.method == "GET");
  CHECK(asked.urgent);
  CHECK(asked.max_body == (16U << 20));
  CHECK(asked.fields.front().value == "application/json");
  CHECK(asked.stop_before("https://elsewhere.example/"));
}

TEST_CASE("coupa_api: the union of order, lines and requisitions by id, in this order") {
  boost::asio::io_context context;
  test::fake_clock time(context);
  test::scripted_transport http(time);
  progress events;
  const std::string more =
      R"(,"order-lines":[{"attachments":[)" + file_item(2) + "," + file_item(5) +
      R"(],"requisition-header":{"id":"71"}},{"attachments":null},7],"requisition-header":{"id":70})";
  http.on(order_url("123"), json_answer("[" + order("PO123", more) + "]"));
  http.on(list_url("purchase_orders/900", 0), json_answer("[" + file_item(1) + "," + file_item(2) + "]"));
  http.on(list_url("purchase_orders/900", 2), json_answer("[]"));
  http.on(list_url("requisitions/70", 0), json_answer("[" + file_item(1) + "," + file_item(8) + "]"));
  http.on(list_url("requisitions/70", 2), json_answer("[]"));
  http.on(list_url("requisitions/71", 0), json_answer("[" + file_item(9) + "]"));
  http.on(list_url("requisitions/71", 1), json_answer("[]"));
  coupa_api api(http, time, api_fixture::options(), events);
  purchase_order po;
  po.number = "123";
  const auto found = test::run_coro(context, time, api.discover(po));
  REQUIRE(found.has_value());
  CHECK(listed(found->attachments) == lines{fetched(1), fetched(2), fetched(5, ""),
                                            fetched(8, "requisitions/70/"), fetched(9, "requisitions/71/")});
  CHECK(found->attachments[0].key == "attachment 1");
  CHECK_FALSE(found->incomplete);
  CHECK(http.unscripted().empty());
}

TEST_CASE("coupa_api: a list that never ends, repeats itself or is not paged: an end, and no silence") {
  const struct {
    const char* what;
    std::function<scripted_answer(const http_request&)> how;
    std::size_t found;
    bool incomplete;
    const char* part;
  } rows[] = {
      {"not paged", [](const http_request&) { return json_answer(items(1, 8)); }, 7, false, ""},
      {"offset is ignored", [](const http_request&) { return json_answer(items(1, 51)); }, 50, true,
       "same full page"},
      {"never ends",
       [](const http_request& asked) {
         const int at = std::stoi(asked.url.substr(asked.url.find("offset=") + 7));
         return json_answer(items(at + 1, at + 51));
       },
       50 * api_client::most_pages, true, "more than 200 pages"},
      {"no list", [](const http_request&) { return json_answer("{}"); }, 0, true, "a list was expected"},
      {"404", [](const http_request&) { return json_answer("{}", 404); }, 0, true, "404"},
      {"403", [](const http_request&) { return json_answer("{}", 403); }, 0, true,
       "core.purchase_order.read"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    boost::asio::io_context context;
    test::fake_clock time(context);
    test::scripted_transport http(time);
    progress events;
    http.on(order_url("123"), json_answer("[" + order() + "]"));
    http.otherwise(row.how);
    coupa_api api(http, time, api_fixture::options(), events);
    purchase_order po;
    po.number = "123";
    const auto found = test::run_coro(context, time, api.discover(po));
    REQUIRE(found.has_value());
    CHECK(found->attachments.size() == row.found);
    CHECK(found->incomplete.has_value() == row.incomplete);
    if (found->incomplete)
      CHECK_MESSAGE(found->incomplete->message.find(row.part) != std::string::npos,
                    found->incomplete->message);
    CHECK(http.requests() <= api_client::most_pages + 1);
  }
}

TEST_CASE("coupa_api: a requisition that cannot be read makes the order incomplete, with the scope's name") {
  api_fixture f;
  f.http.respond(order_url("123"), [](const http_request&) {
    return json_answer("[" + order("123", R"(,"requisition-header":{"id":70})") + "]");
  });
  f.http.on(list_url("requisitions/70", 0), json_answer(R"({"errors":{"base":["no"]}})", 403));
  const auto found = f.discover();
  REQUIRE(found.has_value());
  REQUIRE(found->incomplete);
  CHECK(found->incomplete->message.find("core.requisition.read") != std::string::npos);
  CHECK(found->incomplete->message.find("requisition 70") != std::string::npos);
}

TEST_CASE("coupa_api: the number alone first, the prefixed form only when there is nothing") {
  api_fixture f;
  f.http.on(order_url("77"), json_answer("[]"));
  f.http.on(order_url("PM77"), json_answer("[" + order("PM77") + "]"));
  CHECK(f.discover("77", "PM").has_value());
  CHECK(f.http.urls()[0] == order_url("77"));
  CHECK(f.http.urls()[1] == order_url("PM77"));

  api_fixture g;
  for (const char* form : {"78", "PO78", "PM78"}) g.http.on(order_url(form), json_answer("{}", 404));
  const auto missing = g.discover("78");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == errc::not_found);
  CHECK(missing.error().http_status == 404);
  CHECK(g.http.requests() == 3);
}

TEST_CASE("coupa_api: as the list writes the number, then without leading zeros") {
  api_fixture f;
  f.http.on(order_url("0079"), json_answer("[]"));
  f.http.on(order_url("79"), json_answer("[" + order("79") + "]"));
  CHECK(f.discover("0079").has_value());
  CHECK(f.http.urls()[0] == order_url("0079"));
  CHECK(f.http.urls()[1] == order_url("79"));
}

TEST_CASE("coupa_api: another order than was asked for, or none that can be told, is no success") {
  const struct {
    const char* answer;
    const char* part;
  } rows[] = {
      {R"([{"id":123,"po-number":"124"}])", "PO 124"},
      {R"([{"id":123}])", "without a number"},
      {R"([{"id":123,"po-number":"1234"}])", "PO 1234"},
      {R"([{"id":1,"po-number":"123"},{"id":2,"po-number":"123"}])", "several orders"},
      {R"([{"id":"../7","po-number":"123"}])", "numeric id"},
      {R"([{"po-number":"123"}])", "numeric id"},
      {R"({"id":1,"po-number":"123"})", "a list"},
      {R"([7])", "a list"},
      {R"("123")", "a list"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.answer);
    api_fixture f;
    f.http.respond(order_url("123"), [&](const http_request&) { return json_answer(row.answer); });
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == errc::unexpected_content);
    CHECK_MESSAGE(found.error().message.find(row.part) != std::string::npos, found.error().message);
    CHECK(found.error().message.rfind("PO 123", 0) == 0);
  }
  // Of several, the one that was asked for.
  api_fixture f;
  f.http.respond(order_url("123"), [](const http_request&) {
    return json_answer(R"([{"id":5,"po-number":"1230"},{"id":900,"po-number":123}])");
  });
  CHECK(f.discover().has_value());
}

TEST_CASE("coupa_api: every answer that is none, in one clear sentence") {
  const struct {
    scripted_answer answer;
    errc code;
    int status;
    const char* part;
  } rows[] = {
      {json_answer("{}", 401), errc::session_expired, 0, "401"},
      {json_answer(R"({"errors":{"base":["scope"]}})", 403), errc::not_found, 403,
       "core.purchase_order.read"},
      {html_answer("<title>Access Denied</title>You don't have permission to access x on this server.", 403),
       errc::http_status, 403, "titled 'Access Denied'"},
      {html_answer("<html><h1>No</h1></html>", 403), errc::http_status, 403, "Something in between"},
      {json_answer("", 403), errc::not_found, 403, "core.purchase_order.read"},
      {json_answer("", 406), errc::http_status, 406, "does not serve JSON"},
      {json_answer(R"({"errors":{"po-number":["is odd"]}})", 400), errc::http_status, 400, "It says: is odd"},
      {json_answer(R"({"errors":{"base":["no such token: 0123456789abcdef0123456789abcdef"]}})", 400),
       errc::http_status, 400, "It says: no such token: ***"},
      {json_answer("{}", 500), errc::http_status, 500, "500"},
      {json_answer("{}", 429), errc::rate_limited, 429, "429"},
      {html_answer("<html><h1>Maintenance</h1></html>"), errc::unexpected_content, 0, "an HTML page"},
      {html_answer("<html><input id=user_email><input id=user_password></html>"), errc::session_expired, 0,
       "sign-in page"},
      {redirect_answer(api_base + "/sessions/new"), errc::session_expired, 0, "sign-in page"},
      {redirect_answer("https://cdn.example/x"), errc::unexpected_content, 0,
       "redirect (status 302) to https://cdn.example/x"},
      {html_answer("404"), errc::unexpected_content, 0, "an HTML page"},
      {json_answer("[{"), errc::unexpected_content, 0, "broken JSON"},
      {json_answer(""), errc::unexpected_content, 0, "broken JSON"},
      {json_answer(std::string(100'000, '[')), errc::unexpected_content, 0, "broken JSON"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.part);
    api_fixture f;
    f.http.respond(order_url("123"), [&](const http_request&) { return row.answer; });
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == row.code);
    CHECK(found.error().http_status == row.status);
    CHECK_MESSAGE(found.error().message.find(row.part) != std::string::npos, found.error().message);
    CHECK(found.error().message.find("PO 123") != std::string::npos);
  }
}

TEST_CASE("coupa_api: what may pass is tried again") {
  api_fixture f;
  int tries = 0;
  f.http.respond(order_url("123"), [&](const http_request&) {
    return ++tries < 3 ? json_answer("{}", 503) : json_answer("[" + order() + "]");
  });
  CHECK(f.discover().has_value());
  CHECK(tries == 3);
}

TEST_CASE("coupa_api: a hostile answer takes no more memory than is allowed") {
  std::string wide = "[";
  while (wide.size() < (12U << 20)) wide += "{},{},{},{},";
  wide += "{}]";
  json_body body;
  http_response head;
  head.fields.push_back({"Content-Type", "application/json"});
  REQUIRE(body.begin(head));
  const std::span<const char> chars(wide.data(), wide.size());
  const auto read = body.write(std::as_bytes(chars));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == errc::too_large);
  CHECK_FALSE(body.take().has_value());
}

TEST_CASE("coupa_api: one attachment, its type, name, size and addresses") {
  const std::string at = root + "/purchase_orders/900/attachments";
  const std::string own = at + "/7";
  const struct {
    const char* json;
    std::string url;
    std::string fallback;
    const char* name;
    std::optional<std::uint64_t> size;
  } rows[] = {
      {R"({"id":7,"type":"file","file-file-name":"a b.pdf","file-file-size":"1234"})", own, "", "a b.pdf",
       1234},
      {R"({"id":"7","type":"AttachmentFile","file":"/uploads/x/plan.pdf","file-file-size":99})", own, "",
       "plan.pdf", 99},
      {R"({"id":7,"file":"C:\\docs\\plan.pdf","file-file-size":"12 KB"})", own, "", "plan.pdf", std::nullopt},
      {R"({"id":7,"type":"file"})", own, "", "", std::nullopt},
      {R"({"id":7,"type":"file","file":null,"file-url":""})", own, "", "", std::nullopt},
      {R"({"id":7,"type":"file","file-url":"https://s3.example/k/plan.pdf?X-Amz-Signature=1"})",
       "https://s3.example/k/plan.pdf?X-Amz-Signature=1", own, "plan.pdf", std::nullopt},
      {R"({"id":7,"type":"file","file":"https://s3.example/k/old%20plan.pdf?sig=1"})", own, "",
       "old plan.pdf", std::nullopt},
      {R"({"id":7,"type":"file","file":"x.pdf","file-url":"/attachment/7/x.pdf"})",
       api_base + "/attachment/7/x.pdf", own, "x.pdf", std::nullopt},
      {R"({"id":7,"type":"file","file":"x.pdf","file-url":"attachment/7/x.pdf"})",
       api_base + "/attachment/7/x.pdf", own, "x.pdf", std::nullopt},
      {R"({"id":7,"type":"file","file":"x.pdf","file-url":"//s3.example/x"})", "https://s3.example/x", own,
       "x.pdf", std::nullopt},
      {R"({"id":7,"type":"file","file":"x.pdf","file-url":"s3.example.com/x"})", "https://s3.example.com/x",
       own, "x.pdf", std::nullopt},
      {R"({"id":7,"type":"file","file":"x.pdf","file-url":"acme.coupahost.com/api/x"})", api_base + "/api/x",
       own, "x.pdf", std::nullopt},
      {R"({"id":7,"type":"file","file":"x.pdf","file-url":"2024.01/x"})", api_base + "/2024.01/x", own,
       "x.pdf", std::nullopt},
      {R"x({"id":7,"type":"file","file":"x.pdf","file-url":"javascript:alert(1)"})x", own, "", "x.pdf",
       std::nullopt},
      {R"({"id":7,"type":"file","file":"x.pdf","file-url":"ftp://s3.example/x"})", own, "", "x.pdf",
       std::nullopt},
      {R"({"id":7,"type":"file","file":"x.pdf","file-url":"https://"})", own, "", "x.pdf", std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.json);
    const auto made = read_api_attachment(boost::json::parse(row.json), at, api_base);
    REQUIRE(made);
    CHECK(made->what.key == "attachment 7");
    CHECK(made->what.url == row.url);
    CHECK(made->note.second_url == row.fallback);
    CHECK(made->what.name == row.name);
    CHECK(made->what.size == row.size);
    CHECK(made->note.not_a_file.empty());
    CHECK_FALSE(made->what.user_named);
  }
}

TEST_CASE("coupa_api: a text and a link are listed with what they say; what is neither is not understood") {
  const std::string at = root + "/attachments";
  const struct {
    const char* json;
    const char* says;
  } rows[] = {
      {R"({"id":7,"type":"text","text":"Call\n gate 4"})", "a text, not a file: Call gate 4"},
      {R"({"id":7,"type":"url","url":"https://x.example/p?token=geheim"})",
       "a link, not a file: https://x.example/p?token=***"},
      {R"({"id":7,"url":"https://x.example/p"})", "a link, not a file: https://x.example/p"},
      {R"({"id":7,"type":"AttachmentText"})", "a text, not a file"},
      {R"({"id":7,"type":"text","text":"Call","file":null,"file-file-size":"0"})",
       "a text, not a file: Call"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.json);
    const auto made = read_api_attachment(boost::json::parse(row.json), at, api_base);
    REQUIRE(made);
    CHECK(made->note.not_a_file == row.says);
  }
  const struct {
    const char* json;
    const char* key;
    const char* url;
    const char* name;
  } files[] = {
      {R"({"id":7,"type":"text","text":"see the file","file-url":"/f/1"})", "attachment 7", "/f/1", ""},
      {R"({"id":7,"type":"AttachmentUrl","file-file-name":"x.pdf"})", "attachment 7", "/api/attachments/7",
       "x.pdf"},
      {R"({"id":7,"type":"video","file":"up/x.mov"})", "attachment 7", "/api/attachments/7", "x.mov"},
      {R"({"id":7,"type":"file"})", "attachment 7", "/api/attachments/7", ""},
      {R"({"file-url":"/f/1/x.pdf"})", "https://acme.coupahost.com/f/1/x.pdf", "/f/1/x.pdf", "x.pdf"},
      {R"({"id":"a1b2","type":"file","file-url":"https://acme.coupahost.com/f/1?X-Amz-Signature=s"})",
       "https://acme.coupahost.com/f/1", "/f/1?X-Amz-Signature=s", ""},
  };
  for (const auto& row : files) {
    CAPTURE(row.json);
    const auto made = read_api_attachment(boost::json::parse(row.json), at, api_base);
    REQUIRE(made);
    CHECK(made->note.not_a_file.empty());
    CHECK(made->what.key == row.key);
    CHECK(made->what.url == api_base + row.url);
    CHECK(made->what.name == row.name);
  }
  for (const char* json :
       {R"({"id":7,"type":"video"})", R"({"id":"a1","type":"text","text":"x"})", "null", "[]", "7", "{}",
        R"({"id":7})", R"({"id":-7,"type":"file"})", R"({"id":"7/../8","type":"file"})",
        R"({"id":{"a":1},"type":"file"})", R"({"type":"file"})"})
    CHECK_FALSE(read_api_attachment(boost::json::parse(json), at, api_base));

  api_fixture f;
  f.http.respond(list_url("purchase_orders/900", 0),
                 [](const http_request&) { return json_answer(R"([{"type":"file","file":"x.pdf"}])"); });
  f.http.on(list_url("purchase_orders/900", 1), json_answer("[]"));
  const auto found = f.discover();
  REQUIRE(found.has_value());
  REQUIRE(found->incomplete);
  CHECK(found->incomplete->message.find("not understood (type 'file', file 'x.pdf')") != std::string::npos);
}

TEST_CASE("coupa_api: odd lists of lines and requisitions, never passed over in silence") {
  const struct {
    const char* what;
    const char* more;
    std::size_t found;
    const char* incomplete;
  } rows[] = {
      {"a line with one attachment", R"(,"order-lines":[{"attachments":{"id":5,"type":"file"}}])", 1, ""},
      {"under another name", R"(,"order-lines":[{"attachment":[{"id":5,"type":"file"}]}])", 1, ""},
      {"nothing", R"(,"order-lines":[{"attachments":null},{"attachments":{}},{"attachments":[]}])", 0, ""},
      {"a line's attachment that is none", R"(,"order-lines":[{"attachments":["x.pdf"]}])", 0,
       "not understood"},
      {"a requisition without an id", R"(,"requisition-header":{"number":"R7"})", 0,
       "requisition without an id"},
      {"a requisition with an odd id", R"(,"requisition-header":{"id":"../7"})", 0,
       "requisition without an id"},
      {"no requisition", R"(,"requisition-header":null)", 0, ""},
      {"an empty requisition", R"(,"requisition-header":{})", 0, ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    boost::asio::io_context context;
    test::fake_clock time(context);
    test::scripted_transport http(time);
    progress events;
    http.on(order_url("123"), json_answer("[" + order("123", row.more) + "]"));
    http.on(list_url("purchase_orders/900", 0), json_answer("[]"));
    coupa_api api(http, time, api_fixture::options(), events);
    purchase_order po;
    po.number = "123";
    const auto found = test::run_coro(context, time, api.discover(po));
    REQUIRE(found.has_value());
    CHECK(found->attachments.size() == row.found);
    const std::string why = found->incomplete ? found->incomplete->message : std::string();
    CAPTURE(why);
    CHECK(why.empty() == (*row.incomplete == '\0'));
    CHECK(why.find(row.incomplete) != std::string::npos);
  }
}

TEST_CASE("coupa_api: what says that signing in is needed, and what does not") {
  api_fixture f;
  http_response head;
  head.status = 401;
  head.url = root + "/attachments/7";
  CHECK(f.api.asks_to_sign_in(head, {}, true));
  head.url = api_base + "/files/7";
  CHECK_FALSE(f.api.asks_to_sign_in(head, {}, true));
  head.url = "https://s3.example/api/x";
  CHECK_FALSE(f.api.asks_to_sign_in(head, {}, true));
  CHECK_FALSE(f.api.is_sign_in_url(api_base + "/sessions/new"));
  CHECK_FALSE(is_api_address(api_base + "/apis/x", api_base));
  CHECK(is_api_address(api_base + "/api/x", api_base + "/"));
}

TEST_CASE("coupa_api: what the next look can ask by: times of change, and the instance's clock") {
  boost::asio::io_context context;
  test::fake_clock time{context};
  test::scripted_transport http{time};
  progress events;
  const std::string when = R"(,"updated-at":"2026-01-01T10:00:00+00:00")";
  scripted_answer found = json_answer("[" + order("123", when) + "]");
  found.fields.push_back({"Date", "Thu, 01 Jan 2026 12:00:00 GMT"});
  http.on(order_url("123"), found);
  http.on(list_url("purchase_orders/900", 0),
          json_answer(R"([{"id":1,"type":"file","file":"a.pdf","updated-at":" 2025-12-31T10:00:00Z "},)"
                      R"({"id":2,"type":"file","file":"b.pdf"}])"));
  http.on(list_url("purchase_orders/900", 2), json_answer("[]"));
  api_client_options options;
  options.base_url = api_base;
  coupa_api api(http, time, options, events);
  purchase_order po;
  po.number = "123";
  const auto read = test::run_coro(context, time, api.discover(po));
  REQUIRE(read.has_value());
  CHECK(read->updated_at == "2026-01-01T10:00:00+00:00");
  CHECK(read->time == std::chrono::sys_days(std::chrono::year(2026) / 1 / 1) + std::chrono::hours(12));
  REQUIRE(read->attachments.size() == 2);
  CHECK(read->attachments[0].changed_at == "2025-12-31T10:00:00Z");
  CHECK(read->attachments[1].changed_at.empty());
}

}  // namespace pofetch::sources
