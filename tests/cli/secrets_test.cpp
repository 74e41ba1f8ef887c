// Every secret that the program is given or shown, looked for in everything that it writes: whatever it does,
// in every mode, also when it fails or is killed. A new kind of secret is one more line in `all_secrets`.
#include "cli/program.hpp"
#include "cli/rest_instance.hpp"
#include "core/encoding.hpp"
#include "core/percent.hpp"
#include "support/encrypted_key.hpp"
#include "support/has_terminals.hpp"
#include "support/origin.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <utility>
#include <vector>

using namespace pofetch::test;
using pofetch::testing::origin;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;
namespace core = pofetch::core;
namespace fs = std::filesystem;
using namespace std::string_literals;

namespace {

// Each has characters that percent-encoding and base64 change.
const std::string file_cookie = "fiLeC00kie+a/b=Qx1";
const std::string other_cookie = "0therC00kie+a/b=Qx2";
const std::string environment_cookie = "envC00kie+a/b=Qx3";
const std::string renewed_cookie = "reNewed+a/b=Qx4";
const std::string header_secret = "heAder+a/b=Qx5";
const std::string user_password = "usrPassw0rd!Qx6";
const std::string list_signature = "liStSig+a/b=Qx7";
const std::string list_token = "liStTok+a/b=Qx8";
const std::string page_token = "pageTok+a/b=Qx9";
const std::string redirect_signature = "redirSig+a/b=QxA";
const std::string redirect_password = "redirPassw0rd!QxB";
const std::string blocked_signature = "blockSig+a/b=QxC";
const std::string nested_token = "nesTed+a/b=QxD";
const std::string failing_token = "failTok+a/b=QxE";
const std::string set_by_storage = "storageC00kie+a/b=QxF";
const std::string proxy_password = "proxyPass+a/b=QxG";
const std::string key_passphrase = "keyPass+a/b=QxH";

const std::string client_secret = "cliEntSecret+a/b=QxI";
const std::string secret_in_file = "secretInF1le+a/b=QxJ";
const std::string secret_of_command = "secretOfC0mmand+a/b=QxK";
const std::string api_key = "apiKey+a/b=QxL-as-long-as-they-are";
const std::string access_token = rest_instance::token_lead;

const std::vector<std::string> all_secrets = {
    file_cookie,       other_cookie,      environment_cookie, renewed_cookie, header_secret,
    user_password,     list_signature,    list_token,         page_token,     redirect_signature,
    redirect_password, blocked_signature, nested_token,       failing_token,  set_by_storage,
    proxy_password,    key_passphrase,    client_secret,      secret_in_file, secret_of_command,
    api_key,           access_token};

std::string enc(const std::string& text) { return core::encode_component(text); }

/// What the files of the order do; their addresses have numbers only.
const words kinds = {"plain", "away", "user", "blocked", "nested", "gone", "broken", "nonsense"};

std::string attachment_path(std::size_t index) {
  return "/attachments/" + std::to_string(101 + index) + "/download";
}

/// The instance and the object storage that it redirects to.
struct two_servers {
  two_servers()
      : storage([](const origin_request&, origin_peer& peer) {
          peer.reply(200, "from storage", {{"Set-Cookie", "st=" + set_by_storage + "; Path=/"}});
        }),
        instance([this](const origin_request& request, origin_peer& peer) { answer(request, peer); }) {}

