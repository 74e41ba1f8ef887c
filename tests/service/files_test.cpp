// Large files on their way to a client: the very bytes, in parts, over every kind of socket, and no more than
// there are.
#include "service/neighbours.hpp"
#include "service/talk.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

using namespace pofetch::test;
namespace fs = std::filesystem;

namespace {

/// A batch of one file.
struct large_file {
  coupa site;
  running_service service;
  std::string target;
  fs::path path;

  explicit large_file(const std::string& size, const words& more = {})
      : site({"--pos", "1", "--attachments", "1", "--size", size}), service(site, more) {
    const std::string id = service.submit(read_file(site.file("orders.csv")));
    static_cast<void>(service.wait_for_state(id, {"completed"}));
    const std::string batch = "/v1/batches/" + id;
    const std::string files = service.get(batch + "/files").body;
    const std::size_t at = files.find("\"path\":\"") + 8;
    const std::string name = files.substr(at, files.find('"', at) - at);
    target = batch + "/files/" + in_address(name);
    path = service.home() / ("data/batches/" + id + "/out/" + name);
  }
};

}  // namespace

TEST_CASE("files: large ones come whole, in parts, and one behind the other on a kept connection") {
  const temp_dir folder;
  const std::string socket = (folder / "api.sock").string();
  const large_file here("8m-9m", {"--listen", "127.0.0.1:0", "--listen", "unix:" + socket});
  const std::string disk = read_file(here.path);
  REQUIRE(disk.size() > 8'000'000);
  for (const std::string& where : {here.service.where(), "unix:" + socket}) {
    CAPTURE(where);
    talk line(where);
    const auto ask = [&](const std::string& method, const std::string& fields) {
      line.send(method + " " + here.target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
      return line.next(method == "HEAD");
    };
    const answer whole = ask("GET", "");
    CHECK(whole.status == 200);
    CHECK(whole.body == disk);
    const answer head = ask("HEAD", "");
    CHECK(head.field("content-length") == std::to_string(disk.size()));
    const answer part = ask("GET", "Range: bytes=262143-5000000\r\n");
    CHECK(part.status == 206);
    CHECK(part.body == disk.substr(262143, 5'000'000 - 262143 + 1));
    const answer last = ask("GET", "Range: bytes=-1\r\n");
    CHECK(last.body == disk.substr(disk.size() - 1));
  }
}

TEST_CASE("files: one that becomes shorter on its way breaks off, and the service goes on") {
  // More than the sockets take on the way.
  const large_file here("24m-25m");
  talk line(here.service.where());
  line.send("GET " + here.target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  REQUIRE(line.wait_for("\r\n\r\n"));
  fs::resize_file(here.path, 1000);
  CHECK(line.rest().size() < 24'000'000);
  CHECK(line.is_closed());
  const answer changed = here.service.get(here.target);
  CHECK(changed.status == 409);
}
