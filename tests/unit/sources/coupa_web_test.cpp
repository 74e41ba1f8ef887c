#include "sources/coupa_web/coupa_web.hpp"

#include "page_helpers.hpp"
#include "support/fake_clock.hpp"
#include "support/run_coro.hpp"
#include "support/scripted_transport.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pofetch::sources {

using namespace std::chrono_literals;
using lines = std::vector<std::string>;
using test::failed_answer;
using test::html_answer;
using test::listed;
using test::order_page;
using test::redirect_answer;

namespace {

const std::string web_base = "https://acme.coupahost.com";
const std::string order_123 = web_base + "/order_headers/123";
constexpr const char* sign_in_page =
    "<html><h1>Oops</h1><form><input id=user_email><input id=user_password></form>";
constexpr const char* missing_page =
    "<html><title>Coupa</title><h1>Oops! We couldn't find what you wanted</h1></html>";

struct counting_progress final : progress {
  std::size_t retries = 0;
  unsigned worker = 99;
  std::string last_word;
  void on(const progress_event& event) override {
    const auto* one = std::get_if<event::retrying>(&event);
    if (one == nullptr) return;
    ++retries;
    worker = one->worker;
    last_word = code_word(one->why);
  }
};

/// A web source over a scripted instance.
struct web_fixture {
  boost::asio::io_context context;
  test::fake_clock time{context};
  test::scripted_transport http{time};
  counting_progress events;
  coupa_web web{http, time, options(), events};

  static coupa_web_options options() {
    coupa_web_options made;
    made.base_url = web_base + "/";
    made.retry.retries = 3;
    made.seed = 7;
    made.worker = 5;
    return made;
  }

  result<discovery> discover(std::string number = "123", std::string prefix = {}) {
    purchase_order po;
    po.number = std::move(number);
    po.prefix = std::move(prefix);
    return test::run_coro(context, time, web.discover(po));
  }
};

std::string link_to(int id) {
  const std::string number = std::to_string(id);
  return "<a href='/attachments/" + number + "/download'>f" + number + ".pdf</a>";
}

std::string attachment_line(int id) {
  const std::string number = std::to_string(id);
  return "f" + number + ".pdf <" + web_base + "/attachments/" + number + "/download>";
}

}  // namespace

TEST_CASE("coupa_web: a PO page, its attachments, supplier and masked address") {
  web_fixture f;
  f.http.on(
      order_123,
      html_answer(order_page("<span class=supplier-name>Acme</span>" + link_to(1) + link_to(2)), 200, 7));
  const auto found = f.discover();
  REQUIRE(found.has_value());
  CHECK(listed(found->attachments) == lines{attachment_line(1), attachment_line(2)});
  CHECK(found->attachments[0].key == web_base + "/attachments/1/download");
  CHECK_FALSE(found->attachments[0].user_named);
  CHECK(found->supplier == "Acme");
  CHECK(found->page_url == order_123);
  CHECK_FALSE(found->incomplete.has_value());
  REQUIRE(f.http.seen().size() == 1);
  const http_request& asked = f.http.seen()[0];
  CHECK(asked.method == "GET");
  CHECK(asked.urgent);
  CHECK_FALSE(asked.user_named);
  CHECK(asked.max_body == (16U << 20));
  CHECK(asked.stop_before(web_base + "/sessions/new"));
  CHECK(asked.stop_before("https://idp.example/anything"));
  CHECK_FALSE(asked.stop_before(web_base + "/order_headers/0123"));
}

TEST_CASE("coupa_web: a PO page without attachments, an empty list") {
  web_fixture f;
  f.http.on(order_123, html_answer(order_page("<div class=attachments><p>No attachments</p></div>")));
  const auto found = f.discover();
  REQUIRE(found.has_value());
  CHECK(found->attachments.empty());
  CHECK_FALSE(found->incomplete.has_value());
}

