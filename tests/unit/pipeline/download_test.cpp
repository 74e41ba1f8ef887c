#include "pipeline/download_pool.hpp"
#include "support/fake_source.hpp"
#include "support/memory_store.hpp"
#include "support/run_coro.hpp"
#include "support/scripted_transport.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <tuple>

using namespace pofetch;
using test::scripted_answer;
using namespace std::chrono_literals;

namespace {

struct fixture {
  boost::asio::io_context context{1};
  test::fake_clock time{context};
  test::memory_store files;
  test::scripted_transport http{time};
  test::fake_source source;
  progress events;
  pool_config config;
  std::string folder = "PO1";

  std::vector<download> fetch(const std::vector<attachment>& wanted, std::size_t max_concurrent = 4) {
    pipeline::download_pool pool(http, files, source, time, config, events, context.get_executor(), 0);
    return test::run_coro(context, time, pool.download_attachments_parallel(wanted, max_concurrent, folder));
  }
};

const char* const url = "https://files/1";

attachment wanted(std::string name = "a.txt") {
  attachment one;
  one.key = one.url = url;
  one.name = std::move(name);
  return one;
}

scripted_answer answer(std::string body, std::vector<http_field> fields = {}, int status = 200) {
  scripted_answer made;
  made.status = status;
  made.body = std::move(body);
  made.fields = std::move(fields);
  return made;
}

scripted_answer cut(std::string body, std::size_t length, std::vector<http_field> fields = {},
                    int status = 200) {
  scripted_answer made = answer(std::move(body), std::move(fields), status);
  made.content_length = length;
  made.error = make_failure(errc::truncated, "the connection broke");
  return made;
}

std::string content_of(const download& done) {
  auto all = done.body->head(1U << 20U);
  return all ? *all : "(unreadable)";
}

}  // namespace

TEST_CASE("downloader: a whole body is hashed, counted and described") {
  fixture f;
  f.http.on(url, answer("hello", {{"Content-Type", "text/plain"}}));
  auto done = f.fetch({wanted()});
  REQUIRE(done.size() == 1);
  CHECK(done[0].record.status == attachment_status::committing);
  CHECK(done[0].record.bytes == 5);
  CHECK(done[0].record.sha256 == test::memory_store::sha256_of("hello"));
  CHECK(done[0].record.media_type == "text/plain");
  CHECK(done[0].record.attempts == 1);
  CHECK(done[0].record.name == "a.txt");
}

TEST_CASE("downloader: a body that cannot be read back for its digest has failed") {
  fixture f;
  f.files.unreadable = true;
  f.http.on(url, answer("hello"));
  auto done = f.fetch({wanted()});
  REQUIRE(done.size() == 1);
  REQUIRE(done[0].record.error);
  CHECK(done[0].record.error->code == errc::disk);
  CHECK_FALSE(done[0].body);
}

TEST_CASE("downloader: without hash nothing is hashed, unless the list announces a digest") {
  fixture f;
  f.config.hash = false;
  f.http.on(url, answer("hello"));
  CHECK(f.fetch({wanted()})[0].record.sha256.empty());
  auto checked = wanted();
  checked.sha256 = test::memory_store::sha256_of("other");
  f.config.retries = 0;
  CHECK(f.fetch({checked})[0].record.error->code == errc::digest_mismatch);
}

TEST_CASE("downloader: a broken body goes on by range under a strong validator, and is whole in the end") {
  fixture f;
  f.http.on(url, cut("hello ", 11, {{"ETag", "\"v1\""}}));
  f.http.on(url, answer("world", {{"ETag", "\"v1\""}, {"Content-Range", "bytes 6-10/11"}}, 206));
  auto done = f.fetch({wanted()});
  REQUIRE(done[0].body);
  CHECK(content_of(done[0]) == "hello world");
  CHECK(done[0].record.sha256 == test::memory_store::sha256_of("hello world"));
  CHECK(done[0].record.attempts == 2);
  const auto& again = f.http.seen().at(1).fields;
  bool range = false;
  for (const auto& field : again) range = range || (field.name == "Range" && field.value == "bytes=6-");
  CHECK(range);
}