  void answer(const origin_request& request, origin_peer& peer) {
    std::string target = request.target.substr(0, request.target.find('?'));
    for (std::size_t i = 0; i < kinds.size(); ++i)
      if (target == attachment_path(i)) target = kinds[i];
    const origin_peer::fields renewal{
        {"Content-Type", "text/html; charset=utf-8"},
        {"Set-Cookie", "_coupa_session=" + renewed_cookie + "; Path=/; Secure; HttpOnly"}};
    const std::string blob = "127.0.0.1:" + std::to_string(storage.port()) +
                             "/blob?X-Amz-Credential=AK1&X-Amz-Signature=" + enc(redirect_signature);
    if (target == "/order_headers") {
      peer.reply(200, "<html><h1>Orders</h1></html>", renewal);
    } else if (target == "/order_headers/1") {
      std::string page =
          "<html><head><title>Purchase Order #1</title></head><body><h1>Purchase Order #1</h1>";
      for (std::size_t i = 0; i < kinds.size(); ++i)
        page += "<a href='" + attachment_path(i) + "?token=" + enc(page_token) + "'>" + kinds[i] + ".pdf</a>";
      peer.reply(200, page + "</body></html>", renewal);
    } else if (target == "away") {
      peer.reply(302, "", {{"Location", "https://" + blob}});
    } else if (target == "user") {
      peer.reply(302, "", {{"Location", "https://me:" + redirect_password + "@" + blob}});
    } else if (target == "blocked") {
      peer.reply(302, "",
                 {{"Location", "https://me:" + redirect_password + "@10.0.0.1/x?sig=" +
                                   enc(blocked_signature) + "#access_token=" + enc(nested_token)}});
    } else if (target == "nested") {
      peer.reply(302, "",
                 {{"Location", "https://10.0.0.1/x?next=" +
                                   enc("https://h.example/?access_token=" + enc(nested_token))}});
    } else if (target == "nonsense") {
      peer.reply(302, "",
                 {{"Location", "ftp://me:" + redirect_password + "@h/x?sig=" + enc(blocked_signature)}});
    } else if (target.find("gone") != std::string::npos) {
      peer.reply(404, "no: " + request.target);
    } else if (target.find("broken") != std::string::npos) {
      peer.reply(500, "no: " + request.target);
    } else if (target.find("slow") != std::string::npos) {
      peer.send_head(200, {{"Content-Length", "100000"}, {"ETag", "\"v\""}});
      peer.send(std::string(5000, 'x'));
      slow_begun = true;
      peer.stall();
    } else {
      peer.reply(200, "plain body");
    }
  }

  std::atomic<bool> slow_begun{false};
  origin storage;
  origin instance;
};

/// A folder with lists, cookies and trust, and the variables that carry secrets.
struct secrets_scene {
  secrets_scene() {
    pofetch.write("ca.pem", servers.instance.ca_pem() + servers.storage.ca_pem());
    pofetch.write("cookies.txt", cookie_lines());
    REQUIRE(::chmod((pofetch / "cookies.txt").c_str(), 0644) == 0);
    pofetch.write("orders.csv", "po_number,link\n1,https://h.example/?sig=" + enc(list_signature) + "\n");
    const std::string at = "localhost:" + std::to_string(servers.instance.port());
    std::string list = "po,url\n";
    for (const std::string& path : {"/good"s, "/gone"s, "/broken"s, attachment_path(1), attachment_path(3)})
      list += "7,https://me:" + user_password + "@" + at + path + "?sig=" + enc(list_signature) +
              "&X-Amz-Security-Token=" + enc(list_token) + "\n";
    pofetch.write("manifest.csv", list);
    pofetch.write("unusable.csv",
                  "po,url\n7,ftp://me:" + user_password + "@h/x?sig=" + enc(list_signature) + "\n");
    pofetch.write("slow.csv", "po,url\n7,https://" + at + "/slow?token=" + enc(failing_token) + "\n");
  }

  [[nodiscard]] std::string cookie_lines() const {
    return "# Netscape HTTP Cookie File\nlocalhost\tFALSE\t/\tTRUE\t0\t_coupa_session\t" + file_cookie +
           "\nlocalhost\tFALSE\t/\tTRUE\t0\tother\t" + other_cookie + "\n";
  }

  [[nodiscard]] static variables environment() {
    return {{"POFETCH_COOKIE", "from_environment=" + environment_cookie},
            {"POFETCH_HEADER", "Authorization: Bearer " + header_secret}};
  }

  [[nodiscard]] words line(const std::string& list, const std::string& out, const words& more) const {
    words made{"run",        list,          "--out",       out,        "--cacert",    "ca.pem",
               "--cookies",  "cookies.txt", "--retries",   "1",        "-vv",         "--log-file",
               out + ".log", "--report",    out + ".json", "--report", out + ".jsonl"};
    made.insert(made.end(), more.begin(), more.end());
    return made;
  }