TEST_CASE("coupa_web: attachments of the PO and its requisitions, united in order") {
  web_fixture f;
  std::string inside = link_to(1);
  for (const int requisition : {500, 501, 502, 503, 504, 505})
    inside += "<a href=/requisition_headers/" + std::to_string(requisition) + ">r</a>";
  f.http.on(order_123, html_answer(order_page(inside)));
  for (const int requisition : {500, 501, 502, 503, 504, 505}) {
    const std::string number = std::to_string(requisition);
    auto answer = html_answer("<h1>Requisition " + number + "</h1>" + link_to(1) + link_to(requisition));
    answer.delay = std::chrono::milliseconds(1000 - requisition);
    f.http.on(web_base + "/requisition_headers/" + number, answer);
  }
  const auto found = f.discover();
  REQUIRE(found.has_value());
  CHECK(listed(found->attachments) == lines{attachment_line(1), attachment_line(500), attachment_line(501),
                                            attachment_line(502), attachment_line(503), attachment_line(504),
                                            attachment_line(505)});
  CHECK_FALSE(found->incomplete.has_value());
  CHECK(f.http.peak() == coupa_web::most_at_once);
}

TEST_CASE("coupa_web: a requisition that fails, the rest is there and the discovery incomplete") {
  const struct {
    const char* what;
    test::scripted_answer answer;
    errc code;
    const char* message;
  } rows[] = {
      {"not found", html_answer(missing_page), errc::not_found, "no such requisition"},
      {"404", html_answer("gone", 404), errc::not_found, "no such requisition"},
      {"forbidden", html_answer("<p>Access denied"), errc::not_found, "may not see this requisition"},
      {"server error", html_answer("x", 500), errc::http_status, "500"},
      {"no answer", failed_answer(errc::timeout, "No answer within 30 s."), errc::timeout,
       "No answer within 30 s."},
      {"maintenance", html_answer("<title>We will be back</title>"), errc::unexpected_content,
       "We will be back"},
      {"blank", html_answer(""), errc::unexpected_content, "an empty page"},
      {"not understood", html_answer("<h1>Requisition 500</h1><li class=attachment>Quote"),
       errc::unexpected_content, "not understood"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    web_fixture f;
    f.http.on(order_123, html_answer(order_page(link_to(1) + "<a href=/requisition_headers/500>r</a>")));
    f.http.on(web_base + "/requisition_headers/500", row.answer);
    const auto found = f.discover();
    REQUIRE(found.has_value());
    CHECK(listed(found->attachments) == lines{attachment_line(1)});
    REQUIRE(found->incomplete.has_value());
    CHECK(found->incomplete->code == row.code);
    CAPTURE(found->incomplete->message);
    CHECK(found->incomplete->message.starts_with("PO 123, requisition 500: "));
    CHECK(found->incomplete->message.find(row.message) != std::string::npos);
  }
}

TEST_CASE("coupa_web: several requisitions that fail, counted") {
  web_fixture f;
  f.http.on(order_123,
            html_answer(order_page("<a href=/requisition_headers/7>r</a><a href=/requisition_headers/8>r</a>"
                                   "<a href=/requisition_headers/9>r</a>")));
  f.http.otherwise([](const http_request&) { return html_answer("", 404); });
  const auto found = f.discover();
  REQUIRE(found.has_value());
  REQUIRE(found->incomplete.has_value());
  CHECK(found->incomplete->message.find("requisition 7") != std::string::npos);
  CHECK(found->incomplete->message.find("2 more") != std::string::npos);
}

TEST_CASE("coupa_web: a session that expires at a requisition, the whole PO is left") {
  web_fixture f;
  f.http.on(order_123, html_answer(order_page(link_to(1) + "<a href=/requisition_headers/500>r</a>"
                                                           "<a href=/requisition_headers/501>r</a>")));
  f.http.on(web_base + "/requisition_headers/500", redirect_answer("/sessions/new"));
  f.http.on(web_base + "/requisition_headers/501", html_answer("<h1>Requisition 501</h1>"));
  const auto found = f.discover();
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == errc::session_expired);
}

TEST_CASE("coupa_web: signing in is needed") {
  auto form_404 = html_answer(sign_in_page, 404);
  auto form_403 = html_answer(sign_in_page, 403);
  const struct {
    const char* what;
    test::scripted_answer answer;
  } rows[] = {
      {"redirect to a sign-in page", redirect_answer("/sessions/new?return_to=/order_headers/123")},
      {"redirect to the identity provider", redirect_answer("https://idp.example/saml", 303)},
      {"401", html_answer("", 401)},
      {"form with status 200", html_answer(sign_in_page)},
      {"form with status 404", form_404},
      {"form with status 403", form_403},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    web_fixture f;
    f.http.on(order_123, row.answer);
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == errc::session_expired);
    CHECK(found.error().message.starts_with("PO 123: "));
    CHECK(f.http.requests() == 1);
    CHECK(f.events.retries == 0);
  }
}