TEST_CASE("downloader: the rest of a body comes without fields: those of its beginning count") {
  fixture f;
  f.http.on(url, cut("hello ", 11,
                     {{"ETag", "\"v1\""},
                      {"Content-Type", "text/plain"},
                      {"Content-Disposition", "attachment; filename=b.txt"}}));
  SUBCASE("rest") {
    f.http.on(url, answer("world", {{"ETag", "\"v1\""}, {"Content-Range", "bytes 6-10/11"}}, 206));
    const auto done = f.fetch({wanted()});
    CHECK(done[0].record.media_type == "text/plain");
    CHECK(done[0].record.name == "b.txt");
  }
  SUBCASE("whole again") {
    f.http.on(url, answer("other world", {{"ETag", "\"v2\""}}));
    const auto done = f.fetch({wanted()});
    CHECK(done[0].record.media_type == "");
    CHECK(done[0].record.name == "a.txt");
  }
}

TEST_CASE("downloader: a sign-in page is never a file, even where a page is expected") {
  const std::string form = "<!DOCTYPE html><form><input id='user_email'><input id='user_password'></form>";
  for (const std::string name : {"mail.html", "mail.pdf", ""}) {
    CAPTURE(name);
    fixture f;
    f.http.on(url, test::html_answer(form));
    const auto done = f.fetch({wanted(name)});
    CHECK(done[0].record.status == attachment_status::pending);
    REQUIRE(done[0].record.error);
    CHECK(done[0].record.error->code == errc::session_expired);
  }
  fixture f;
  auto saved = test::html_answer(form);
  saved.fields.push_back({"Content-Disposition", "attachment; filename=\"saved page.html\""});
  f.http.on(url, saved);
  CHECK(f.fetch({wanted("page.html")})[0].record.status == attachment_status::committing);
  fixture g;
  g.http.on(url, test::html_answer("<!DOCTYPE html><p>a mail</p>"));
  CHECK(g.fetch({wanted("mail.html")})[0].record.status == attachment_status::committing);
}

TEST_CASE(
    "downloader: a redirect is followed whatever its words; what comes of it says whether it was for signing "
    "in") {
  struct row {
    const char* what;
    const char* to;
    std::optional<scripted_answer> there;
    const char* code;   // null: the file
    const char* words;  // in the message
  };
  const row rows[] = {
      {"storage", "https://login.storage/x", answer("content"), nullptr, ""},
      {"its own sign-in page", "https://files/sessions/new", std::nullopt, "session_expired",
       "https://files/sessions/new"},
      {"a form from elsewhere", "https://login.idp/x",
       test::html_answer("<!DOCTYPE html><input id=user_password>"), "session_expired",
       "from https://login.idp/x"},
      {"a sign-in page that cannot be reached", "https://login.idp/x",
       test::failed_answer(errc::blocked_redirect, "a private address"), "session_expired",
       "leads to https://login.idp/x, which cannot be read: a private address"},
      {"a storage that cannot be reached", "https://storage/x",
       test::failed_answer(errc::blocked_redirect, "a private address"), "blocked_redirect",
       "a private address"},
      {"plain HTTP", "http://login.idp/x", test::failed_answer(errc::blocked_redirect, "plain HTTP"),
       "blocked_redirect", "plain HTTP"},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    fixture f;
    f.config.retries = 0;
    f.http.on(url, test::redirect_answer(r.to));
    if (r.there) f.http.on(r.to, *r.there);
    const auto done = f.fetch({wanted("a.pdf")});
    if (r.code == nullptr) {
      CHECK(done[0].body != nullptr);
      continue;
    }
    REQUIRE(done[0].record.error);
    CHECK(code_word(*done[0].record.error) == r.code);
    CHECK_MESSAGE(done[0].record.error->message.find(r.words) != std::string::npos,
                  done[0].record.error->message);
  }
}

