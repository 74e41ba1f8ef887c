// Batches of a manifest: their addresses are known until the files are there, so that a retry may choose
// among them.
#include "service/talk.hpp"
#include "support/origin.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <string>

using namespace pofetch::test;
using pofetch::testing::origin;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;

TEST_CASE("manifest: a retry works on the orders that it names, and on no others") {
  std::atomic<bool> mended = false;
  const origin files([&mended](const origin_request& got, origin_peer& peer) {
    const bool there = mended || got.target.starts_with("/1");
    there ? peer.reply(200, "%PDF-1.4 " + got.target, {{"Content-Type", "application/pdf"}})
          : peer.reply(404, "gone", {{"Content-Type", "text/plain"}});
  });
  const coupa site({"--pos", "1"});
  running_service service(
      site, {},
      "[profile.archive]\nsource = \"manifest\"\nmanifest-hosts = [\"localhost\"]\nallow-host = "
      "[\"localhost\"]\ncacert = \"" +
          files.ca_file().string() + "\"\n");
  std::string list = "po_number,url\n";
  for (const char* each : {"1", "2", "3"})
    list += std::string(each) + "," + files.base_url() + "/" + each + ".pdf?sig=geheim\n";
  const std::string id = service.submit(list, "?profile=archive&retries=0");
  const std::string batch = "/v1/batches/" + id;
  const std::string first = service.wait_for_state(id, {"incomplete"});
  CHECK(member(first, "totals.by_status.COMPLETED") == "1");
  mended = true;
  const answer dry = service.post(batch + "/retry", R"({"purchase_orders":["2","1"],"dry_run":true})");
  CHECK(dry.status == 200);
  CHECK(member(dry.body, "matched") == "1");
  const answer some = service.post(batch + "/retry", R"({"purchase_orders":["2"]})");
  CHECK(some.status == 202);
  CHECK(member(some.body, "matched") == "1");
  const std::string second = service.wait_for_state(id, {"incomplete", "completed"});
  CHECK(member(second, "totals.by_status.COMPLETED") == "2");
  CHECK(files.requests("/2.pdf?sig=geheim") == 2);
  CHECK(files.requests("/3.pdf?sig=geheim") == 1);
  // What waits for its turn survives the service, and needs no list.
  service.kill();
  service.start();
  static_cast<void>(service.wait_for_state(id, {"incomplete"}));
  const answer rest = service.post(batch + "/retry", R"({"error_codes":["http_404"]})");
  CHECK(rest.status == 202);
  CHECK(member(rest.body, "matched") == "1");
  const std::string last = service.wait_for_state(id, {"completed"});
  CHECK(member(last, "totals.by_status.COMPLETED") == "3");
  CHECK(member(last, "list.rows") == "3");
  CHECK(files.requests("/1.pdf?sig=geheim") == 1);
  CHECK_FALSE(has(service.get(batch + "/purchase-orders/3").body, "geheim"));
  CHECK_FALSE(has(read_file(service.home() / ("data/batches/" + id + "/out/.pofetch/ledger.db")), "geheim"));
}