TEST_CASE("coupa_web: no such PO, after the prefixed forms were tried") {
  const struct {
    const char* what;
    test::scripted_answer answer;
    const char* prefix;
    lines asked;
  } rows[] = {
      {"404",
       html_answer("", 404),
       "",
       {"/order_headers/123", "/order_headers/PO123", "/order_headers/PM123"}},
      {"410", html_answer("", 410), "PM", {"/order_headers/123", "/order_headers/PM123"}},
      {"text with status 200",
       html_answer(missing_page),
       "PO",
       {"/order_headers/123", "/order_headers/PO123"}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    web_fixture f;
    f.http.otherwise([&row](const http_request&) { return row.answer; });
    const auto found = f.discover("123", row.prefix);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == errc::not_found);
    CHECK(found.error().http_status == 404);
    CHECK(found.error().message.find("no such purchase order") != std::string::npos);
    lines expected;
    for (const auto& path : row.asked) expected.push_back(web_base + path);
    CHECK(f.http.urls() == expected);
  }
}

TEST_CASE("coupa_web: the prefixed form answers") {
  web_fixture f;
  f.http.on(order_123, html_answer("", 404));
  f.http.on(web_base + "/order_headers/PO123", html_answer("", 500));
  f.http.on(web_base + "/order_headers/PO123", html_answer("", 404));
  f.http.on(web_base + "/order_headers/PM123", html_answer(order_page(link_to(1), "PM123")));
  const auto found = f.discover();
  REQUIRE(found.has_value());
  CHECK(listed(found->attachments) == lines{attachment_line(1)});
  CHECK(found->page_url == web_base + "/order_headers/PM123");
}

TEST_CASE("coupa_web: a prefixed form that is refused, still not found") {
  for (const int status : {400, 422, 200}) {
    CAPTURE(status);
    web_fixture f;
    f.http.on(order_123, html_answer("", 404));
    f.http.otherwise([status](const http_request&) { return html_answer("<p>Bad", status); });
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == errc::not_found);
  }
}

TEST_CASE("coupa_web: a PO that this user may not see, told apart from one that is not there") {
  const test::scripted_answer answers[] = {html_answer("", 403),
                                           html_answer("<h1>You are not authorized to see it</h1>"),
                                           html_answer("<h1>Access denied</h1>", 404)};
  for (const auto& answer : answers) {
    web_fixture f;
    f.http.on(order_123, answer);
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == errc::not_found);
    CHECK(found.error().http_status == 403);
    CHECK(found.error().message.find("may not see") != std::string::npos);
    CHECK(f.http.requests() == 1);
  }
}

