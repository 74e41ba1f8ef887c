// Files that go to an object store: one in the test's own process, which is honest, stumbles, or lies.
#include "cli/program.hpp"
#include "support/fake_s3.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>

using namespace pofetch::test;
using pofetch::testing::fake_s3;
using pofetch::testing::fake_s3_options;
using pofetch::testing::origin_peer;
using pofetch::testing::origin_request;
namespace fs = std::filesystem;

namespace {

const variables keys{{"AWS_ACCESS_KEY_ID", "testkey"},
                     {"AWS_SECRET_ACCESS_KEY", "testsecret/that+nobody=sees"},
                     {"AWS_EC2_METADATA_DISABLED", "true"}};

words to_store(const fake_s3& store, const words& more = {}) {
  return with({"--s3-endpoint", store.endpoint(), "--allow-http", "--state", "state", "--spool", "spool"},
              more);
}

words reading(const std::string& command, const fake_s3& store) {
  words line{command, "s3://archive/in", "--state", "state"};
  return command == "verify" ? with(line, {"--s3-endpoint", store.endpoint(), "--allow-http"}) : line;
}

ended fetch(const program& pofetch, const coupa& site, const fake_s3& store, const words& more = {},
            variables environment = keys) {
  return pofetch.run(site.run_line("s3://archive/in", to_store(store, more)), std::move(environment));
}

/// Bodies by key, but for the report.
std::map<std::string, std::string> files_of(const fake_s3& store) {
  std::map<std::string, std::string> all;
  for (const auto& [key, one] : store.objects())
    if (key != "in/report.csv") all.emplace(key, one.body);
  return all;
}

/// The same batch on a disk.
std::map<std::string, std::string> files_on_disk(const program& pofetch, const coupa& site) {
  REQUIRE(pofetch.run(site.run_line("disk")).status == 0);
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(pofetch / "disk")) {
    const std::string path = fs::relative(entry.path(), pofetch / "disk").string();
    if (entry.is_regular_file() && !path.starts_with(".pofetch") && path != "report.csv")
      all.emplace("in/" + path, read_file(entry.path()));
  }
  return all;
}

std::ptrdiff_t bodies_in(const fs::path& folder) {
  std::ptrdiff_t sum = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    sum += entry.path().extension() == ".part";
  return sum;
}

}  // namespace

TEST_CASE("object store: every file once, by one PUT, as on a disk; status, verify and report know it") {
  const program pofetch;
  const coupa site({"--pos", "20", "--attachments", "1-4", "--size", "1k-600k"});
  fake_s3 store;
  const ended first = fetch(pofetch, site, store);
  CHECK_MESSAGE(first.status == 0, first.err);
  const auto files = files_of(store);
  CHECK(files == files_on_disk(pofetch, site));
  CHECK(store.complaints() == "");
  CHECK(store.requests("PUT") == files.size() + 1);
  CHECK(store.requests("HEAD") + store.requests("GET") == 0);
  CHECK(count(store.objects().at("in/report.csv").body, ",COMPLETED,") == 20);
  CHECK(store.objects().at("in/report.csv").body == read_file(pofetch / "state/report.csv"));
  const auto one = store.objects().begin()->second.fields;
  CHECK(one.at("content-disposition").starts_with("attachment; filename="));
  CHECK(one.at("x-amz-meta-pofetch-batch") == "orders");
  CHECK(one.at("x-amz-meta-pofetch-po").size() > 0);
  CHECK(one.at("x-amz-meta-pofetch-sha256").size() == 64);
  CHECK(bodies_in(pofetch / "spool") == 0);

  const std::size_t before = store.requests("PUT");
  CHECK(fetch(pofetch, site, store).status == 0);
  CHECK(store.requests("PUT") == before + 1);  // the report
  CHECK(store.requests("HEAD") == 0);
  CHECK(store.requests("GET") == 1);  // a listing for all of them
  const ended status = pofetch.run(reading("status", store), keys);
  CHECK_MESSAGE(status.status == 0, status.err);
  CHECK(has(status.out, "COMPLETED"));
  CHECK(pofetch.run(with(reading("report", store), {"--to", "again.json"})).status == 0);
  const ended whole = pofetch.run(reading("verify", store), keys);
  CHECK_MESSAGE(whole.status == 0, whole.err);

  // What somebody changed or removed is found, and fetched again.
  const std::string changed = files.begin()->first;
  const std::string missing = files.rbegin()->first;
  store.put(changed, std::string(files.at(changed).size(), 'x'));
  store.remove(missing);
  const ended damaged = pofetch.run(reading("verify", store), keys);
  CHECK(damaged.status != 0);
  CHECK(has(damaged.out, "has other content"));
  CHECK(has(damaged.out, "is missing"));
  CHECK(fetch(pofetch, site, store).status == 0);
  CHECK(files_of(store) == files);
}

