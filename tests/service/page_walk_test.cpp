// A walk through the page by a real browser, and what tools of others say of it. Where node, npm or chromium
// is missing this says SKIPPED, and so does ctest.
#include "service/npm_packages.hpp"
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/stat.h>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

/// In a folder beside the build, where the packages stay from one run to the next.
ended run_there(words line, variables environment, std::chrono::minutes limit) {
  process_setup made;
  made.program = "/usr/bin/env";
  made.arguments = std::move(line);
  made.environment = std::move(environment);
  made.folder = POFETCH_PAGE_TESTS;
  if (const char* const home = std::getenv("HOME")) made.environment.emplace("HOME", home);
  process running(made);
  REQUIRE_MESSAGE(running.wait(limit), running.out() << running.err());
  return {running.status(), running.out(), running.err()};
}

bool has_browser_and_node() {
  const bool there = fs::exists("/usr/bin/chromium");
  CHECK_MESSAGE((there || std::getenv("CI") == nullptr), "no browser where everything has to be tested");
  static const std::string why =
      there ? install_packages(POFETCH_PAGE_TESTS) : "chromium is not installed (tools/setup does)";
  if (!why.empty()) MESSAGE("SKIPPED: the walk through the page: " << why);
  return why.empty();
}

}  // namespace

TEST_CASE("page: its markup, types and policy, judged by tools of others") {
  if (!has_browser_and_node()) return;
  const coupa site({"--pos", "3", "--attachments", "1", "--size", "1k-2k"});
  const running_service service(site);
  const ended done = run_there({"node", "judges.mjs"},
                               {{"PAGE_URL", service.where()}, {"PAGE_SOURCES", POFETCH_PAGE_SOURCES}},
                               std::chrono::minutes{3});
  CHECK_MESSAGE(done.status == 0, done.out << done.err);
}

TEST_CASE("page: a browser walks through it") {
  if (!has_browser_and_node()) return;
  const coupa site({"--pos", "2000", "--attachments", "1-2", "--size", "1k-3k", "--not-found", "4",
                    "--missing-files", "12", "--latency", "20", "--slide-every", "0"});
  running_service open(site);
  const program maker;
  std::string text;
  variables environment{{"PAGE_URL", open.where()}, {"PAGE_LIST", site.file("orders.csv")}};
  for (const char* each : {"read", "submit", "admin"}) {
    const made_token made = make_token(maker, each, each);
    environment[std::string("PAGE_TOKEN_") + each] = made.text;
    text += made.line + "\n";
  }
  maker.write("tokens", text);
  REQUIRE(::chmod((maker / "tokens").c_str(), 0600) == 0);
  const running_service guarded(site, {"--tokens", (maker / "tokens").string()});
  environment["PAGE_GUARDED_URL"] = guarded.where();
  // A third one, whose session is over.
  const coupa other({"--pos", "8", "--attachments", "1", "--size", "1k-2k", "--slide-every", "0"});
  const std::string good = read_file(other.file("cookies.txt"));
  std::string bad = good;
  bad.replace(bad.rfind('\t') + 1, 4, "XXXX");
  write_file(other.file("cookies.txt"), bad);
  const running_service ended_session(other);
  environment["PAGE_BLOCKED_URL"] = ended_session.where();
  environment["PAGE_COOKIES"] = good;
  if (const char* const pictures = std::getenv("POFETCH_PAGE_PICTURES"))
    environment["PAGE_PICTURES"] = pictures;
  const ended done = run_there({"node", "walk.mjs"}, environment, std::chrono::minutes{6});
  CHECK_MESSAGE(done.status == 0, done.out << done.err);
  CHECK(open.stop() == 0);
}