TEST_CASE("coupa_web: a page that is no PO page, said with what came") {
  auto json = html_answer("{}");
  json.fields = {{"Content-Type", "application/json"}};
  const struct {
    const char* what;
    test::scripted_answer answer;
    const char* message;
  } rows[] = {
      {"maintenance", html_answer("<title>Down for maintenance\x01</title><p>Back soon"),
       "titled 'Down for maintenance'"},
      {"blank", html_answer(""), "an empty page"},
      {"white space", html_answer(" \n "), "an empty page"},
      {"another PO", html_answer(order_page(link_to(1), "124")), "the page of PO 124"},
      {"a longer number", html_answer(order_page(link_to(1), "1234")), "the page of PO 1234"},
      {"another PO that mentions it", html_answer(order_page("<p>Replaces PO 123</p>", "124")),
       "the page of PO 124"},
      {"a form without a number", html_answer("<div id=topForm>Hello</div>"), "without its number"},
      {"JSON", json, "application/json"},
      {"204", html_answer("", 204), "status 204"},
      {"304", html_answer("", 304), "304"},
      {"attachments not understood",
       html_answer(order_page("<li class=attachment><button>Quote</button></li>")),
       "in a form that is not understood"},
      {"redirect home", redirect_answer("/"), "titled 'Home'"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    web_fixture f;
    f.http.on(order_123, row.answer);
    f.http.on(web_base + "/", html_answer("<title>Home</title>"));
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CAPTURE(found.error().message);
    CHECK(found.error().code == errc::unexpected_content);
    CHECK(found.error().message.starts_with("PO 123: "));
    CHECK(found.error().message.find(row.message) != std::string::npos);
  }
}

TEST_CASE("coupa_web: a PO page is one, whatever its texts say") {
  web_fixture f;
  f.http.on(order_123,
            html_answer(order_page(
                "<p>Comment: Access denied; the page you were looking for doesn't exist</p>" + link_to(1))));
  CHECK(f.discover().has_value());
}

TEST_CASE("coupa_web: failures that may pass, tried again with waits") {
  auto limited = html_answer("", 429);
  limited.fields.push_back({"Retry-After", "7"});
  const struct {
    const char* what;
    test::scripted_answer answer;
    clock::duration at_least;
  } rows[] = {
      {"500", html_answer("", 500), 0s},
      {"503 with a sign-in form", html_answer(sign_in_page, 503), 0s},
      {"429 with Retry-After", limited, 14s},
      {"timeout", failed_answer(errc::timeout), 0s},
      {"connection", failed_answer(errc::connection), 0s},
      {"truncated", failed_answer(errc::truncated), 0s},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    web_fixture f;
    f.http.on(order_123, row.answer)
        .on(order_123, row.answer)
        .on(order_123, html_answer(order_page(link_to(1))));
    const auto found = f.discover();
    REQUIRE(found.has_value());
    CHECK(found->attachments.size() == 1);
    CHECK(f.http.requests() == 3);
    CHECK(f.events.retries == 2);
    CHECK(f.events.worker == 5);
    CHECK(f.time.elapsed() >= row.at_least);
  }
}

TEST_CASE("coupa_web: tries run out, the last failure named after the PO") {
  const struct {
    test::scripted_answer answer;
    const char* word;
  } rows[] = {{html_answer("", 503), "http_503"},
              {html_answer("", 429), "rate_limited"},
              {failed_answer(errc::timeout, "No byte for 30 s."), "timeout"}};
  for (const auto& row : rows) {
    CAPTURE(row.word);
    web_fixture f;
    f.http.on(order_123, row.answer);
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CHECK(code_word(found.error()) == row.word);
    CHECK(found.error().message.starts_with("PO 123: "));
    CHECK(f.http.requests() == 4);
  }
}

TEST_CASE("coupa_web: failures that do not pass, not tried again") {
  const struct {
    test::scripted_answer answer;
    const char* word;
  } rows[] = {{html_answer("", 400), "http_400"},
              {failed_answer(errc::tls), "tls"},
              {failed_answer(errc::blocked_redirect), "blocked_redirect"},
              {html_answer("", 999), "protocol"}};
  for (const auto& row : rows) {
    CAPTURE(row.word);
    web_fixture f;
    f.http.on(order_123, row.answer);
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CHECK(code_word(found.error()) == row.word);
    CHECK(f.http.requests() == 1);
  }
}

TEST_CASE("coupa_web: a page above the bound, too large") {
  web_fixture f;
  auto huge = html_answer(order_page(link_to(1)));
  huge.body.append(17U << 20, ' ');
  huge.chunk = 1U << 20;
  f.http.on(order_123, huge);
  const auto found = f.discover();
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == errc::too_large);
}

TEST_CASE("coupa_web: a hostile page of status 200, a failure; of status 404, still not found") {
  std::string deep;
  for (int i = 0; i < 2000; ++i) deep += "<div>";
  web_fixture f;
  f.http.on(order_123, html_answer(order_page(deep)));
  const auto found = f.discover();
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == errc::unexpected_content);
  CHECK(found.error().message.find("nested too deep") != std::string::npos);

  web_fixture g;
  g.http.otherwise([&deep](const http_request&) { return html_answer(deep, 404); });
  const auto missing = g.discover();
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().code == errc::not_found);
}

TEST_CASE("coupa_web: leading zeros of the list, the same order") {
  web_fixture f;
  f.http.on(web_base + "/order_headers/00123", html_answer(order_page(link_to(1))));
  CHECK(f.discover("00123").has_value());
}

