// What webhooks are told, by a receiver that fails, stalls and redirects, and over a kill of the service.
#include "core/encoding.hpp"
#include "service/talk.hpp"
#include "support/origin.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

using namespace pofetch::test;
using pofetch::testing::origin;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;

namespace {

const words three_orders = {"--pos", "3", "--attachments", "1", "--size", "1k-2k"};
const std::string planted = "geheimes-Wort-des-Empfaengers";

std::string section(const std::string& name, const std::string& url, const std::string& key_file,
                    const origin& receiver, const std::string& more = "allow-host = [\"localhost\"]\n") {
  return "[webhook." + name + "]\nurl = \"" + url + "\"\nsecret-file = \"" + key_file + "\"\ncacert = \"" +
         receiver.ca_file().string() + "\"\n" + more;
}

/// A secret in a file of its own.
struct key_file {
  temp_dir folder;
  key_file() { write_file(folder / "key", "whsec_" + pofetch::core::base64_encode(planted) + "\n"); }
  [[nodiscard]] std::string path() const { return (folder / "key").string(); }
};

std::string signature_of(const origin_request& got) {
  const std::string text = got.header("webhook-id") + "." + got.header("webhook-timestamp") + "." + got.body;
  unsigned char digest[32];
  unsigned size = 0;
  ::HMAC(::EVP_sha256(), planted.data(), static_cast<int>(planted.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
  return "v1," + pofetch::core::base64_encode({reinterpret_cast<const char*>(digest), size});
}

std::vector<origin_request> got_at(const origin& receiver, const std::string& target) {
  std::vector<origin_request> made;
  for (const origin_request& each : receiver.log())
    if (each.target == target) made.push_back(each);
  return made;
}

/// Waits until that many messages are in that state; the page of them.
std::string deliveries(const running_service& service, const std::string& state, std::size_t wanted) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  std::string body;
  do {
    body = service.get("/v1/deliveries?state=" + state).body;
    if (count(body, "\"id\":\"msg_") == wanted) return body;
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  } while (std::chrono::steady_clock::now() < until);
  FAIL("no " << wanted << " deliveries are " << state << ": " << body);
  return body;
}

}  // namespace

TEST_CASE("webhooks: told how a batch ends, signed, and the secret stands nowhere") {
  const origin receiver([](const origin_request&, origin_peer& peer) { peer.reply(204, ""); });
  const key_file key;
  const coupa site(three_orders);
  running_service service(site, {},
                          section("erp", receiver.base_url() + "/erp", key.path(), receiver) +
                              section("failed-only", receiver.base_url() + "/other", key.path(), receiver,
                                      "allow-host = [\"localhost\"]\nevents = [\"batch.failed\"]\n"));
  const std::string id = service.submit(read_file(site.file("orders.csv")), "?name=May");
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  const std::string page = deliveries(service, "delivered", 1);
  const auto all = got_at(receiver, "/erp");
  REQUIRE(all.size() == 1);
  const origin_request& got = all.front();
  CHECK(got.method == "POST");
  CHECK(got.header("content-type") == "application/json");
  CHECK(got.header("webhook-id").starts_with("msg_"));
  CHECK(has(page, got.header("webhook-id")));
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  CHECK(std::abs(std::stoll(got.header("webhook-timestamp")) - now.count()) < 60);
  CHECK(got.header("webhook-signature") == signature_of(got));
  CHECK(member(got.body, "type") == "batch.completed");
  CHECK(member(got.body, "data.id") == id);
  CHECK(member(got.body, "data.name") == "May");
  CHECK(member(got.body, "data.state") == "completed");
  CHECK(member(got.body, "data.totals.by_status.COMPLETED") == "3");
  CHECK(receiver.requests("/other") == 0);
  const std::string events = service.get("/v1/batches/" + id).body + service.get("/v1/batches").body;
  CHECK(service.stop() == 0);
  const std::string shown = page + events + service.err() + got.raw_head + got.body;
  CHECK_FALSE(has(shown, planted));
  CHECK_FALSE(has(shown, pofetch::core::base64_encode(planted)));
  for (const auto& each : std::filesystem::recursive_directory_iterator(service.home() / "data"))
    if (each.is_regular_file()) CHECK_FALSE(has(read_file(each.path()), planted));
}

TEST_CASE("webhooks: failing, stalling and redirecting ones are tried again; a forbidden address is not") {
  std::atomic<bool> was_busy = false;
  std::atomic<bool> was_slow = false;
  const origin receiver([&](const origin_request& got, origin_peer& peer) {
    if (got.target == "/busy" && !was_busy.exchange(true)) {
      peer.reply(503, "later", {{"Retry-After", "3600"}});
    } else if (got.target == "/slow" && !was_slow.exchange(true)) {
      peer.stall();
    } else if (got.target == "/moved") {
      peer.reply(307, "", {{"Location", "/busy"}});
    } else {
      peer.reply(200, "thanks");
    }
  });
  const key_file key;
  const coupa site(three_orders);
  running_service service(site, {},
                          section("busy", receiver.base_url() + "/busy", key.path(), receiver) +
                              section("slow", receiver.base_url() + "/slow", key.path(), receiver) +
                              section("moved", receiver.base_url() + "/moved", key.path(), receiver) +
                              section("inside", receiver.base_url() + "/inside", key.path(), receiver, ""));
  const std::string id = service.submit(read_file(site.file("orders.csv")));
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  const std::string refused = deliveries(service, "failed", 1);
  CHECK(has(refused, "\"webhook\":\"inside\""));
  CHECK(has(refused, "allow-host"));
  CHECK(has(refused, "\"tries\":1"));
  CHECK(receiver.requests("/inside") == 0);
  const std::string taken = deliveries(service, "delivered", 2);
  CHECK(has(taken, "\"webhook\":\"busy\""));
  CHECK(has(taken, "\"webhook\":\"slow\""));
  for (const char* each : {"/busy", "/slow"}) {
    CAPTURE(each);
    const auto tries = got_at(receiver, each);
    REQUIRE(tries.size() == 2);
    CHECK(tries[0].header("webhook-id") == tries[1].header("webhook-id"));
    CHECK(tries[0].header("webhook-timestamp") != tries[1].header("webhook-timestamp"));
    CHECK(tries[1].header("webhook-signature") == signature_of(tries[1]));
  }
  const std::string waiting = deliveries(service, "pending", 1);
  CHECK(has(waiting, "redirects are not followed"));
  CHECK(has(waiting, "\"last_status\":307"));
  CHECK(has(service.get("/v1/deliveries?webhook=moved&limit=1").body, "\"webhook\":\"moved\""));
  CHECK(service.get("/v1/deliveries?state=lost").status == 400);
  CHECK(service.running().wait_for("webhook inside: batch.completed"));
}

TEST_CASE("webhooks: a message survives kill -9, with its id") {
  std::atomic<bool> works = false;
  const origin receiver([&works](const origin_request&, origin_peer& peer) {
    works ? peer.reply(200, "") : peer.reply(500, "");
  });
  const key_file key;
  const coupa site(three_orders);
  running_service service(site, {}, section("erp", receiver.base_url() + "/erp", key.path(), receiver));
  const std::string id = service.submit(read_file(site.file("orders.csv")));
  static_cast<void>(service.wait_for_state(id, {"completed"}));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (receiver.requests("/erp") == 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  service.kill();
  works = true;
  service.start();
  static_cast<void>(deliveries(service, "delivered", 1));
  const auto tries = got_at(receiver, "/erp");
  REQUIRE(tries.size() >= 2);
  for (const origin_request& each : tries)
    CHECK(each.header("webhook-id") == tries.front().header("webhook-id"));
}

TEST_CASE("webhooks: somebody has to sign in") {
  const origin receiver([](const origin_request&, origin_peer& peer) { peer.reply(200, ""); });
  const key_file key;
  const coupa site({"--pos", "3", "--attachments", "1", "--size", "1k-2k", "--slide-every", "0"});
  const running_service service(site, {}, section("erp", receiver.base_url() + "/erp", key.path(), receiver));
  std::string bad = read_file(site.file("cookies.txt"));
  bad.replace(bad.rfind('\t') + 1, 4, "XXXX");
  write_file(site.file("cookies.txt"), bad);
  const std::string id = service.submit(read_file(site.file("orders.csv")));
  static_cast<void>(service.wait_for_state(id, {"blocked"}));
  static_cast<void>(deliveries(service, "delivered", 1));
  const auto got = got_at(receiver, "/erp");
  REQUIRE(got.size() == 1);
  CHECK(member(got[0].body, "type") == "sign_in.needed");
  CHECK(member(got[0].body, "data.id") == id);
  CHECK(member(got[0].body, "data.state") == "blocked");
}

TEST_CASE("webhooks: settings that cannot be used end the start") {
  const program here;
  here.write("key", "geheim\n");
  const auto refused = [&](const std::string& text) {
    here.write("pofetch.toml", text);
    return here.run({"serve", "--data", "data", "--listen", "127.0.0.1:0"});
  };
  for (const char* each :
       {"url = \"http://example.com/x\"\nsecret-file = \"key\"\n", "secret-file = \"key\"\n",
        "url = \"https://example.com/x\"\n", "url = \"https://example.com/x\"\nsecret-file = \"none\"\n",
        "url = \"https://example.com/x\"\nsecret-file = \"key\"\nevents = [\"batch.lost\"]\n",
        "url = \"https://example.com/x\"\nsecret-file = \"key\"\nheader = \"A: b\"\n"}) {
    CAPTURE(each);
    const ended done = refused("[webhook.erp]\n" + std::string(each));
    CHECK(done.status == 2);
    CHECK_FALSE(has(done.err, "geheim"));
  }
}