  /// Everything beneath the folder but for the lists, which are the user's own; the cookie file by itself.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> written() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& entry : fs::recursive_directory_iterator(pofetch.folder())) {
      const std::string path = entry.path().lexically_relative(pofetch.folder()).string();
      const bool given = path == "cookies.txt" || path == "orders.csv" || path == "manifest.csv" ||
                         path == "unusable.csv" || path == "slow.csv" || path == "ca.pem" ||
                         path == "key.pem" || path == "config.toml" || path == "client-secret" ||
                         path == "keyring";
      if (!given) all.emplace_back(path, path + "\n");
      if (!given && entry.is_regular_file()) all.back().second += read_file(entry.path());
    }
    return all;
  }

  void check_clean(const std::string& where, const std::string& text,
                   const std::vector<std::string>& secrets = all_secrets) const {
    for (const std::string& secret : secrets) {
      for (const std::string& form : {secret, enc(secret), enc(enc(secret)), core::base64_encode(secret)})
        if (has(text, form))
          FAIL_CHECK(where << " holds the secret " << form << ":\n" << text.substr(0, 4000));
    }
  }

  void check_files() const {
    for (const auto& [path, text] : written())
      check_clean(path, text, is_ledger_of_manifest(path) ? not_of_lists() : all_secrets);
  }

  /// There the addresses of what is still to be fetched stand as the list has them.
  static bool is_ledger_of_manifest(const std::string& path) {
    return has(path, "/.pofetch/ledger.db") && !path.starts_with("web-") && !path.starts_with("bar/");
  }

  static std::vector<std::string> not_of_lists() {
    std::vector<std::string> others = all_secrets;
    std::erase_if(others, [](const std::string& one) {
      return one == user_password || one == list_signature || one == list_token || one == failing_token;
    });
    return others;
  }

  void check_run(const std::string& what, const ended& done) const {
    check_clean(what + ", standard output", done.out);
    check_clean(what + ", standard error", done.err);
    check_files();
  }

  two_servers servers;
  program pofetch;
};

}  // namespace

TEST_CASE("secrets: in no output of a run, in any mode, of a good file or a failing one") {
  secrets_scene at;
  const words web{"--base-url", at.servers.instance.base_url()};
  for (const std::string mode : {"none", "plain", "json"}) {
    CAPTURE(mode);
    words more = web;
    more.insert(more.end(), {"--progress", mode});
    const ended done =
        at.pofetch.run(at.line("orders.csv", "web-" + mode, more), secrets_scene::environment());
    CHECK_MESSAGE(done.status == 1, done.err);
    at.check_run("web " + mode, done);
    const ended listed =
        at.pofetch.run(at.line("manifest.csv", "list-" + mode, more), secrets_scene::environment());
    CHECK_MESSAGE(listed.status == 1, listed.err);
    at.check_run("manifest " + mode, listed);
  }
  const ended alone = at.pofetch.run(at.line("manifest.csv", "alone", {}));
  CHECK_MESSAGE(alone.status == 1, alone.err);
  at.check_run("manifest without an instance", alone);
  // The servers did get them, so they were there to be leaked.
  bool cookie = false;
  bool header = false;
  for (const origin_request& each : at.servers.instance.log()) {
    cookie = cookie || has(each.raw_head, environment_cookie);
    header = header || has(each.raw_head, header_secret);
  }
  CHECK(cookie);
  CHECK(header);
  for (const origin_request& each : at.servers.storage.log()) {
    CHECK_FALSE(has(each.raw_head, header_secret));
    for (const std::string& mine : {file_cookie, other_cookie, environment_cookie, renewed_cookie})
      CHECK_FALSE(has(each.raw_head, mine));
  }
}

TEST_CASE("secrets: in no frame of the bar on a terminal") {
  if (!has_terminals()) return;
  secrets_scene at;
  process_setup setup = at.pofetch.setup(
      at.line("orders.csv", "bar", {"--base-url", at.servers.instance.base_url(), "--progress", "bar"}),
      secrets_scene::environment());
  setup.terminal = true;
  process running(setup);
  const ended done = ended_well(running);
  CHECK(done.status == 1);
  at.check_run("bar", done);
}