TEST_CASE("coupa_web: a number that is none, refused without a request") {
  for (const char* number : {"", "../../x", "12a", "PO12"}) {
    CAPTURE(number);
    web_fixture f;
    const auto found = f.discover(number);
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().code == errc::input);
    CHECK(f.http.requests() == 0);
  }
}

TEST_CASE("coupa_web: no secret of an address in a message") {
  web_fixture f;
  f.http.on(order_123, redirect_answer("/order_headers/123/x?token=hush"));
  f.http.on(order_123 + "/x?token=hush", html_answer("<title>see https://a.example/?sig=hush</title>"));
  const auto found = f.discover();
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().message.find("hush") == std::string::npos);
}

TEST_CASE("coupa_web: several POs at the same time, each its own") {
  web_fixture f;
  std::vector<std::string> found(20);
  std::vector<purchase_order> orders(20);
  std::vector<awaitable<>> work;
  struct each {
    static awaitable<> run(coupa_web& web, const purchase_order& po, std::string& out) {
      auto made = co_await web.discover(po);
      out = made ? made->attachments.at(0).name : made.error().message;
    }
  };
  for (int i = 0; i < 20; ++i) {
    const std::string number = std::to_string(1000 + i);
    auto answer = html_answer(order_page(link_to(1000 + i), number), 200, 5);
    answer.delay = std::chrono::milliseconds(50 - i);
    f.http.on(web_base + "/order_headers/" + number, html_answer("", 503))
        .on(web_base + "/order_headers/" + number, answer);
    orders[static_cast<std::size_t>(i)].number = number;
    work.push_back(each::run(f.web, orders[static_cast<std::size_t>(i)], found[static_cast<std::size_t>(i)]));
  }
  test::run_coros(f.context, f.time, std::move(work));
  for (int i = 0; i < 20; ++i)
    CHECK(found[static_cast<std::size_t>(i)] == "f" + std::to_string(1000 + i) + ".pdf");
  CHECK(f.http.peak() > 1);
}

TEST_CASE("coupa_web: cancelled while requisitions are read, ends with operation_aborted") {
  web_fixture f;
  f.http.on(
      order_123,
      html_answer(order_page("<a href=/requisition_headers/7>r</a><a href=/requisition_headers/8>r</a>")));
  f.http.otherwise([](const http_request&) {
    auto slow = html_answer("");
    slow.delay = 1h;
    return slow;
  });
  purchase_order po;
  po.number = "123";
  boost::asio::cancellation_signal stop;
  bool done = false;
  std::exception_ptr thrown;
  boost::asio::co_spawn(
      f.context, f.web.discover(po),
      boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr why, result<discovery>) {
        thrown = std::move(why);
        done = true;
      }));
  while (f.http.in_flight() < 2) REQUIRE(f.context.poll() > 0);
  stop.emit(boost::asio::cancellation_type::terminal);
  test::run_until(f.context, f.time, [&done] { return done; });
  CHECK(f.time.elapsed() == 0s);
  REQUIRE(thrown);
  CHECK_THROWS_AS(std::rethrow_exception(thrown), boost::system::system_error);
}

