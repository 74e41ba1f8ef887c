// The address rule as it holds on the open internet: in this program names resolve as the test says, and what
// is connected to in a public network arrives at the test's own server. Both calls of the system are
// replaced, so that what is checked is what pofetch really does.
#include "integration/transport_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <arpa/inet.h>
#include <dlfcn.h>
#include <map>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

using namespace pofetch;
using namespace pofetch::testing;

namespace {

/// What the names of the world lead to, call after call; the last answer stays.
struct world {
  std::mutex guard;
  std::map<std::string, std::vector<std::vector<std::string>>> names;
  std::map<std::string, std::size_t> asked;
  std::vector<std::string> connected;

  void reset() {
    const std::lock_guard lock(guard);
    names.clear();
    asked.clear();
    connected.clear();
  }
};

world& the_world() {
  static world one;
  return one;
}

constexpr std::string_view public_address = "8.8.8.8";

/// Text of an address, and whether it lies in the network that the test plays.
std::string text_of(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address->sa_family == AF_INET)
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text, sizeof text);
  else if (address->sa_family == AF_INET6)
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, text, sizeof text);
  return text;
}

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  using call = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<call>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  std::vector<std::string> answer;
  const std::string name = node == nullptr ? "" : node;
  {
    world& w = the_world();
    const std::lock_guard lock(w.guard);
    const std::size_t turn = w.asked[name]++;
    const auto known = w.names.find(name);
    if (known != w.names.end()) answer = known->second[std::min(turn, known->second.size() - 1)];
  }
  // What is no name of this world is a number in some spelling, or nothing: nobody outside is asked.
  if (answer.empty() && name.find_first_not_of("0123456789abcdefx.:") != std::string::npos) return EAI_NONAME;
  if (answer.empty()) answer.push_back(name);
  *found = nullptr;
  addrinfo** end = found;
  for (const std::string& each : answer) {
    addrinfo wanted = hints != nullptr ? *hints : addrinfo{};
    wanted.ai_flags = (wanted.ai_flags | AI_NUMERICHOST) & ~AI_ADDRCONFIG;
    const int error = real(each.c_str(), service, &wanted, end);
    if (error != 0) return error;
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return 0;
}

extern "C" int connect(int descriptor, const sockaddr* address, socklen_t size) {
  using call = int (*)(int, const sockaddr*, socklen_t);
  static const auto real = reinterpret_cast<call>(::dlsym(RTLD_NEXT, "connect"));
  if (address->sa_family != AF_INET && address->sa_family != AF_INET6) return real(descriptor, address, size);
  const std::string text = text_of(address);
  {
    world& w = the_world();
    const std::lock_guard lock(w.guard);
    w.connected.push_back(text);
  }
  if (text != public_address) return real(descriptor, address, size);
  sockaddr_in home = *reinterpret_cast<const sockaddr_in*>(address);
  home.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return real(descriptor, reinterpret_cast<const sockaddr*>(&home), sizeof home);
}

namespace {

std::vector<std::string> connected() {
  world& w = the_world();
  const std::lock_guard lock(w.guard);
  return w.connected;
}

bool only_public(const std::vector<std::string>& all) {
  return std::all_of(all.begin(), all.end(), [](const std::string& each) { return each == public_address; });
}

const std::string instance_name = "instance.test";

origin_options named() {
  origin_options made;
  made.host = instance_name;
  return made;
}

/// An instance at a public address. It redirects `/go` to where the test says.
struct instance {
  instance()
      : server(
            [this](const origin_request& request, origin_peer& peer) {
              if (request.target == "/go")
                peer.reply(302, "", {{"Location", location}});
              else
                peer.reply(200, "inside", {{"Set-Cookie", "planted=1; Path=/"}});
            },
            named()) {
    begin("");
  }

  /// Redirects to there from now on, and counts anew.
  void begin(std::string where) {
    the_world().reset();
    the_world().names[instance_name] = {{std::string(public_address)}};
    location = std::move(where);
    before_ = server.counts().requests;
  }

  [[nodiscard]] std::size_t requests() const { return server.counts().requests - before_; }
  [[nodiscard]] std::string port() const { return ":" + std::to_string(server.port()); }

  std::string location;
  origin server;

 private:
  std::size_t before_ = 0;
};

}  // namespace

TEST_CASE("open internet: a redirect to a name that leads inside is refused before anything is opened") {
  instance at;
  for (const char* inside : {"127.0.0.1",
                             "127.8.9.10",
                             "10.0.0.1",
                             "172.16.0.1",
                             "192.168.1.1",
                             "100.64.0.1",
                             "169.254.169.254",
                             "0.0.0.0",
                             "0.1.2.3",
                             "224.0.0.1",
                             "255.255.255.255",
                             "240.0.0.1",
                             "192.0.2.1",
                             "198.18.0.1",
                             "::1",
                             "::",
                             "fe80::1",
                             "fc00::1",
                             "fd00:ec2::254",
                             "fec0::1",
                             "ff02::1",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "::127.0.0.1",
                             "64:ff9b::7f00:1",
                             "64:ff9b::a9fe:a9fe",
                             "64:ff9b:1::a00:1",
                             "2002:7f00:1::1",
                             "2002:a00:1::1",
                             "2001:0:808:808::1",
                             "2001:db8::1"}) {
    CAPTURE(inside);
    at.begin("https://evil.test" + at.port() + "/steal");
    the_world().names["evil.test"] = {{inside}};
    lane_fixture lane(at.server);
    const auto& got = lane.get(at.server.base_url() + "/go");
    CHECK(got.word() == "blocked_redirect");
    CHECK(got.message().find("evil.test") != std::string::npos);
    CHECK(only_public(connected()));
    CHECK(at.requests() == 1);
  }
}