TEST_CASE("secrets: the cookie file alone holds cookies; others may not read it, and are told of") {
  secrets_scene at;
  const ended done =
      at.pofetch.run(at.line("orders.csv", "out", {"--base-url", at.servers.instance.base_url()}),
                     secrets_scene::environment());
  CHECK_MESSAGE(has(done.err, "chmod 600"), done.err);
  const std::string cookies = read_file(at.pofetch / "cookies.txt");
  CHECK(has(cookies, renewed_cookie));
  CHECK(has(cookies, other_cookie));
  CHECK_FALSE(has(cookies, set_by_storage));
  struct stat facts {};
  REQUIRE(::stat((at.pofetch / "cookies.txt").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  at.check_run("run", done);
}

TEST_CASE("secrets: in nothing that plan, status, verify, report, print-config and a refusal say") {
  secrets_scene at;
  const words web{"--base-url", at.servers.instance.base_url(), "--cacert", "ca.pem", "--cookies",
                  "cookies.txt"};
  REQUIRE(at.pofetch.run(at.line("manifest.csv", "out", {})).status == 1);
  REQUIRE(fs::remove_all(at.pofetch / "out/7") > 0);
  struct row {
    std::string what;
    words line;
    int status;
    bool instance = false;  ///< with the options of `web`
  };
  const std::vector<row> lines = {
      {"plan", {"plan", "orders.csv", "-vv"}, 0, true},
      {"plan of a manifest", {"plan", "manifest.csv", "-vv"}, 0, true},
      {"status", {"status", "out"}, 0},
      {"verify", {"verify", "out"}, 1},
      {"report", {"report", "out", "--to", "again.jsonl"}, 0},
      {"print-config", {"run", "manifest.csv", "--out", "out", "--print-config"}, 0, true},
      {"unusable list", {"run", "unusable.csv", "--out", "out2", "-vv"}, 1, true},
      {"nobody there",
       {"run", "orders.csv", "--out", "out3", "--base-url",
        "https://me:" + user_password + "@127.0.0.1:1/?token=" + page_token, "--retries", "0"},
       2},
      {"no address",
       {"run", "orders.csv", "--out", "out4", "--base-url", "me:" + user_password + "@nowhere"},
       2},
  };
  for (const row& each : lines) {
    words all = each.line;
    if (each.instance) all.insert(all.end(), web.begin(), web.end());
    const ended done = at.pofetch.run(all, secrets_scene::environment());
    CAPTURE(each.what);
    CHECK_MESSAGE(done.status == each.status, done.err);
    at.check_run(each.what, done);
  }
  CHECK(has(read_file(at.pofetch / "again.jsonl"), "/good"));
}

TEST_CASE(
    "secrets: an address of a manifest stands in the ledger alone, for its owner, until its file is there") {
  secrets_scene at;
  const std::string list = read_file(at.pofetch / "manifest.csv");
  const auto line_with = [&list](const std::string& path) {
    const std::size_t begin = list.rfind('\n', list.find(path)) + 1;
    return list.substr(begin, list.find('\n', begin) + 1 - begin);
  };
  at.pofetch.write("slow.csv", "po,url\n" + line_with("/good") + line_with("/gone"));
  REQUIRE(at.pofetch.run(at.line("slow.csv", "some", {})).status == 1);
  at.pofetch.write("slow.csv", "po,url\n" + line_with("/good"));
  REQUIRE(at.pofetch.run(at.line("slow.csv", "all", {})).status == 0);
  const fs::path some = at.pofetch / "some/.pofetch/ledger.db";
  CHECK(has(read_file(some), "/gone?sig=" + enc(list_signature)));
  CHECK_FALSE(has(read_file(some), "/good?sig=" + enc(list_signature)));
  at.check_clean("ledger of a batch that is done", read_file(at.pofetch / "all/.pofetch/ledger.db"));
  struct stat facts {};
  REQUIRE(::stat(some.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  at.check_files();
}

TEST_CASE("secrets: in nothing that a killed run leaves, nor in its command line") {
  secrets_scene at;
  process running(at.pofetch.setup(
      at.line("slow.csv", "out", {"--progress", "json", "--base-url", at.servers.instance.base_url()}),
      secrets_scene::environment()));
  // The body is under way once the server has sent the first part and the file has it.
  REQUIRE(running.wait_for("batch_started"));
  const auto partial = [&] {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(at.pofetch / "out/.pofetch/partial", none))
      if (entry.file_size(none) > 0) return true;
    return false;
  };
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!partial() && std::chrono::steady_clock::now() < until)
    static_cast<void>(running.wait_for("never said", std::chrono::milliseconds(20)));
  REQUIRE(partial());
  const std::string command = read_file("/proc/" + std::to_string(running.id()) + "/cmdline");
  CHECK(has(command, "slow.csv"));
  at.check_clean("command line", command);
  running.send(SIGKILL);
  REQUIRE(running.wait());
  CHECK(partial());
  at.check_clean("standard output", running.out());
  at.check_clean("standard error", running.err());
  at.check_files();
}

TEST_CASE("secrets: a proxy's password and a key's passphrase, accepted or refused") {
  secrets_scene at;
  const std::string right = "Basic " + core::base64_encode("me:" + proxy_password);
  pofetch::testing::origin_options plain;
  plain.plain_http = true;
  const origin proxy(
      [&](const origin_request& request, origin_peer& peer) {
        if (request.header("proxy-authorization") != right) {
          peer.reply(407, "no: " + request.raw_head, {{"Proxy-Authenticate", "Basic realm=\"x\""}});
          return;
        }
        if (peer.send("HTTP/1.1 200 Connection established\r\n\r\n"))
          peer.tunnel_to(at.servers.instance.port());
        peer.cut();
      },
      plain);
  const auto identity = at.servers.instance.make_client_identity("purchasing");
  at.pofetch.write("cert.pem", identity.certificate);
  at.pofetch.write("key.pem", encrypted_key(identity.key, key_passphrase));
  const std::string there = "127.0.0.1:" + std::to_string(proxy.port());
  const auto proxy_url = [](const std::string& user, const std::string& where) {
    return "http://" + user + ":" + enc(proxy_password) + "@" + where;
  };
  at.pofetch.write("config.toml", "proxy = '" + proxy_url("me", there) +
                                      "'\nheader = ['X-Api-Key: " + header_secret + "']\n");
  struct row {
    std::string what;
    std::string proxy;
    std::string passphrase;
    words more;
    int status;
  };
  const std::vector<row> rows = {
      {"through the proxy", proxy_url("me", there), key_passphrase, {}, 1},
      {"by the configuration file", "", key_passphrase, {"--config", "config.toml"}, 1},
      {"refused by the proxy", proxy_url("you", there), key_passphrase, {}, 2},
      {"no proxy there", proxy_url("me", "127.0.0.1:1"), key_passphrase, {}, 2},
      {"no such proxy", "socks5://me:" + proxy_password + "@h", key_passphrase, {}, 2},
      {"wrong passphrase", proxy_url("me", there), header_secret, {}, 2},
      {"on the command line", "", key_passphrase, {"--proxy", proxy_url("me", there)}, 2},
      {"shown", proxy_url("me", there), key_passphrase, {"--print-config"}, 0},
      {"shown of the file", "", key_passphrase, {"--config", "config.toml", "--print-config"}, 0},
  };
  for (const row& each : rows) {
    CAPTURE(each.what);
    words more{"--base-url", at.servers.instance.base_url(), "--client-cert", "cert.pem", "--client-key",
               "key.pem"};
    more.insert(more.end(), each.more.begin(), each.more.end());
    variables environs = secrets_scene::environment();
    environs["POFETCH_CLIENT_KEY_PASSWORD"] = each.passphrase;
    if (!each.proxy.empty()) environs["POFETCH_PROXY"] = each.proxy;
    const std::size_t asked = proxy.counts().requests;
    const ended done = at.pofetch.run(at.line("orders.csv", each.what, more), environs);
    CHECK_MESSAGE(done.status == each.status, done.err);
    CHECK((proxy.counts().requests > asked) == (each.status == 1 || each.what == "refused by the proxy"));
    at.check_run(each.what, done);
  }
  for (const origin_request& request : at.servers.instance.log())
    CHECK_FALSE(has(request.raw_head, core::base64_encode(proxy_password)));
}

TEST_CASE("secrets: of the API: client secret from everywhere, access token, key, what a server repeats") {
  const secrets_scene at;
  // Says in every way what it was sent.
  const rest_instance there([](const origin_request& request, origin_peer& peer) {
    const std::string sent =
        request.header("authorization") + " " + request.header("x-coupa-api-key") + " " + request.body;
    const std::string& target = request.target;
    if (rest_instance::is_token_request(request) && !has(request.body, "client_id=me&"))
      return rest_instance::reply_json(peer, 400,
                                       R"({"error":"invalid_client","error_description":")" + sent + "\"}");
    if (rest_instance::is_list_request(request) && has(target, "purchase_orders/2/"))
      return rest_instance::reply_json(peer, 400, R"({"errors":{"base":["not with )" + sent + "\"]}}");
    if (rest_instance::is_list_request(request) && has(target, "purchase_orders/4/") &&
        has(target, "offset=0"))
      return rest_instance::reply_json(
          peer, 200,
          R"([{"id":41,"type":"url","url":"https://h.example/x?access_token=)" + enc(nested_token) +
              R"("},{"id":42,"type":"file","file":"g.txt","file-url":"/gone?token=)" + enc(page_token) +
              "\"}]");
    if (has(target, "/gone")) return peer.reply(404, "no: " + target + sent);
    if (has(target, "attachments/42")) return peer.reply(500, sent);
    if (has(target, "attachments/3"))
      return rest_instance::reply_json(peer, 401, "{\"errors\":\"" + sent + "\"}");
    return false;
  });
  at.pofetch.write("ca.pem", there.server().ca_pem());
  at.pofetch.write("orders.csv", "po_number\n1\n2\n3\n4\n");
  at.pofetch.write("client-secret", secret_in_file + "\n");
  at.pofetch.write("keyring", secret_of_command + "\nand more\n");
  const words by_id{"--client-id", "me"};
  struct row {
    std::string what;
    words more;
    variables environment;
    int status;
    bool seen = true;  ///< the server gets it
  };
  const auto with = [&by_id](words more) {
    more.insert(more.begin(), by_id.begin(), by_id.end());
    return more;
  };
  const variables secret{{"POFETCH_CLIENT_SECRET", client_secret}};
  const std::vector<row> rows = {
      {"variable", by_id, secret, 1},
      {"file", with({"--client-secret-file", "client-secret", "--progress", "json"}), {}, 1},
      {"command", with({"--secret-command", "cat keyring", "--progress", "plain"}), {}, 1},
      {"key", {"--progress", "json"}, {{"POFETCH_API_KEY", api_key}}, 1},
      {"refused", {"--client-id", "you", "--client-secret-file", "client-secret"}, {}, 3},
      {"shown", by_id, secret, 0, false},
      {"command that fails", with({"--secret-command", "grep secretOf keyring none"}), {}, 2, false},
      {"secret without a client", {}, secret, 2, false},
      {"no key", {}, {{"POFETCH_API_KEY", api_key + " " + api_key}}, 2, false},
  };
  for (const row& each : rows) {
    CAPTURE(each.what);
    words more{"--source", "api", "--base-url", there.server().base_url(), "--token-wait", "0s"};
    more.insert(more.end(), each.more.begin(), each.more.end());
    if (each.what == "shown") more.push_back("--print-config");
    const std::size_t asked = there.server().counts().requests;
    const ended done = at.pofetch.run(at.line("orders.csv", each.what, more), each.environment);
    CHECK_MESSAGE(done.status == each.status, done.err);
    CHECK((there.server().counts().requests > asked) == each.seen);
    at.check_run(each.what, done);
  }
  words plan{"plan",     "orders.csv", "--source",     "api", "--base-url", there.server().base_url(),
             "--cacert", "ca.pem",     "--token-wait", "0s",  "-vv",        "--client-id",
             "me"};
  at.check_run("plan", at.pofetch.run(plan, secret));
  std::string got;
  for (const origin_request& each : there.server().log()) got += each.raw_head + each.body;
  for (const std::string& each :
       {enc(client_secret), enc(secret_in_file), enc(secret_of_command), api_key, access_token})
    CHECK_MESSAGE(has(got, each), each);
}
