// What programs of others say of the service: linters of its description, a validator of its answers,
// generated bodies, a verifier of its signatures. Where node, npm or their packages cannot be had this says
// SKIPPED, and so does ctest.
#include "core/encoding.hpp"
#include "service/npm_packages.hpp"
#include "service/talk.hpp"
#include "support/origin.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

using namespace pofetch::test;
using pofetch::testing::origin;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;
namespace fs = std::filesystem;

namespace {

const fs::path clients = POFETCH_CLIENT_TESTS;

process_setup in_clients(words line, std::string input = {}) {
  process_setup made;
  made.program = "/usr/bin/env";
  made.arguments = std::move(line);
  made.folder = clients;
  made.input = std::move(input);
  if (const char* const home = std::getenv("HOME")) made.environment.emplace("HOME", home);
  return made;
}

ended run_client(words line, std::string input = {}) {
  process running(in_clients(std::move(line), std::move(input)));
  REQUIRE_MESSAGE(running.wait(std::chrono::minutes{5}), running.out() << running.err());
  return {running.status(), running.out(), running.err()};
}

bool has_clients() {
  static const std::string why = install_packages(clients);
  if (!why.empty()) MESSAGE("SKIPPED: clients of others: " << why);
  return why.empty();
}

/// The service's description in a file; its path.
std::string description_of(const running_service& service) {
  const answer description = service.get("/openapi.json");
  REQUIRE(description.status == 200);
  service.home().write("openapi.json", description.body);
  return (service.home() / "openapi.json").string();
}

}  // namespace

TEST_CASE("clients: two linters find nothing wrong with the description, and types are made of it") {
  if (!has_clients()) return;
  const coupa site({"--pos", "1"});
  const running_service service(site);
  const std::string file = description_of(service);
  const std::string bin = (clients / "node_modules/.bin").string();
  const ended redocly = run_client({bin + "/redocly", "lint", "--config", ".redocly.yaml", file});
  CHECK_MESSAGE(redocly.status == 0, redocly.out << redocly.err);
  const ended spectral =
      run_client({bin + "/spectral", "lint", "--fail-severity", "warn", "--ruleset", ".spectral.yaml", file});
  CHECK_MESSAGE(spectral.status == 0, spectral.out << spectral.err);
  const std::string types = (service.home() / "api.d.ts").string();
  const ended made = run_client({bin + "/openapi-typescript", file, "-o", types});
  REQUIRE_MESSAGE(made.status == 0, made.out << made.err);
  CHECK(has(read_file(types), "submitBatch"));
  const ended checked = run_client({bin + "/tsc", "--noEmit", "--strict", "--skipLibCheck", "false", types});
  CHECK_MESSAGE(checked.status == 0, checked.out << checked.err);
}

TEST_CASE("clients: every answer of a walk through all routes follows its schema") {
  if (!has_clients()) return;
  const coupa site({"--pos", "6", "--attachments", "1-2", "--size", "1k-2k"});
  const running_service service(site);
  words line{"node", "walk.mjs", service.where()};
  const std::string list = read_file(site.file("orders.csv"));
  for (std::size_t at = list.find('\n'); at + 1 < list.size(); at = list.find('\n', at + 1))
    line.push_back(list.substr(at + 1, list.find_first_of(",\r\n", at + 1) - at - 1));
  const ended walked = run_client(line);
  CHECK_MESSAGE(walked.status == 0, walked.out << walked.err);
  CHECK(has(walked.out, "operations walked"));
}

TEST_CASE("clients: generated bodies never give 5xx") {
  if (!has_clients()) return;
  const coupa site({"--pos", "1"});
  const running_service service(site);
  const ended done = run_client({"node", "bodies.mjs", service.where()});
  CHECK_MESSAGE(done.status == 0, done.out << done.err);
  CHECK(service.get("/readyz").status == 200);
}

TEST_CASE("clients: the signature of a webhook, verified by the code of Standard Webhooks") {
  if (!has_clients()) return;
  const origin receiver([](const origin_request&, origin_peer& peer) { peer.reply(204, ""); });
  const temp_dir folder;
  const std::string secret = "whsec_" + pofetch::core::base64_encode("a secret of twenty-four bytes");
  write_file(folder / "key", secret + "\n");
  const coupa site({"--pos", "1", "--attachments", "1", "--size", "1k-2k"});
  const running_service service(site, {},
                                "[webhook.erp]\nurl = \"" + receiver.base_url() + "/\"\nsecret-file = \"" +
                                    (folder / "key").string() + "\"\ncacert = \"" +
                                    receiver.ca_file().string() + "\"\nallow-host = [\"localhost\"]\n");
  static_cast<void>(service.submit(read_file(site.file("orders.csv"))));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (receiver.log().empty() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  REQUIRE_FALSE(receiver.log().empty());
  const origin_request got = receiver.log().front();
  boost::json::object headers;
  for (const auto& [name, value] : got.headers) headers[name] = value;
  const boost::json::object message{{"secret", secret}, {"headers", headers}, {"body", got.body}};
  const ended done = run_client({"node", "signature.mjs"}, boost::json::serialize(message));
  CHECK_MESSAGE(done.status == 0, done.out << done.err);
  CHECK(has(done.out, "batch.completed"));
}