TEST_CASE("open internet: of several addresses of a name only public ones are tried") {
  instance at;
  at.location = "https://both.test" + at.port() + "/x";
  the_world().names["both.test"] = {{"10.0.0.1", "::1", std::string(public_address), "127.0.0.1"}};
  lane_fixture lane(at.server);
  // The certificate is another one's, so it ends there; what counts is who was called.
  CHECK(lane.get(at.server.base_url() + "/go").word() == "tls");
  CHECK(connected().size() >= 2);
  CHECK(only_public(connected()));
}

TEST_CASE("open internet: a name that leads elsewhere a moment later gains nothing") {
  instance at;
  at.location = "https://rebind.test" + at.port() + "/x";
  // Whoever asks a second time, after the check, is led inside.
  the_world().names["rebind.test"] = {{std::string(public_address)}, {"127.0.0.1"}, {"169.254.169.254"}};
  lane_fixture lane(at.server);
  for (int i = 0; i < 4; ++i) static_cast<void>(lane.get(at.server.base_url() + "/go"));
  CHECK(only_public(connected()));
  CHECK(at.server.counts().requests == 4);
}

TEST_CASE("open internet: this machine in every spelling of its address") {
  instance at;
  lane_fixture lane(at.server);
  for (const char* host : {"127.0.0.1",
                           "127.1",
                           "127.0.1",
                           "2130706433",
                           "0x7f000001",
                           "0x7f.1",
                           "0177.0.0.1",
                           "017700000001",
                           "127.0.0.1.",
                           "[::1]",
                           "[::ffff:127.0.0.1]",
                           "[::ffff:7f00:1]",
                           "[0:0:0:0:0:0:0:1]",
                           "[::1%25lo]",
                           "%31%32%37.0.0.1",
                           "%6cocalhost.",
                           "0",
                           "0.0.0.0",
                           "[::]",
                           "good.example@127.0.0.1",
                           "good.example:443@127.0.0.1",
                           "good.example%40127.0.0.1",
                           "127.0.0.1%00.good.example",
                           "127.0.0.1%2f.x",
                           "\uFF11\uFF12\uFF17.0.0.1",
                           "127\u30020\u30020\u30021"}) {
    for (const std::string lead : {"https://", "//", "https:\\\\", "\t https:/\r\n/", "HTTPS:\\/"}) {
      at.begin(lead + host + at.port() + "/steal");
      CAPTURE(at.location);
      const auto& got = lane.get(at.server.base_url() + "/go");
      CHECK_MESSAGE(got.word() != "ok", got.message());
      CHECK(only_public(connected()));
      CHECK(at.requests() == 1);
    }
  }
}

TEST_CASE("open internet: --allow-host opens the door for that host alone") {
  instance at;
  at.location = "https://127.0.0.1" + at.port() + "/x";
  lane_fixture named(at.server, [](http::client_config& c) { c.allow_hosts = {"127.0.0.1"}; });
  CHECK(named.get(at.server.base_url() + "/go").word() == "ok");
  lane_fixture other(at.server, [](http::client_config& c) { c.allow_hosts = {"127.0.0.2"}; });
  CHECK(other.get(at.server.base_url() + "/go").word() == "blocked_redirect");
}

TEST_CASE("open internet: an address that the user named may be inside, what it redirects to may not") {
  instance at;
  at.location = "https://127.0.0.1" + at.port() + "/x";
  lane_fixture lane(at.server, [](http::client_config& c) { c.base_url.clear(); });
  const auto named = [](http_request& r) { r.user_named = true; };
  CHECK(lane.get("https://127.0.0.1" + at.port() + "/x", named).word() == "ok");
  CHECK(lane.get(at.server.base_url() + "/go", named).word() == "blocked_redirect");
}

TEST_CASE("open internet: a neighbour's name sees no credential and sets none") {
  instance at;
  at.location = "https://127.0.0.1" + at.port() + "/x";
  lane_fixture lane(at.server, [](http::client_config& c) {
    c.own_fields = {{"X-COUPA-API-KEY", "SECRET"}};
    c.allow_hosts = {"127.0.0.1"};
  });
  http::cookie wide;
  wide.name = "s";
  wide.value = "SECRET";
  wide.domain = instance_name;
  wide.host_only = false;
  lane.cookies.put(wide);
  CHECK(lane.get(at.server.base_url() + "/go").word() == "ok");
  REQUIRE(at.server.log().size() == 2);
  CHECK(at.server.log()[0].raw_head.find("SECRET") != std::string::npos);
  CHECK(at.server.log()[1].raw_head.find("SECRET") == std::string::npos);
  CHECK(lane.cookies.all().size() == 1);
}