TEST_CASE("object store: it stumbles, and everything is there once all the same") {
  const program pofetch;
  const coupa site({"--pos", "8", "--attachments", "1", "--size", "1k-4k"});
  // Each object's first PUT is turned away, its second is stored and looks failed.
  std::map<std::string, unsigned> turns;
  std::mutex guard;
  const auto turn_of = [&](const origin_request& request) {
    const std::lock_guard lock(guard);
    return turns[request.target];
  };
  fake_s3_options how;
  how.before = [&](const origin_request& request, origin_peer& peer) {
    if (request.method != "PUT" || has(request.target, "/.pofetch/")) return false;
    {
      const std::lock_guard lock(guard);
      if (turns[request.target]++ > 0) return false;
    }
    const std::size_t kind = std::hash<std::string>()(request.target) % 3;
    if (kind == 0) return peer.reply(409, "<Error><Code>ConditionalRequestConflict</Code></Error>");
    if (kind == 1) return peer.reply(503, "<Error><Code>SlowDown</Code></Error>", {{"Retry-After", "0"}});
    peer.reset();
    return true;
  };
  how.stored = [&](const origin_request& request, origin_peer& peer) {
    if (has(request.target, "/.pofetch/") || turn_of(request) != 2) return false;
    if (request.target.size() % 2 == 0) return peer.reply(503, "<Error><Code>InternalError</Code></Error>");
    peer.cut();
    return true;
  };
  fake_s3 store(how);
  const ended done = fetch(pofetch, site, store);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(files_of(store) == files_on_disk(pofetch, site));
  CHECK(store.complaints() == "");
}

TEST_CASE("object store: PUTs do not stand in line") {
  const program pofetch;
  const coupa site({"--pos", "40", "--attachments", "1", "--size", "1k"});
  fake_s3_options how;
  how.before = [](const origin_request& request, origin_peer& peer) {
    if (request.method == "PUT") peer.stall(std::chrono::milliseconds(200));
    return false;
  };
  fake_s3 store(how);
  CHECK(fetch(pofetch, site, store).status == 0);
  CHECK(files_of(store).size() == 40);
  CHECK(store.server().counts().max_in_flight >= 4);
}

TEST_CASE("object store: what others put there stays; what is ours already is kept") {
  const program pofetch;
  const coupa site({"--pos", "3", "--attachments", "1", "--size", "2k"});
  const auto wanted = files_on_disk(pofetch, site);
  fake_s3 store;
  const std::string taken = wanted.begin()->first;
  const std::string same = wanted.rbegin()->first;
  store.put(taken, "somebody else's");
  store.put(same, wanted.at(same));
  const ended done = fetch(pofetch, site, store);
  CHECK_MESSAGE(done.status == 0, done.err);
  auto files = files_of(store);
  CHECK(files.at(taken) == "somebody else's");
  CHECK(files.at(same) == wanted.at(same));
  CHECK(files.size() == wanted.size() + 1);
  files.erase(taken);
  const auto numbered =
      std::find_if(files.begin(), files.end(), [](const auto& each) { return has(each.first, " (2)"); });
  REQUIRE(numbered != files.end());
  CHECK(numbered->second == wanted.at(taken));
}

TEST_CASE("object store: one that takes no notice of conditions is found out, and works for one") {
  const program pofetch;
  const coupa site({"--pos", "3", "--attachments", "1", "--size", "2k"});
  const auto wanted = files_on_disk(pofetch, site);
  fake_s3_options how;
  how.conditions = false;
  fake_s3 store(how);
  store.put(wanted.begin()->first, "somebody else's");
  const ended done = fetch(pofetch, site, store, {"--progress", "plain"});
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK_MESSAGE(has(done.err, "If-None-Match"), done.err);
  CHECK(files_of(store).at(wanted.begin()->first) == "somebody else's");
  CHECK(files_of(store).size() == wanted.size() + 1);
}