TEST_CASE("downloader: a refusal says who refuses and why, and a firewall's spares the host") {
  struct row {
    scripted_answer answer;
    const char* code;
    const char* words;
    bool spares;
  };
  const std::string xml =
      "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
  const std::string page =
      "<html><title>Request Rejected</title>The requested URL was rejected. Your support ID is: 1";
  const row rows[] = {
      {answer(xml, {{"Server", "AmazonS3"}}, 403), "http_403", "the error AccessDenied (Request has expired)",
       false},
      {answer(xml, {}, 400), "http_400", "a new one is needed", false},
      {answer(page, {{"Content-Type", "text/html"}}, 403), "http_403", "a page titled 'Request Rejected'",
       true},
      {answer(std::string(100'000, 'x') + page, {{"Server", "AkamaiGHost"}}, 403), "http_403",
       "(Server: AkamaiGHost)", true},
      {answer("", {}, 403), "http_403", "403 Forbidden", false},
      {test::html_answer("<h1>Access denied</h1>", 403), "http_403", "a page that says 'Access denied'",
       false},
      {cut("<html>", 900, {}, 403), "http_403", "403 Forbidden", false},
  };
  for (const auto& r : rows) {
    CAPTURE(r.words);
    fixture f;
    f.http.on(url, r.answer);
    const auto done = f.fetch({wanted("a.pdf")});
    REQUIRE(done[0].record.error);
    CHECK(code_word(*done[0].record.error) == r.code);
    CHECK_MESSAGE(done[0].record.error->message.find(r.words) != std::string::npos,
                  done[0].record.error->message);
    CHECK(f.http.seen().size() == 1);
    CHECK(f.http.spared().size() == (r.spares ? 1 : 0));
    CHECK(f.files.partials == 0);
  }
}

TEST_CASE("downloader: name and password of an address go to it as Basic") {
  fixture f;
  f.http.on(url, answer("hello"));
  auto one = wanted();
  one.authorization = "Basic dTpw";
  CHECK(f.fetch({one})[0].body != nullptr);
  const auto& fields = f.http.seen().at(0).fields;
  CHECK(std::any_of(fields.begin(), fields.end(), [](const http_field& each) {
    return each.name == "Authorization" && each.value == "Basic dTpw";
  }));
}

TEST_CASE("downloader: two versions are never joined") {
  fixture f;
  f.http.on(url, cut("old ol", 11, {{"ETag", "\"v1\""}}));
  SUBCASE("the server answers with the whole new version") {
    f.http.on(url, answer("new content", {{"ETag", "\"v2\""}}));
  }
  SUBCASE("the server sends the rest of another version") {
    f.http.on(url, answer("ntent", {{"ETag", "\"v2\""}, {"Content-Range", "bytes 6-10/11"}}, 206));
    f.http.on(url, answer("new content", {{"ETag", "\"v2\""}}));
  }
  SUBCASE("the server sends another range") {
    f.http.on(url, answer("w content", {{"ETag", "\"v1\""}, {"Content-Range", "bytes 2-10/11"}}, 206));
    f.http.on(url, answer("new content", {{"ETag", "\"v2\""}}));
  }
  SUBCASE("the range cannot be satisfied") {
    f.http.on(url, answer("", {{"Content-Range", "bytes */3"}}, 416));
    f.http.on(url, answer("new content", {{"ETag", "\"v2\""}}));
  }
  auto done = f.fetch({wanted()});
  REQUIRE(done[0].body);
  CHECK(content_of(done[0]) == "new content");
}

TEST_CASE("downloader: without a strong validator a broken body starts over") {
  fixture f;
  f.http.on(url, cut("hello ", 11, {{"ETag", "W/\"v1\""}}));
  f.http.on(url, answer("hello world"));
  auto done = f.fetch({wanted()});
  REQUIRE(done[0].body);
  CHECK(content_of(done[0]) == "hello world");
  for (const auto& field : f.http.seen().at(1).fields) CHECK(field.name != "Range");
}

TEST_CASE("downloader: what may pass is tried again, what cannot is not") {
  struct row {
    scripted_answer first;
    std::size_t requests;
    const char* code;
  };
  const row rows[] = {
      {answer("", {}, 500), 6, "http_500"},
      {answer("", {}, 503), 6, "http_503"},
      {answer("", {}, 429), 6, "rate_limited"},
      {answer("", {}, 408), 6, "http_408"},
      {test::failed_answer(errc::timeout), 6, "timeout"},
      {test::failed_answer(errc::connection), 6, "connection"},
      {answer("", {}, 404), 1, "http_404"},
      {answer("", {}, 403), 1, "http_403"},
      {answer("", {}, 410), 1, "http_410"},
      {answer("", {}, 204), 1, "not_a_file"},
      {test::failed_answer(errc::tls), 1, "tls"},
      {test::failed_answer(errc::blocked_redirect), 1, "blocked_redirect"},
      {test::failed_answer(errc::too_large), 1, "too_large"},
  };
  for (const auto& r : rows) {
    fixture f;
    CAPTURE(r.code);
    f.http.on(url, r.first);
    auto done = f.fetch({wanted()});
    CHECK(f.http.seen().size() == r.requests);
    REQUIRE(done[0].record.error);
    CHECK(code_word(*done[0].record.error) == r.code);
    CHECK(done[0].record.status == attachment_status::failed);
    CHECK(done[0].body == nullptr);
    CHECK(f.files.partials == 0);
  }
}

TEST_CASE("downloader: digests of server and list are held, a bad one is tried again from nothing") {
  fixture f;
  f.config.retries = 1;
  SUBCASE("Content-MD5") { f.http.on(url, answer("hello", {{"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}})); }
  SUBCASE("Repr-Digest") {
    f.http.on(url,
              answer("hello", {{"Repr-Digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"}}));
  }
  auto listed = wanted();
  SUBCASE("the list's SHA-256") {
    listed.sha256 = test::memory_store::sha256_of("other");
    f.http.on(url, answer("hello"));
  }
  SUBCASE("the list's size") {
    listed.size = 6;
    f.http.on(url, answer("hello"));
  }
  auto done = f.fetch({listed});
  REQUIRE(done[0].record.error);
  CHECK(done[0].record.error->code == errc::digest_mismatch);
  CHECK(f.http.seen().size() == 2);
}

TEST_CASE("downloader: a page in disguise is no file, a misnamed file is kept with a remark") {
  fixture f;
  f.http.on(url, test::html_answer("<!DOCTYPE html><html><body>Maintenance</body></html>"));
  auto page = f.fetch({wanted("contract.pdf")});
  REQUIRE(page[0].record.error);
  CHECK(page[0].record.error->code == errc::unexpected_content);
  CHECK(page[0].record.status == attachment_status::failed);

  fixture g;
  g.http.on(url, answer("\x89PNG\r\n\x1a\n rest", {{"Content-Type", "application/pdf"}}));
  auto misnamed = g.fetch({wanted("scan.pdf")});
  CHECK(misnamed[0].record.status == attachment_status::committing);
  REQUIRE(misnamed[0].record.error);
  CHECK(misnamed[0].record.error->code == errc::unexpected_content);
}

TEST_CASE(
    "downloader: HTML that the server gives as the file is kept with a remark, a page of an error is not") {
  const std::string table = "<table><tr><td>1</td></tr></table>";
  const std::string excel = "application/vnd.ms-excel";
  struct row {
    const char* name;
    std::string type;
    const char* disposition;
    std::string body;
    errc kept;  ///< code of the remark; `internal`: it is no file
  };
  const row rows[] = {
      {"price list.xls", excel, "attachment", table, errc::unexpected_content},
      {"price list.xls", excel, "", table, errc::unexpected_content},
      {"price list.xls", "text/html", "attachment; filename=\"price list.xls\"", table,
       errc::unexpected_content},
      {"letter.doc", "application/msword", "inline; filename=letter.doc", "<html><p>Dear Sir",
       errc::unexpected_content},
      {"x.pdf", "application/pdf", "attachment", table, errc::unexpected_content},
      {"price list.xls", "text/html", "", table, errc::internal},
      {"price list.xls", excel, "attachment", "<html><h1>404 Not Found</h1></html>", errc::internal},
      {"price list.xls", excel, "attachment", "<html><title>Sign in</title>" + table, errc::internal},
      {"price list.xls", excel, "attachment", table + "<input type=password>", errc::internal},
      {"x.pdf", "application/pdf", "attachment", "<html>Service unavailable</html>", errc::internal},
      {"x.pdf", "application/pdf", "", table, errc::internal},
  };
  for (const row& each : rows) {
    CAPTURE(each.name);
    CAPTURE(each.type);
    CAPTURE(each.disposition);
    CAPTURE(each.body);
    fixture f;
    f.http.on(url,
              answer(each.body, {{"Content-Type", each.type}, {"Content-Disposition", each.disposition}}));
    const auto done = f.fetch({wanted(each.name)});
    const bool kept = each.kept != errc::internal;
    CHECK((done[0].record.status == attachment_status::committing) == kept);
    REQUIRE(done[0].record.error);
    CHECK(done[0].record.error->code == errc::unexpected_content);
    const std::string words = kept ? "it is HTML, which the server gives as this file" : "an HTML page came";
    CHECK(done[0].record.error->message.find(words) != std::string::npos);
  }
}

TEST_CASE("downloader: what the transport passed over is told beside the file") {
  fixture f;
  auto odd = answer("hello");
  odd.remark = "the server says that it is encoded as \"aws-chunked\", which is no coding";
  f.http.on(url, odd);
  const auto done = f.fetch({wanted()});
  CHECK(done[0].record.status == attachment_status::committing);
  REQUIRE(done[0].record.error);
  CHECK(done[0].record.error->code == errc::unexpected_content);
  CHECK(done[0].record.error->message ==
        "file a.txt: the server says that it is encoded as \"aws-chunked\", which is no coding.");
  CHECK(f.http.seen().at(0).file_name == "a.txt");
  fixture g;
  g.http.on(url, odd);
  const auto both = g.fetch({wanted("a.pdf")});
  CHECK(both[0].record.error->message.find("does not begin like a PDF file. Also, the server") !=
        std::string::npos);
  // What a try says that came to nothing is not said of the next one.
  fixture h;
  auto broken = odd;
  broken.error = make_failure(errc::connection, "broke off");
  h.http.on(url, broken).on(url, answer("hello"));
  CHECK_FALSE(h.fetch({wanted()})[0].record.error);
}

TEST_CASE(
    "downloader: without a name from anybody else, the address that answered names the file in its query") {
  const std::string signed_url =
      "https://storage.example/7f3a9c?X-Amz-Signature=1&response-content-disposition="
      "attachment%3B%20filename%3D%22Quote%207.pdf%22";
  const auto name_of = [&](const std::string& listed, const std::string& field) {
    fixture f;
    f.http.on(url, test::redirect_answer(signed_url));
    f.http.on(signed_url, answer("%PDF-1.7", {{"Content-Disposition", field}}));
    return f.fetch({wanted(listed)})[0].record.name;
  };
  CHECK(name_of("", "") == "Quote 7.pdf");
  CHECK(name_of("listed.pdf", "") == "listed.pdf");
  CHECK(name_of("", "attachment; filename=field.pdf") == "field.pdf");
}

TEST_CASE("downloader: an answer in JSON in the place of a document is no file") {
  const char* const described = R"({"id":7,"type":"file"})";
  struct row {
    const char* name;
    const char* type;
    const char* disposition;
    bool user_named;
    bool kept;
  };
  for (const row& each :
       {row{"a.pdf", "application/json; charset=utf-8", "", false, false},
        row{"a.xlsx", "application/problem+json", "", false, false},
        row{"a.json", "application/json", "", false, true}, row{"a.pdf", "application/pdf", "", false, true},
        // Without an ending nothing says what it is.
        row{"7", "application/json", "", false, false},
        row{"7", "application/json", "attachment", false, true}, row{"7", "application/json", "", true, true},
        row{"7", "application/octet-stream", "", false, true}}) {
    CAPTURE(each.name);
    CAPTURE(each.type);
    CAPTURE(each.disposition);
    fixture g;
    g.http.on(url,
              answer(described, {{"Content-Type", each.type}, {"Content-Disposition", each.disposition}}));
    attachment one = wanted(each.name);
    one.user_named = each.user_named;
    const auto done = g.fetch({one});
    CHECK((done[0].record.status == attachment_status::committing) == each.kept);
    if (!each.kept) CHECK(done[0].record.error->code == errc::unexpected_content);
  }
}

TEST_CASE("downloader: announced as empty, zero bytes are a file") {
  fixture f;
  f.http.on(url, answer(""));
  CHECK(f.fetch({wanted()})[0].record.status == attachment_status::committing);
}

TEST_CASE("downloader: one that fails costs itself, not its neighbours") {
  fixture f;
  std::vector<attachment> many;
  for (int i = 0; i < 8; ++i) {
    auto one = wanted();
    one.key = one.url = "https://files/" + std::to_string(i);
    many.push_back(one);
    f.http.on(one.url, i % 2 == 0 ? answer("x") : answer("", {}, 404));
  }
  auto done = f.fetch(many);
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(done[i].record.key == many[i].key);
    CHECK((done[i].body != nullptr) == (i % 2 == 0));
  }
}

TEST_CASE("downloader: four at 50 ms each take 50 ms with four at once, 200 ms one after another") {
  for (const std::size_t at_once : {1U, 4U}) {
    fixture f;
    std::vector<attachment> many;
    for (int i = 0; i < 4; ++i) {
      auto one = wanted();
      one.key = one.url = "https://files/" + std::to_string(i);
      many.push_back(one);
      auto late = answer("x");
      late.delay = 50ms;
      f.http.on(one.url, late);
    }
    (void)f.fetch(many, at_once);
    CHECK(f.time.elapsed() == (at_once == 1 ? 200ms : 50ms));
  }
}

TEST_CASE("downloader: a body above the limit is refused at once") {
  fixture f;
  f.config.max_file_size = 4;
  f.http.on(url, answer("hello"));
  auto done = f.fetch({wanted()});
  CHECK(done[0].record.error->code == errc::too_large);
  CHECK(f.http.seen().size() == 1);
}
