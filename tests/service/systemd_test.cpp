// The service and systemd: words to it, sockets from it, and the units of the package.
#include "service/neighbours.hpp"
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <string>

using namespace pofetch::test;

namespace {

const words one_order = {"--pos", "1", "--attachments", "1"};

}  // namespace

TEST_CASE(
    "systemd: it is told when all is open, when settings are read anew, that it lives, and when it ends") {
  const coupa site(one_order);
  notify_socket systemd;
  running_service service(site, {}, {},
                          {{}, {{"NOTIFY_SOCKET", systemd.path()}, {"WATCHDOG_USEC", "600000"}}});
  REQUIRE(systemd.wait_for("READY=1"));
  CHECK(has(systemd.heard(), "STATUS=Listening on " + service.where()));
  CHECK(service.get("/readyz").status == 200);
  // A word at least every third of that time: six take one second and more.
  CHECK(systemd.wait_for("WATCHDOG=1", 6));
  service.running().send(SIGHUP);
  CHECK(systemd.wait_for("READY=1", 2));
  CHECK(has(systemd.heard(), "RELOADING=1\nMONOTONIC_USEC="));
  CHECK_FALSE(has(systemd.heard(), "STOPPING=1"));
  CHECK(service.stop() == 0);
  CHECK(has(systemd.heard(), "STOPPING=1"));
}

TEST_CASE("systemd: a start that fails is never said to be ready") {
  const coupa site(one_order);
  const running_service first(site);
  notify_socket systemd;
  const ended second = first.home().run({"serve", "--data", "data", "--listen", "127.0.0.1:0"},
                                        {{"NOTIFY_SOCKET", systemd.path()}});
  CHECK(second.status == 4);
  CHECK_FALSE(has(systemd.heard(), "READY=1"));
}

TEST_CASE("systemd: sockets that it has opened are the ones that are listened on") {
  if (path_of("systemd-socket-activate").empty()) {
    MESSAGE("SKIPPED: systemd-socket-activate is not installed");
    return;
  }
  const program home;
  const std::string port = std::to_string(free_port());
  const std::string local = (home / "api.sock").string();
  process_setup setup = home.setup({"--listen", "127.0.0.1:" + port, "--listen", local, "--fdname", "api:api",
                                    POFETCH_PROGRAM, "serve", "--data", "data"});
  setup.program = path_of("systemd-socket-activate");
  process running(setup);
  REQUIRE_MESSAGE(running.wait_for("Listening on " + local), running.err());
  // It starts the service with the first client.
  talk first("http://127.0.0.1:" + port);
  first.send("GET /v1/version HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(first.next().status == 200);
  talk second("unix:" + local);
  second.send("GET /v1/version HTTP/1.1\r\nHost: whatever\r\n\r\n");
  CHECK(second.next().status == 200);
  CHECK(running.wait_for("listening on http://127.0.0.1:" + port));
  CHECK(running.wait_for("listening on unix:" + local));
  // Not the address that it has without any.
  CHECK_FALSE(has(running.err(), ":8080"));
  running.send(SIGTERM);
  CHECK(ended_well(running).status == 0);
  // The name is systemd's, who goes on listening.
  CHECK(std::filesystem::exists(local));
}

TEST_CASE("systemd: the units of the package are understood, and give little away") {
  const std::string analyze = path_of("systemd-analyze");
  if (analyze.empty()) {
    MESSAGE("SKIPPED: systemd-analyze is not installed");
    return;
  }
  const temp_dir folder;
  const std::filesystem::path units = POFETCH_UNITS;
  words files;
  for (const auto& each : std::filesystem::directory_iterator(units)) {
    const std::string name = each.path().filename().string();
    if (each.path().extension() != ".service" && each.path().extension() != ".socket" &&
        each.path().extension() != ".timer")
      continue;
    // The program stands elsewhere here.
    std::string text = read_file(each.path());
    if (const std::size_t at = text.find("ExecStart=pofetch"); at != std::string::npos)
      text.replace(at, std::string_view("ExecStart=pofetch").size(), "ExecStart=" POFETCH_PROGRAM);
    const std::size_t mark = name.find('@');
    const std::string instance =
        mark == std::string::npos ? name : name.substr(0, mark + 1) + "x" + name.substr(mark + 1);
    write_file(folder / name, text);
    files.push_back((folder / instance).string());
  }
  REQUIRE(files.size() == 4);
  for (const std::string& file : files) {
    process_setup setup;
    setup.program = analyze;
    setup.arguments = {"verify", "--man=no", "--recursive-errors=no", file};
    process verify(setup);
    REQUIRE(verify.wait());
    CHECK_MESSAGE(verify.status() == 0, file << ": " << verify.err());
    CHECK_MESSAGE(verify.err().empty(), file << ": " << verify.err());
  }
  process_setup setup;
  setup.program = analyze;
  setup.arguments = {"security", "--offline=yes", "--no-pager", "--threshold=20",
                     (folder / "pofetch-serve.service").string()};
  process security(setup);
  REQUIRE(security.wait());
  CHECK_MESSAGE(security.status() == 0, security.out() << security.err());
}
