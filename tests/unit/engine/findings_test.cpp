#include "engine/doctor/findings.hpp"

#include "sources/coupa_api/api_advice.hpp"
#include "sources/coupa_api/api_driver.hpp"
#include "sources/coupa_web/web_driver.hpp"
#include "support/text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pofetch;
using namespace pofetch::engine;
using sources::on_api;

namespace {

constexpr std::uint64_t gibibyte = 1ULL << 30;

using pofetch::test::has;

const finding& of(const std::vector<finding>& all, std::string_view check) {
  for (const finding& each : all)
    if (each.check == check) return each;
  FAIL("no finding on " << check);
  return all.front();
}

finding by_session(const result<sources::session_state>& state, const std::string& base_url) {
  instance_options options;
  options.base_url = base_url;
  return sources::web_driver().on_sign_in(state, options, nullptr);
}

storage::folder_facts good_folder() {
  storage::folder_facts facts;
  facts.where = "/data";
  facts.free_bytes = 100 * gibibyte;
  facts.syncing = std::chrono::milliseconds{5};
  return facts;
}

}  // namespace

TEST_CASE("findings: a folder by its room, its speed and its names") {
  const auto look = [](const storage::folder_facts& facts) { return on_folder(facts); };
  storage::folder_facts facts = good_folder();
  for (const finding& each : look(facts)) CHECK(each.level == finding_level::ok);
  facts.free_bytes = gibibyte / 2;
  CHECK(of(look(facts), "space").level == finding_level::warn);
  facts.free_bytes = gibibyte / 1024;
  CHECK(of(look(facts), "space").level == finding_level::fail);
  CHECK(of(look(facts), "space").state == exit_state::machine);
  facts = good_folder();
  facts.free_files = 9'999;
  CHECK(of(look(facts), "space").level == finding_level::warn);
  facts = good_folder();
  facts.syncing = std::chrono::milliseconds{1'001};
  CHECK(of(look(facts), "folder").level == finding_level::warn);
  facts = good_folder();
  facts.tells_case = false;
  CHECK(has(of(look(facts), "names").text, "upper and lower case are the same here"));
  facts.long_names = false;
  CHECK(of(look(facts), "names").level == finding_level::warn);
  const auto refused = on_folder(make_failure(errc::permission, "no folder can be made"));
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].level == finding_level::fail);
  CHECK(refused[0].state == exit_state::machine);
}

TEST_CASE("findings: the way as far as it led, and where it ends") {
  const std::string url = "https://acme.example";
  const auto now = std::chrono::system_clock::now();
  http::way_facts facts;
  const failure refused = make_failure(errc::connection, "refused");
  auto all = on_way(facts, refused, url, now);
  REQUIRE(all.size() == 1);
  CHECK(all[0].check == "address");
  CHECK(all[0].state == exit_state::usage);
  facts.addresses = {"192.0.2.1", "192.0.2.2"};
  all = on_way(facts, refused, url, now);
  CHECK(has(of(all, "address").text, "https://acme.example is 192.0.2.1, 192.0.2.2"));
  CHECK(of(all, "connection").level == finding_level::fail);
  all = on_way(facts, make_failure(errc::tls, "its certificate has expired"), url, now);
  CHECK(of(all, "connection").level == finding_level::ok);
  CHECK(of(all, "tls").level == finding_level::fail);
  facts.proxy = "the proxy http://p:3128";
  CHECK(of(on_way(facts, refused, url, now), "proxy").level == finding_level::fail);
  facts.certificate =
      http::certificate_facts{"CN=acme", "CN=an authority", now + std::chrono::hours(24 * 60), "TLSv1.3"};
  all = on_way(facts, {}, url, now);
  CHECK(has(of(all, "proxy").text, "the proxy http://p:3128"));
  CHECK(
      has(of(all, "tls").text, "TLSv1.3, certificate of CN=acme, issued by CN=an authority, valid until 20"));
  CHECK(of(all, "tls").level == finding_level::ok);
  facts.certificate->expires = now + std::chrono::hours(24 * 13);
  CHECK(of(on_way(facts, {}, url, now), "tls").level == finding_level::warn);
}

