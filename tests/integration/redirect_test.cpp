// The whole engine on the pages of an instance whose pages and files lead elsewhere, are refused, or ask to
// sign in.
#include "support/origin.hpp"
#include "support/temp_dir.hpp"
#include "support/text.hpp"

#include <pofetch/batch.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

using namespace pofetch;
using namespace pofetch::testing;
using pofetch::test::has;

namespace {

namespace json = boost::json;
using field_list = origin_peer::fields;
using answer_script = std::function<void(const origin_request&, origin_peer&)>;

answer_script answer_with(int status, std::string body, field_list fields = {}) {
  return [=](const origin_request&, origin_peer& peer) { peer.reply(status, body, fields); };
}
answer_script lead_to(std::string to) { return answer_with(302, "", {{"Location", std::move(to)}}); }

const field_list html_type{{"Content-Type", "text/html"}};
const std::string password_page = "<!DOCTYPE html><form><input type=password name=pass></form>";

/// One order with one attachment, what its page (if not the usual one) and its file answer, and what must
/// come of it.
struct order_case {
  std::string name{};  ///< of the file
  answer_script file{};
  answer_script page{};  ///< in the place of the order's page
  std::string status = "COMPLETED";
  std::string code{};   ///< of the order
  std::string words{};  ///< stand in the order's message
  std::string content = "hello";
};

/// An instance and a storage, each an origin of its own.
class two_sites {
 public:
  explicit two_sites(std::vector<order_case> wanted)
      : cases(std::move(wanted)),
        storage([this](const origin_request& request, origin_peer& peer) { store(request, peer); }),
        instance([this](const origin_request& request, origin_peer& peer) { answer(request, peer); }) {
    options.input = (dir / "list.csv").string();
    options.out = dir / "out";
    options.base_url = instance.base_url();
    options.source = source_kind::web;
    options.pool.workers = 2;
    options.pool.retries = 0;
    options.pool.sync = durability::none;
    test::write_file(dir / "trust.pem", instance.ca_pem() + storage.ca_pem());
    options.pool.ca_file = (dir / "trust.pem").string();
  }

  std::string at_storage(const std::string& path) const {
    return "https://127.0.0.1:" + std::to_string(storage.port()) + path;
  }

  batch_result run() {
    std::string list = "PO\n";
    for (std::size_t i = 0; i < cases.size(); ++i) list += std::to_string(100 + i) + "\n";
    test::write_file(options.input, list);
    batch job(options, events);
    return job.run();
  }

  void run_and_check() {
    const batch_result done = run();
    CHECK((done.state == exit_state::ok || done.state == exit_state::incomplete));
    REQUIRE(write_batch_report(options.out, dir / "report.json"));
    const json::value report = json::parse(test::read_file(dir / "report.json"));
    const auto& orders = report.at("purchase_orders").as_array();
    REQUIRE(orders.size() == cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) check(cases[i], orders[i].as_object());
  }

  test::temp_dir dir;
  progress events;
  std::vector<order_case> cases;
  /// What the storage answers, by path; else `hello`.
  std::map<std::string, answer_script> stored;
  origin storage;
  origin instance;
  batch_options options;

 private:
  void check(const order_case& wanted, const json::object& order) const {
    CAPTURE(json::serialize(order));
    CHECK(order.at("status").as_string() == wanted.status);
    if (wanted.status == "COMPLETED") {
      CHECK(test::read_file(options.out / std::string(order.at("po_number").as_string()) / wanted.name) ==
            wanted.content);
      return;
    }
    REQUIRE(order.at("error").is_object());
    CHECK(order.at("error").at("code").as_string() == wanted.code);
    const std::string said(order.at("error").at("message").as_string());
    CHECK_MESSAGE(has(said, wanted.words), said);
    CHECK(has(test::read_file(options.out / "report.csv"), wanted.code));
  }

  void store(const origin_request& request, origin_peer& peer) {
    CHECK(request.header("cookie") != "_coupa_session=SECRET");
    const std::string path = request.target.substr(0, request.target.find('?'));
    const auto found = stored.find(path);
    if (found != stored.end()) return found->second(request, peer);
    peer.reply(200, "hello");
  }

