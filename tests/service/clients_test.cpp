// The examples for programs that talk to a service, as their readers would run them: the chapter of curl
// commands, and the clients in Python and TypeScript.
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

const fs::path examples = POFETCH_EXAMPLES;

/// Runs what a shell is given, in the folder of the service.
ended in_shell(const running_service& service, const std::string& script, variables environment) {
  process_setup made;
  made.program = "/bin/bash";
  made.arguments = {"-euo", "pipefail", "-c", script};
  made.environment = std::move(environment);
  made.environment["PATH"] =
      fs::path(POFETCH_PROGRAM).parent_path().string() + ":" + std::string(std::getenv("PATH"));
  made.environment["HOME"] = service.home().folder().string();
  made.folder = service.home().folder();
  process running(made);
  REQUIRE_MESSAGE(running.wait(std::chrono::minutes{3}), running.out() << running.err());
  return {running.status(), running.out(), running.err()};
}

/// The commands of a page, each told on standard error before it runs.
std::string commands_in(const std::string& page) {
  std::string script;
  for (std::size_t at = page.find("```sh\n"); at != std::string::npos; at = page.find("```sh\n", at + 1)) {
    const std::size_t from = at + 6;
    script += page.substr(from, page.find("```", from) - from);
  }
  return "PS4='> '; set -x\n" + script;
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  REQUIRE_MESSAGE(at != std::string::npos, what);
  text.replace(at, what.size(), by);
}

/// A site where something goes wrong, a service with tokens, and one token with which everything may be done.
struct guarded_service {
  coupa site{
      {"--pos", "60", "--attachments", "1-2", "--size", "1k-3k", "--latency", "150", "--not-found", "10"}};
  program maker;
  temp_dir folder;
  std::string token;
  std::string socket = "unix:" + (folder / "api.sock").string();
  std::unique_ptr<running_service> service;

  guarded_service() {
    const ended made = maker.run({"serve", "--new-token", "all", "--scope", "read,submit,admin"});
    REQUIRE(made.status == 0);
    const std::string behind = made.out.substr(made.out.find('\n') + 1);
    token = behind.substr(0, behind.find('\n'));
    const std::size_t line = made.out.rfind('\n', made.out.size() - 2) + 1;
    maker.write("tokens", made.out.substr(line));
    REQUIRE(::chmod((maker / "tokens").c_str(), 0600) == 0);
    service = std::make_unique<running_service>(
        site, words{"--tokens", (maker / "tokens").string(), "--listen", "127.0.0.1:0", "--listen", socket});
    service->home().write("orders.csv", read_file(site.file("orders.csv")));
    fs::copy(examples / "service_client.py", service->home() / "service_client.py");
  }
};

/// Path beneath to content, without what stands at the top.
std::map<std::string, std::string> files_below(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& each : fs::recursive_directory_iterator(folder)) {
    const fs::path path = fs::relative(each.path(), folder);
    if (each.is_regular_file() && path.has_parent_path() && *path.begin() != ".pofetch")
      all[path.string()] = read_file(each.path());
  }
  return all;
}

}  // namespace

TEST_CASE("the chapter: every command of it works") {
  const guarded_service here;
  const running_service& service = *here.service;
  std::string script = commands_in(read_file(examples / "SERVICE.md"));
  replace(script, "URL=http://127.0.0.1:8080", "URL=" + service.where());
  replace(script, "/run/pofetch/api.sock", here.socket.substr(5));
  const ended done = in_shell(service, script, {{"POFETCH_TOKEN", here.token}});
  CHECK_MESSAGE(done.status == 0, done.out << done.err);
  const auto made = [&](const char* name) { return read_file(service.home() / name); };
  const std::string id = member(made("batch.json"), "id");
  CHECK(member(made("batch.json"), "name") == "May");
  CHECK(member(made("same.json"), "id") == id);
  CHECK(member(made("few.json"), "id") != id);
  CHECK(has(made("events.txt"), "event: end\n"));
  CHECK(member(made("dry.json"), "matched") != "0");
  CHECK(made("part").size() == 100);
  CHECK(made("report.xlsx").starts_with("PK"));
  const fs::path kept = service.home() / ("data/kept/" + id);
  bool found = false;
  for (const auto& [path, content] : files_below(kept)) found = found || content == made("whole");
  CHECK(found);
  CHECK(files_below(service.home() / "fetched") == files_below(kept));
}

TEST_CASE("service_client.py: 40 lines, and what a service refuses is told in a sentence") {
  const std::string text = read_file(examples / "service_client.py");
  CHECK(count(text, "\n") <= 40);
  const guarded_service here;
  const ended refused =
      in_shell(*here.service, "python3 service_client.py " + here.service->where() + " orders.csv out",
               {{"POFETCH_TOKEN", "wrong"}});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "token"));
  CHECK_FALSE(has(refused.err, "Traceback"));
}

TEST_CASE("service_client.ts: by types made from the service's own description") {
  const guarded_service here;
  const running_service& service = *here.service;
  if (!has(service.get("/openapi.json").body, "#/components/schemas/Batch")) {
    MESSAGE("SKIPPED: the client in TypeScript: the service does not describe its answers yet");
    return;
  }
  const fs::path tools = POFETCH_EXAMPLE_TOOLS;
  if (const std::string why = install_packages(tools); !why.empty()) {
    MESSAGE("SKIPPED: the client in TypeScript: " << why);
    return;
  }
  // Resolved beside the packages.
  fs::copy(examples / "service_client.ts", tools / "service_client.ts", fs::copy_options::overwrite_existing);
  write_file(tools / "openapi.json", service.get("/openapi.json").body);
  const std::string there = "cd '" + tools.string() + "'\n";
  const ended typed = in_shell(service,
                               there +
                                   "npx openapi-typescript openapi.json -o service_api.d.ts\n"
                                   "npx tsc -p tsconfig.json\n",
                               {});
  REQUIRE_MESSAGE(typed.status == 0, typed.out << typed.err);
  const std::string run =
      "node '" + (tools / "service_client.js").string() + "' " + service.where() + " orders.csv by_types";
  const ended done = in_shell(service, run, {{"POFETCH_TOKEN", here.token}});
  REQUIRE_MESSAGE(done.status == 0, done.out << done.err);
  CHECK(has(done.out, "incomplete"));
  const std::string id =
      member(service.get("/v1/batches", {{"Authorization", "Bearer " + here.token}}).body, "items");
  const std::size_t at = id.find("\"id\":\"") + 6;
  const fs::path out = service.home() / ("data/batches/" + id.substr(at, 26) + "/out");
  CHECK(files_below(service.home() / "by_types") == files_below(out));
  CHECK(read_file(service.home() / "by_types/report.csv") == read_file(out / "report.csv"));
  const ended refused = in_shell(service, run, {{"POFETCH_TOKEN", "wrong"}});
  CHECK(refused.status != 0);
  CHECK(has(refused.err, "token"));
}