TEST_CASE(
    "coupa_web: what came from elsewhere in the end is judged by what it is, not by its address alone") {
  const std::string page = "<!DOCTYPE html><body onload=go()>";
  const std::string password = "<form><input type=password></form>";
  const struct {
    const char* what;
    const char* url;
    std::vector<http_field> fields;
    std::string body;
    bool page_expected;
    bool asks;
  } rows[] = {
      {"a file in a folder called auth",
       "https://s3.example/auth/x.dwg",
       {{"Content-Type", "image/vnd.dwg"}},
       "",
       false,
       false},
      {"a page in it, as a file",
       "https://s3.example/auth/report.html",
       {{"Content-Type", "text/html"}},
       page,
       true,
       false},
      {"a page in it, attached",
       "https://s3.example/auth/key",
       {{"Content-Type", "text/html"}, {"Content-Disposition", "Attachment"}},
       page,
       false,
       false},
      {"the head of an export of another type",
       "https://s3.example/sso/list",
       {{"Content-Type", "application/vnd.ms-excel"}},
       "",
       false,
       false},
      {"an export that is HTML and meant as the file",
       "https://s3.example/sso/list",
       {{"Content-Type", "application/vnd.ms-excel"}},
       "<table><tr><td>1</td></tr></table>",
       true,
       false},
      {"401 of a storage", "https://s3.example/x", {}, "", true, false},
      {"the page of a provider",
       "https://login.example/common/saml2",
       {{"Content-Type", "text/html"}},
       page,
       false,
       true},
      {"its head alone",
       "https://login.example/common/saml2",
       {{"Content-Type", "text/html"}},
       "",
       false,
       true},
      {"a page with a password field, wherever",
       "https://a.example/x",
       {{"Content-Type", "text/html"}},
       "<html>" + password,
       false,
       true},
      {"such a page as a file",
       "https://a.example/x.html",
       {{"Content-Type", "text/html"}},
       "<html>" + password,
       true,
       false},
      {"a page without one", "https://a.example/x", {{"Content-Type", "text/html"}}, page, false, false},
      {"without a type", "https://sso.example/x", {}, page, false, true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    web_fixture f;
    http_response head;
    head.status = std::string_view(row.what).starts_with("401") ? 401 : 200;
    head.url = row.url;
    head.fields = row.fields;
    CHECK(f.web.asks_to_sign_in(head, row.body, row.page_expected) == row.asks);
    CHECK_FALSE(f.web.is_sign_in_url(row.url));
  }
}

TEST_CASE("coupa_web: a page that leads elsewhere, by the address and by whether the session holds") {
  const struct {
    const char* what;
    const char* to;
    test::scripted_answer front;  // of the page that tells whether the session holds
    const char* word;
    std::size_t requests;
  } rows[] = {
      {"a provider", "https://login.example/common", html_answer("Orders"), "session_expired", 1},
      {"elsewhere, the session holds", "https://moved.example/x?token=hush", html_answer("Orders"),
       "unexpected_content", 2},
      {"another port", "https://acme.coupahost.com:8443/x", html_answer("Orders"), "unexpected_content", 2},
      {"elsewhere, like everything", "https://moved.example/x", redirect_answer("https://moved.example/y"),
       "session_expired", 2},
      {"elsewhere, the session has ended", "https://moved.example/x", redirect_answer("/sessions/new"),
       "session_expired", 2},
      {"elsewhere, nothing is known", "https://moved.example/x", failed_answer(errc::timeout),
       "session_expired", 2},
      {"the own sign-in page over plain HTTP", "http://acme.coupahost.com/sessions/new",
       html_answer("Orders"), "session_expired", 1},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    web_fixture f;
    f.http.on(order_123, redirect_answer(row.to)).on(web_base + "/order_headers", row.front);
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    const std::string& said = found.error().message;
    CAPTURE(said);
    CHECK(code_word(found.error()) == row.word);
    const std::string to = row.to;
    CHECK(said.find(to.substr(0, to.find('?'))) != std::string::npos);
    CHECK(said.find("hush") == std::string::npos);
    CHECK(f.http.requests() == row.requests);
  }
}

TEST_CASE("coupa_web: a 403 of something in between says nothing about the order, and spares the host") {
  const auto of = [](std::string body, std::vector<http_field> fields = {}, int status = 403) {
    auto made = html_answer(std::move(body), status);
    made.fields.insert(made.fields.end(), fields.begin(), fields.end());
    return made;
  };
  const std::string stock =
      "<html><head><title>403 Forbidden</title></head><body><center><h1>403 "
      "Forbidden</h1></center><hr><center>";
  const struct {
    const char* what;
    test::scripted_answer answer;
    const char* says;  // null: it is about this order
  } rows[] = {
      {"Akamai",
       of("<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>You don't have "
          "permission to "
          "access \"http&#58;&#47;&#47;acme.coupahost.com\" on this "
          "server.<P>Reference&#32;&#35;18&#46;1</BODY>",
          {{"Server", "AkamaiGHost"}}),
       "titled 'Access Denied' (Server: AkamaiGHost)"},
      {"Akamai, without its name",
       of("<H1>Access Denied</H1>You don't have permission to access \"x\" on this server."),
       "Something in between"},
      {"CloudFront",
       of("<TITLE>ERROR: The request could not be satisfied</TITLE><H1>403 ERROR</H1>Request blocked.",
          {{"Server", "CloudFront"}}),
       "CloudFront"},
      {"Cloudflare",
       of("<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
          {{"Server", "cloudflare"}}),
       "Attention Required"},
      {"a challenge", of("", {{"cf-mitigated", "challenge"}}), "an empty page"},
      {"Imperva", of("<iframe>Request unsuccessful. Incapsula incident ID: 1-2</iframe>"), "without a title"},
      {"F5",
       of("<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. Please "
          "consult with your administrator.<br><br>Your support ID is: 1"),
       "Request Rejected"},
      {"nginx", of(stock + "nginx</center></body></html>"), "403 Forbidden"},
      {"nginx with its version", of(stock + "nginx/1.25.3</center></body></html>"), "403 Forbidden"},
      {"a load balancer", of(stock + "</center></body></html>", {{"Server", "awselb/2.0"}}), "awselb"},
      {"Azure", of("<h2>The request is blocked.</h2>"), "Something in between"},
      {"HAProxy",
       of("<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>"),
       "without a title"},
      {"one that nobody knows", of("<title>Stop</title><h1>Not this way</h1>"), "titled 'Stop'"},
      {"the instance", of("<title>Coupa</title><h1>Access denied</h1>"), nullptr},
      {"the instance, in its own words", of("<title>Coupa</title><h1>Ask your manager</h1>"), nullptr},
      {"its session is renewed", of("<h1>Forbidden</h1>", {{"Set-Cookie", "_coupa_session=x; path=/"}}),
       nullptr},
      {"its session, behind a content network",
       of("<h1>No</h1>", {{"Set-Cookie", "_coupa_session=x"}, {"Server", "CloudFront"}}), nullptr},
      {"a bare word", of("<title>Forbidden</title>Forbidden"), nullptr},
      {"nothing", of(""), nullptr},
      {"rights, without a name", of("<h1>You are not authorized to see this order.</h1>"), nullptr},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    web_fixture f;
    f.http.on(order_123, row.answer);
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CAPTURE(found.error().message);
    CHECK(found.error().http_status == 403);
    CHECK(f.http.requests() == 1);
    CHECK(f.http.spared() == (row.says == nullptr ? lines{} : lines{order_123}));
    CHECK(code_word(found.error()) == (row.says == nullptr ? "not_found" : "http_403"));
    if (row.says == nullptr) continue;
    CHECK(found.error().message.find(row.says) != std::string::npos);
    CHECK(found.error().message.starts_with("PO 123: 403 Forbidden came in place of the page"));
  }
}

TEST_CASE("coupa_web: with status 200 or 404 a firewall says nothing about the order either") {
  for (const int status : {200, 404}) {
    CAPTURE(status);
    web_fixture f;
    auto answer = html_answer("<h1>Access Denied</h1>Your request has been blocked. Incident ID: 7", status);
    f.http.otherwise([&answer](const http_request&) { return answer; });
    const auto found = f.discover();
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().http_status != 403);
    CHECK((status == 404 || found.error().code == errc::unexpected_content));
  }
}