TEST_CASE("object store: killed after a PUT, the next run keeps what is there") {
  const program pofetch;
  const coupa site({"--pos", "8", "--attachments", "1", "--size", "2k"});
  std::atomic<bool> holds{true};
  fake_s3_options how;
  how.stored = [&holds](const origin_request& request, origin_peer& peer) {
    if (holds && request.target.find("/.pofetch/") == std::string::npos) peer.stall(std::chrono::seconds(20));
    return false;
  };
  fake_s3 store(how);
  {
    process running(pofetch.setup(site.run_line("s3://archive/in", to_store(store)), keys));
    for (int i = 0; i < 200 && files_of(store).empty(); ++i) running.wait(std::chrono::milliseconds(50));
    running.send(SIGKILL);
    CHECK(running.wait());
  }
  REQUIRE(!files_of(store).empty());
  holds = false;
  const ended done = fetch(pofetch, site, store);
  CHECK_MESSAGE(done.status == 0, done.err);
  CHECK(files_of(store) == files_on_disk(pofetch, site));
  CHECK(bodies_in(pofetch / "spool") == 0);
}

TEST_CASE("object store: what cannot work is refused with 2 and a plain reason") {
  const program pofetch;
  const coupa site({"--pos", "1"});
  fake_s3 store;
  const auto refused = [&](const words& line, const variables& environment, const char* part) {
    const ended done = pofetch.run(line, environment);
    CHECK_MESSAGE(done.status == 2, done.err);
    CHECK_MESSAGE(has(done.err, part), done.err);
    CHECK(!has(done.err, "nobody=sees"));
  };
  const auto line = [&](const words& more) {
    return site.run_line("s3://archive/in", to_store(store, more));
  };
  refused(line({"--dedupe"}), keys, "--dedupe needs a file system");
  refused(line({"--folder-status"}), keys, "--folder-status needs a file system");
  refused(site.run_line("s3://archive/in", {"--s3-endpoint", store.endpoint(), "--allow-http"}), keys,
          "--state");
  refused(site.run_line("s3://archive/in", {"--s3-endpoint", store.endpoint(), "--state", "state"}), keys,
          "--allow-http");
  refused(site.run_line("s3://archive/../x", to_store(store)), keys, "--out");
  refused(site.run_line("s3://another/in", to_store(store, {"--state", "state2"})), keys, "no such bucket");
  variables wrong = keys;
  wrong["AWS_SECRET_ACCESS_KEY"] = "wrong-nobody=sees";
  refused(line({}), wrong, "SignatureDoesNotMatch");
  refused(line({}), {{"AWS_EC2_METADATA_DISABLED", "true"}}, "AWS_ACCESS_KEY_ID");
  // A state is of one output.
  CHECK(fetch(pofetch, site, store).status == 0);
  refused(site.run_line("s3://archive/elsewhere", to_store(store)), keys, "--state");
  refused(site.run_line("state"), {}, "is the state of s3://archive/in");
}

TEST_CASE("object store: no secret in log, state, report or object") {
  const program pofetch;
  const coupa site({"--pos", "3", "--attachments", "1", "--size", "2k"});
  fake_s3_options how;
  how.token = "session-token-of-nobody";
  std::atomic<unsigned> turn{0};
  how.before = [&turn](const origin_request&, origin_peer& peer) {
    return turn++ % 3 == 1 && peer.reply(503, "<Error><Code>SlowDown</Code></Error>");
  };
  fake_s3 store(how);
  variables environment = keys;
  environment["AWS_SESSION_TOKEN"] = how.token;
  const ended done = fetch(pofetch, site, store, {"--log-file", "state.log", "-vv"}, environment);
  CHECK_MESSAGE(done.status == 0, done.err);
  std::string all = done.out + done.err + read_file(pofetch / "state.log");
  for (const auto& entry : fs::recursive_directory_iterator(pofetch / "state"))
    if (entry.is_regular_file()) all += read_file(entry.path());
  for (const auto& [key, one] : store.objects()) all += key + one.body;
  for (const char* secret : {"nobody=sees", "session-token-of-nobody", "Signature="})
    CHECK(!has(all, secret));
}