TEST_CASE("findings: session and order") {
  using sources::session_state;
  const std::string url = "https://acme.example";
  CHECK(by_session(session_state::alive, url).level == finding_level::ok);
  CHECK(by_session(session_state::unknown, url).level == finding_level::warn);
  CHECK(by_session(session_state::expired, url).state == exit_state::sign_in);
  CHECK(has(by_session(session_state::expired, url).next_step, "pofetch login"));
  CHECK(by_session(make_failure(errc::timeout, "none"), url).state == exit_state::usage);
  discovery order;
  order.supplier = "Acme";
  CHECK(on_order(order, "12", sources::web_driver()).text == "12: 0 attachments, supplier Acme");
  order.incomplete = make_failure(errc::timeout, "requisition 7: no answer");
  CHECK(on_order(order, "12", sources::web_driver()).level == finding_level::warn);
  CHECK(on_order(make_failure(errc::not_found, "no"), "12", sources::web_driver()).level ==
        finding_level::warn);
  CHECK(on_order(make_failure(errc::unexpected_content, "no"), "12", sources::web_driver()).state ==
        exit_state::usage);
  CHECK(on_order(make_failure(errc::session_expired, "no"), "12", sources::web_driver()).state ==
        exit_state::sign_in);
}

TEST_CASE("findings: the REST API by token and by key") {
  using sources::session_state;
  batch_options options;
  options.base_url = "https://acme.example";
  CHECK(has(on_api(session_state::alive, options, {}).text, "accepts the API key"));
  options.client_id = "me";
  const auto life = [&](std::optional<std::chrono::seconds> seconds) {
    return on_api(session_state::alive, options, seconds).text;
  };
  CHECK(has(life(std::chrono::seconds{86'399}), "its life: 24 hours; asked for: core.purchase_order.read"));
  CHECK(has(life(std::chrono::seconds{3'600}), "its life: 60 minutes"));
  CHECK(has(life(std::nullopt), "its life: not said"));
  options.scope = "core.purchase_order.read";
  CHECK(on_api(session_state::alive, options, {}).level == finding_level::warn);
  CHECK(has(on_api(session_state::alive, options, {}).next_step, "core.requisition.read"));
  CHECK(on_api(session_state::unknown, options, {}).level == finding_level::warn);
  const struct {
    errc code;
    int status;
    exit_state state;
    const char* step;
  } rows[] = {
      {errc::config, 0, exit_state::usage, "POFETCH_API_KEY"},
      {errc::session_expired, 0, exit_state::sign_in, "identifier, secret"},
      {errc::session_expired, 403, exit_state::sign_in, "scope"},
      {errc::unexpected_content, 0, exit_state::usage, "base_url"},
      {errc::connection, 0, exit_state::usage, "try again"},
  };
  for (const auto& row : rows) {
    failure why = make_failure(row.code, "what came");
    why.http_status = row.status;
    const finding told = on_api(why, options, {});
    CHECK(told.level == finding_level::fail);
    CHECK(told.state == row.state);
    CHECK_MESSAGE(has(told.next_step, row.step), told.next_step);
  }
  discovery order;
  order.incomplete = make_failure(errc::not_found, "requisition 7: lacks the scope");
  order.incomplete->http_status = 403;
  CHECK(on_order(order, "12", sources::web_driver()).level == finding_level::warn);
  CHECK(on_order(order, "12", sources::api_driver()).state == exit_state::sign_in);
  CHECK(has(on_order(order, "12", sources::api_driver()).text, "12: 0 attachments; requisition 7: lacks"));
}

TEST_CASE("findings: a disk that does not answer is a matter of this machine") {
  const finding told = on_silence("folder", "/mnt/dead", std::chrono::seconds{15});
  CHECK(told.state == exit_state::machine);
  CHECK(has(told.text, "/mnt/dead did not answer within 15 s"));
}