TEST_CASE("coupa_web: a prefixed form that a firewall refuses is no word on the order") {
  web_fixture f;
  f.http.on(order_123, html_answer("", 404));
  f.http.otherwise([](const http_request&) { return html_answer("<h2>The request is blocked.</h2>", 403); });
  const auto found = f.discover();
  REQUIRE_FALSE(found.has_value());
  CHECK(code_word(found.error()) == "http_403");
}

TEST_CASE("coupa_web: answers to downloads that mean signing in") {
  web_fixture f;
  http_response head;
  head.status = 200;
  head.url = web_base + "/attachments/1/download";
  CHECK_FALSE(f.web.asks_to_sign_in(head, "", true));
  CHECK_FALSE(f.web.asks_to_sign_in(head, "<html><h1>A report</h1>", true));
  CHECK(f.web.asks_to_sign_in(head, sign_in_page, true));
  head.status = 403;
  CHECK_FALSE(f.web.asks_to_sign_in(head, "<html>Access denied", true));
  CHECK(f.web.asks_to_sign_in(head, sign_in_page, true));
  head.status = 401;
  CHECK(f.web.asks_to_sign_in(head, "", true));
  CHECK(f.web.is_sign_in_url(web_base + "/sessions/new"));
  CHECK_FALSE(f.web.is_sign_in_url("https://bucket.s3.amazonaws.com/x.pdf"));
  CHECK_FALSE(f.web.is_sign_in_url(head.url));
}