  void answer(const origin_request& request, origin_peer& peer) {
    const auto digit = request.target.find_first_of("0123456789");
    if (digit == std::string::npos) return front(request, peer);
    const std::string number = request.target.substr(digit, 3);
    const order_case& wanted = cases.at(std::stoul(number) - 100);
    if (request.target.starts_with("/attachments/")) return wanted.file(request, peer);
    if (wanted.page) return wanted.page(request, peer);
    peer.reply(200,
               "<title>Coupa</title><div id=\"topForm\"><h1>Purchase Order #" + number +
                   "</h1><a href=\"/attachments/" + number + "/download\" title=\"" + wanted.name +
                   "\">file</a></div>",
               html_type);
  }

  void front(const origin_request& request, origin_peer& peer) const {
    if (request.target == "/order_headers") {
      peer.reply(200, "<title>Coupa</title>Orders", html_type);
    } else if (request.target.starts_with("/files/")) {
      peer.reply(200, "hello");
    } else {
      peer.reply(200, password_page, html_type);
    }
  }
};

}  // namespace

TEST_CASE("redirect: a file that leads to storage comes, whatever file, folder and host are called") {
  two_sites s({});
  const auto stored_as = [&s](std::string name, const std::string& path) {
    order_case made;
    made.name = std::move(name);
    made.file = lead_to(s.at_storage(path));
    return made;
  };
  s.cases = {
      stored_as("Authorization letter.dwg", "/x/Authorization%20letter.dwg?X-Amz-Signature=1"),
      stored_as("a.p7m", "/auth/a.p7m"),
      stored_as("b.xlsm", "/bucket/auth/5f3a9c"),
      stored_as("c.heic", "/sso/login/openid/oauth2/authorization"),
      stored_as("d.bin", "/login"),
      stored_as("e.html", "/auth/e.html"),
      stored_as("f.pdf", "/sessions/new"),
      stored_as("wall.bin", "/wall"),
  };
  order_case own;
  own.name = "own.dwg";
  own.file = lead_to("/files/auth/own.dwg");
  s.cases.push_back(own);
  s.stored["/auth/e.html"] = answer_with(200, "<!DOCTYPE html><p>a saved page", html_type);
  s.cases[5].content = "<!DOCTYPE html><p>a saved page";
  s.stored["/sessions/new"] = answer_with(200, "%PDF-1.7");
  s.cases[6].content = "%PDF-1.7";
  // Tables that are HTML, given as the file
  const std::string table = "<table><tr><td>1</td></tr></table>";
  const std::pair<std::string, field_list> tables[] = {
      {"/auth/k", {{"Content-Type", "application/vnd.ms-excel"}}},
      {"/login/k",
       {{"Content-Type", "application/vnd.ms-excel"},
        {"Content-Disposition", "inline; filename=\"price list.xls\""}}},
      {"/sso/k",
       {{"Content-Type", "text/html"}, {"Content-Disposition", "inline; filename=\"price list.xls\""}}},
  };
  for (const auto& [path, fields] : tables) {
    s.stored[path] = answer_with(200, table, fields);
    s.cases.push_back(stored_as("price list.xls", path));
    s.cases.back().content = table;
  }
  // Sets a cookie and leads to itself, until the cookie comes.
  s.stored["/wall"] = [](const origin_request& request, origin_peer& peer) {
    if (request.header("cookie") == "wall=1")
      peer.reply(200, "hello");
    else
      peer.reply(302, "", {{"Location", "/wall"}, {"Set-Cookie", "wall=1; path=/"}});
  };
  s.options.cookie_header = "_coupa_session=SECRET";
  s.run_and_check();
  CHECK(s.storage.requests("/wall") == 2);
  // Not even in the same run does another exchange know of it.
  for (const auto& request : s.instance.log()) CHECK(request.header("cookie") == "_coupa_session=SECRET");
}

