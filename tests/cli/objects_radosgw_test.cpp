// The same with an object store that nobody here wrote, where it is installed: Ceph's gateway.
#include "cli/program.hpp"
#include "support/origin.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

using namespace pofetch::test;

namespace {

bool is_installed() {
  return std::system("command -v radosgw ceph-mon ceph-osd ceph curl >/dev/null 2>&1") == 0;
}

/// Two ports that nobody has just now.
std::pair<int, int> free_ports() {
  const auto nothing = [](const pofetch::testing::origin_request&, pofetch::testing::origin_peer&) {};
  const pofetch::testing::origin one(nothing, {.plain_http = true});
  const pofetch::testing::origin other(nothing, {.plain_http = true});
  return {one.port(), other.port()};
}

}  // namespace

TEST_CASE("radosgw: a batch there, again, verified; a missing bucket is named") {
  if (!is_installed()) {
    MESSAGE("SKIPPED: radosgw is not installed");
    return;
  }
  const program pofetch;
  const coupa site({"--pos", "30", "--attachments", "1-3", "--size", "1k-400k"});
  const auto [monitor, gateway] = free_ports();
  const std::string endpoint = "http://127.0.0.1:" + std::to_string(gateway);
  process_setup how;
  how.program = RADOSGW_STARTER;
  how.arguments = {(pofetch / "ceph").string(), std::to_string(monitor), std::to_string(gateway)};
  how.environment = {{"HOME", pofetch.folder().string()}};
  how.terminal = true;  // what it reads does not end before the test
  process store(how);
  REQUIRE_MESSAGE(store.wait_for("ready", std::chrono::seconds(120)), store.out());

  const variables keys{{"AWS_ACCESS_KEY_ID", "testkey"}, {"AWS_SECRET_ACCESS_KEY", "testsecret"}};
  const auto line = [&](const std::string& out) {
    return site.run_line(out, {"--s3-endpoint", endpoint, "--allow-http", "--state", "state"});
  };
  const ended missing = pofetch.run(line("s3://archive/a b/\xc3\xa9"), keys);
  CHECK_MESSAGE(missing.status == 2, missing.err);
  CHECK_MESSAGE(has(missing.err, "no such bucket"), missing.err);
  const std::string make =
      "curl -sf --aws-sigv4 aws:amz:us-east-1:s3 --user testkey:testsecret -X PUT -H x-amz-content-sha256:"
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 " +
      endpoint + "/archive";
  REQUIRE(std::system(make.c_str()) == 0);

  const ended first = pofetch.run(line("s3://archive/a b/\xc3\xa9"), keys);
  CHECK_MESSAGE(first.status == 0, first.err);
  CHECK_MESSAGE(!has(first.err, "If-None-Match"), first.err);
  const ended again = pofetch.run(line("s3://archive/a b/\xc3\xa9"), keys);
  CHECK(again.status == 0);
  CHECK(has(again.err, "0 done in this run"));
  const ended verified = pofetch.run(
      {"verify", "s3://archive/a b/\xc3\xa9", "--state", "state", "--s3-endpoint", endpoint, "--allow-http"},
      keys);
  CHECK_MESSAGE(verified.status == 0, verified.err);
  CHECK(has(verified.out, "all as recorded"));
}