namespace {

/// A page with that entity-tag, for clients that ask on its condition, too.
test::scripted_transport::responder tagged_page(std::string body, std::string tag) {
  return [body = std::move(body), tag = std::move(tag)](const http_request& request) {
    const bool known = std::any_of(
        request.fields.begin(), request.fields.end(),
        [&tag](const http_field& field) { return field.name == "If-None-Match" && field.value == tag; });
    auto made = html_answer(known ? "" : body, known ? 304 : 200);
    made.fields.push_back({"ETag", tag});
    return made;
  };
}

result<discovery> discover_again(web_fixture& f, const std::vector<page_mark>& pages) {
  purchase_order po;
  po.number = "123";
  return test::run_coro(f.context, f.time, f.web.discover_again(po, pages));
}

}  // namespace

TEST_CASE(
    "coupa_web: pages that have not changed are not read again, and one that has is read with the rest") {
  web_fixture f;
  const std::string pr_url = web_base + "/requisition_headers/7";
  const std::string link = "<a href='/requisition_headers/7'>7</a>";
  f.http.respond(order_123, tagged_page(order_page(link), "W/\"1\""));
  f.http.respond(pr_url, tagged_page("<html><h1>Requisition #7</h1></html>", "W/\"7\""));
  const auto first = f.discover();
  REQUIRE(first.has_value());
  const std::vector<page_mark> marks{{order_123, "W/\"1\""}, {pr_url, "W/\"7\""}};
  CHECK(first->pages == marks);

  const auto same = discover_again(f, marks);
  REQUIRE(same.has_value());
  CHECK(same->unchanged);

  f.http.respond(
      pr_url, tagged_page("<html><h1>Requisition #7</h1><a href='/attachments/9/download'>n.pdf</a></html>",
                          "W/\"8\""));
  const auto requisition = discover_again(f, marks);
  REQUIRE(requisition.has_value());
  CHECK_FALSE(requisition->unchanged);
  CHECK(requisition->attachments.size() == 1);

  f.http.respond(order_123, tagged_page(order_page(""), "W/\"2\""));
  const auto before = f.http.count(order_123);
  const auto changed = discover_again(f, marks);
  REQUIRE(changed.has_value());
  CHECK_FALSE(changed->unchanged);
  CHECK(changed->attachments.empty());
  CHECK(f.http.count(order_123) == before + 1);
  CHECK(changed->pages == std::vector<page_mark>{{order_123, "W/\"2\""}});
}

TEST_CASE("coupa_web: a page asked for on a condition, what else may come") {
  struct row {
    const char* what;
    test::scripted_answer answer;
    const char* expected;  // a code, or "read"
  };
  auto other_304 = html_answer("", 304);
  other_304.fields.push_back({"ETag", "\"2\""});
  const row rows[] = {
      {"a sign-in page", html_answer(sign_in_page), "session_expired"},
      {"a redirect to sign in", redirect_answer("/sessions/new"), "session_expired"},
      {"no answer", failed_answer(errc::timeout), "timeout"},
      {"it is gone", html_answer(missing_page, 404), "not_found"},
      {"a 304 about another version", other_304, "unexpected_content"},
  };
  for (const row& r : rows) {
    CAPTURE(r.what);
    web_fixture f;
    f.http.otherwise([&r](const http_request&) { return r.answer; });
    const auto read = discover_again(f, {{order_123, "\"1\""}});
    REQUIRE_FALSE(read.has_value());
    CHECK_MESSAGE(code_word(read.error()) == r.expected, (std::string(r.what) + ": " + read.error().message));
  }
}

TEST_CASE("coupa_web: no marks of pages where one of them has nothing to ask by") {
  web_fixture f;
  f.http.on(order_123, html_answer(order_page("")));
  const auto read = f.discover();
  REQUIRE(read.has_value());
  CHECK(read->pages.empty());
}

}  // namespace pofetch::sources