TEST_CASE("redirect: pages that lead elsewhere, refusals and sign-ins that are none: each with its reason") {
  two_sites s({});
  const std::string plain = "http://localhost:" + std::to_string(s.instance.port());
  const auto failing = [](order_case made, std::string status, std::string code, std::string words) {
    made.status = std::move(status);
    made.code = std::move(code);
    made.words = std::move(words);
    if (made.name.empty()) made.name = "x.pdf";
    if (!made.file) made.file = answer_with(200, "%PDF-1.7");
    return made;
  };
  const auto page = [](answer_script script) {
    order_case made;
    made.page = std::move(script);
    return made;
  };
  const auto file = [](answer_script script, std::string name = "x.pdf") {
    order_case made;
    made.name = std::move(name);
    made.file = std::move(script);
    return made;
  };
  const std::string akamai =
      "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY>You don't have permission to access this on this "
      "server.";
  const std::string expired =
      "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
  s.cases = {
      failing(page(lead_to(plain + "/order_headers/100")), "FAILED", "blocked_redirect",
              plain + "/order_headers/100"),
      failing(page(lead_to(s.at_storage("/moved"))), "FAILED", "unexpected_content", s.at_storage("/moved")),
      failing(page(lead_to(s.at_storage("/saml/start"))), "PENDING", "session_expired",
              s.at_storage("/saml/start")),
      failing(page(answer_with(403, akamai, {{"Server", "AkamaiGHost"}, {"Content-Type", "text/html"}})),
              "FAILED", "http_403", "titled 'Access Denied' (Server: AkamaiGHost)"),
      failing(page(answer_with(403, "<title>Coupa</title>Access denied", html_type)), "NOT_FOUND",
              "not_found", "may not see"),
      failing(file(lead_to(plain + "/files/login")), "FAILED", "blocked_redirect", plain + "/files/login"),
      failing(file(lead_to("/sessions/new")), "PENDING", "session_expired", "/sessions/new to sign in"),
      failing(file(lead_to(s.at_storage("/idp/SSO.saml2"))), "PENDING", "session_expired",
              s.at_storage("/idp/SSO.saml2")),
      failing(file(lead_to(s.at_storage("/expired.dwg?X-Amz-Signature=SECRET")), "x.dwg"), "FAILED",
              "http_403", "the error AccessDenied (Request has expired)"),
      failing(file(answer_with(403, akamai, {{"Server", "AkamaiGHost"}, {"Content-Type", "text/html"}})),
              "FAILED", "http_403", "Something in between"),
      failing(file(lead_to(s.at_storage("/denied"))), "FAILED", "http_401", "401"),
  };
  s.stored["/idp/SSO.saml2"] = answer_with(200, password_page, html_type);
  s.stored["/expired.dwg"] = answer_with(403, expired, {{"Content-Type", "application/xml"}});
  s.stored["/denied"] = answer_with(401, "no");
  s.run_and_check();
  CHECK_FALSE(has(test::read_file(s.options.out / "report.csv"), "SECRET"));
}

TEST_CASE(
    "redirect: the address of a page as --base-url is that of its instance, and a JSON cookie file stays "
    "one") {
  two_sites s({});
  order_case only;
  only.name = "x.pdf";
  only.file = answer_with(200, "%PDF-1.7", {{"Set-Cookie", "_coupa_session=renewed; path=/; secure"}});
  only.content = "%PDF-1.7";
  s.cases = {only};
  const std::string before =
      R"({"cookies": [{"name": "_coupa_session", "value": "SECRET", "domain": "localhost", "path": "/", "expires": -1, )"
      R"("secure": true, "sameSite": "Lax"}], "origins": [{"origin": "https://localhost", "localStorage": []}]})";
  test::write_file(s.dir / "state.json", before);
  s.options.cookie_file = s.dir / "state.json";
  s.options.base_url = s.instance.base_url() + "/order_headers/100?x=1#y";
  s.run_and_check();
  const std::string after = test::read_file(s.dir / "state.json");
  CHECK(has(after, R"("value":"renewed")"));
  CHECK(has(after, R"("sameSite":"Lax")"));
  CHECK(has(after, R"("origins": [{"origin": "https://localhost", "localStorage": []}]})"));
  for (const auto& request : s.instance.log()) CHECK_FALSE(has(request.target, "/order_headers/100/"));
}
