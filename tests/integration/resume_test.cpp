// A large body over several runs: the whole engine, and the program killed, against a server that answers
// byte by byte as the test wants.
#include "support/origin.hpp"
#include "support/process.hpp"
#include "support/temp_dir.hpp"

#include <pofetch/batch.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

using namespace pofetch;
using namespace std::chrono_literals;
using testing::origin_peer;
using testing::origin_request;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t mib = 1U << 20U;
constexpr std::size_t size_of_body = 8 * mib;
/// Bytes that the server sends in the first run before it falls silent.
constexpr std::size_t sent_at_first = 3 * mib;

std::string content(char seed) {
  std::string made(size_of_body, seed);
  for (std::size_t i = 0; i < made.size(); i += 61)
    made[i] = static_cast<char>(seed + static_cast<char>(i % 23));
  return made;
}

const std::string first_version = content('a');
const std::string second_version = content('A');

std::string range_of(std::size_t first, std::size_t total = size_of_body) {
  return "bytes " + std::to_string(first) + "-" + std::to_string(total - 1) + "/" + std::to_string(total);
}

/// Stops its batch when so many bytes have come.
struct stopper final : progress {
  std::atomic<std::uint64_t> received{0};
  std::atomic<batch*> job{nullptr};
  std::uint64_t enough = 0;
  void on(const progress_event& event) override {
    const auto* one = std::get_if<event::bytes_received>(&event);
    if (one == nullptr) return;
    batch* stopped = job.load();
    if ((received += one->count) >= enough && enough != 0 && stopped != nullptr)
      stopped->request_stop(stop_reason::interrupted);
  }
};

using resume_script = std::function<void(const origin_request&, origin_peer&, std::size_t turn)>;

/// Set by the test, called on the origin's threads.
class guarded_script {
 public:
  guarded_script& operator=(resume_script next) {
    const std::lock_guard lock(mutex_);
    what_ = std::move(next);
    return *this;
  }
  [[nodiscard]] resume_script get() {
    const std::lock_guard lock(mutex_);
    return what_;
  }

 private:
  std::mutex mutex_;
  resume_script what_;
};

struct resume_fixture {
  test::temp_dir dir;
  std::atomic<std::size_t> turn{0};
  /// Body bytes that the server has given away.
  std::atomic<std::size_t> served{0};
  std::string etag = "\"v1\"";
  bool breaks_off = false;  ///< the first answer, instead of falling silent
  /// Answers from the second request on; turn counts from 1.
  guarded_script later;
  testing::origin server;
  batch_options options;

  resume_fixture() : server([this](const origin_request& r, origin_peer& p) { answer(r, p); }) {
    options.input = (dir / "list.csv").native();
    options.out = dir / "out";
    options.pool.ca_file = server.ca_file().native();
    options.pool.retries = 0;
    options.pool.stop_grace = 0ms;
    later = [this](const origin_request& r, origin_peer& p, std::size_t) { rest(r, p); };
  }
  ~resume_fixture() { server.stop(); }

  void answer(const origin_request& request, origin_peer& peer) {
    const std::size_t now = turn++;
    if (now > 0) {
      const resume_script next = later.get();
      return next(request, peer, now);
    }
    peer.send_head(200, {{"ETag", etag},
                         {"Content-Type", "application/x-thing"},
                         {"Content-Length", std::to_string(size_of_body)}});
    send(peer, std::string_view(first_version).substr(0, sent_at_first));
    if (breaks_off)
      peer.cut();
    else
      peer.stall();
  }

  void send(origin_peer& peer, std::string_view bytes) {
    served += bytes.size();
    peer.send(bytes);
  }

  void whole(origin_peer& peer, const std::string& body, const std::string& tag) {
    peer.send_head(200, {{"ETag", tag}, {"Content-Length", std::to_string(body.size())}});
    send(peer, body);
  }

  /// A part of a body, whatever was asked for.
  void part(origin_peer& peer, std::string_view bytes, const std::string& range, const std::string& tag) {
    peer.send_head(
        206, {{"ETag", tag}, {"Content-Range", range}, {"Content-Length", std::to_string(bytes.size())}});
    send(peer, bytes);
  }

  /// As a server that knows ranges.
  void rest(const origin_request& request, origin_peer& peer) {
    const std::string range = request.header("range");
    if (range.rfind("bytes=", 0) != 0 || request.header("if-range") != etag)
      return whole(peer, first_version, etag);
    const auto from = static_cast<std::size_t>(std::stoull(range.substr(6)));
    part(peer, std::string_view(first_version).substr(from), range_of(from), etag);
  }

  void write_list(const std::string& signature) const {
    test::write_file(options.input, "PO,url,filename\nA1," + server.base_url() +
                                        "/big.bin?X-Amz-Signature=" + signature + ",big.bin\n");
  }

  exit_state run(const std::string& signature, std::uint64_t stop_after = 0) {
    write_list(signature);
    stopper events;
    events.enough = stop_after;
    batch job(options, events);
    events.job = &job;
    const auto done = job.run();
    if (done.error) MESSAGE(done.error->message);
    return done.state;
  }

  [[nodiscard]] std::vector<fs::path> left(const std::string& extension) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(dir / "out/.pofetch/partial"))
      if (entry.path().extension() == extension) found.push_back(entry.path());
    return found;
  }

  void check_whole(const std::string& expected) const {
    const fs::path file = dir / "out/A1/big.bin";
    REQUIRE(fs::exists(file));
    CHECK((test::read_file(file) == expected));
    CHECK(fs::is_empty(dir / "out/.pofetch/partial"));
  }

  void check_stopped() const {
    const auto parts = left(".part");
    REQUIRE(parts.size() == 1);
    CHECK(fs::file_size(parts[0]) == sent_at_first);
    const auto notes = left(".note");
    REQUIRE(notes.size() == 1);
    // Neither the address nor its signature stands beside the body.
    const std::string note = test::read_file(notes[0]);
    CHECK(note.find("first-signature") == std::string::npos);
    CHECK(note.find("localhost") == std::string::npos);
  }
};

}  // namespace

TEST_CASE("resume: stopped in mid-body, the next run asks for the rest only, also under another signature") {
  resume_fixture f;
  CHECK(f.run("first-signature", sent_at_first) == exit_state::interrupted);
  f.check_stopped();
  f.served = 0;
  CHECK(f.run("second-signature") == exit_state::ok);
  const auto log = f.server.log();
  REQUIRE(log.size() == 2);
  CHECK(log[0].header("range").empty());
  CHECK(log[1].header("range") == "bytes=3145728-");
  CHECK(log[1].header("if-range") == "\"v1\"");
  CHECK(f.served == size_of_body - sent_at_first);
  f.check_whole(first_version);
}

TEST_CASE("resume: stopped twice, goes on twice") {
  resume_fixture f;
  CHECK(f.run("first-signature", sent_at_first) == exit_state::interrupted);
  f.later = [&f](const origin_request& request, origin_peer& peer, std::size_t turn) {
    if (turn > 1) return f.rest(request, peer);
    peer.send_head(206, {{"ETag", "\"v1\""},
                         {"Content-Range", range_of(sent_at_first)},
                         {"Content-Length", std::to_string(size_of_body - sent_at_first)}});
    f.send(peer, std::string_view(first_version).substr(sent_at_first, mib));
    peer.stall();
  };
  CHECK(f.run("x", mib) == exit_state::interrupted);
  CHECK(f.run("x") == exit_state::ok);
  CHECK(f.server.log().back().header("range") == "bytes=4194304-");
  CHECK(f.served == size_of_body);
  f.check_whole(first_version);
}

TEST_CASE("resume: retries used up, the next run asks for the rest only") {
  resume_fixture f;
  f.breaks_off = true;
  CHECK(f.run("first-signature") == exit_state::incomplete);
  f.check_stopped();
  CHECK(f.run("x") == exit_state::ok);
  CHECK(f.server.log().back().header("range") == "bytes=3145728-");
  CHECK(f.served == size_of_body);
  f.check_whole(first_version);
}

TEST_CASE("resume: weak entity-tag, nothing is kept and the body is asked for as a whole") {
  resume_fixture f;
  f.etag = "W/\"v1\"";
  CHECK(f.run("first-signature", sent_at_first) == exit_state::interrupted);
  CHECK(fs::is_empty(f.dir / "out/.pofetch/partial"));
  CHECK(f.run("x") == exit_state::ok);
  CHECK(f.server.log().back().header("range").empty());
  CHECK(f.server.log().back().header("if-range").empty());
  f.check_whole(first_version);
}

TEST_CASE("resume: whatever the server answers, two versions are never joined") {
  const auto tail = [](std::size_t from) { return std::string_view(second_version).substr(from); };
  struct row {
    std::string what;
    /// To the request for the rest; what is asked for as a whole gets the second version.
    std::function<void(resume_fixture&, origin_peer&)> answer;
    std::string expected;
    std::size_t requests;
    std::size_t served;
  };
  const std::size_t at = sent_at_first;
  const std::size_t rest = size_of_body - at;
  const row rows[] = {
      {"changed: 200 with another entity-tag",
       [](resume_fixture& f, origin_peer& p) { f.whole(p, second_version, "\"v2\""); }, second_version, 1,
       size_of_body},
      {"200 with the same entity-tag",
       [](resume_fixture& f, origin_peer& p) { f.whole(p, first_version, "\"v1\""); }, first_version, 1,
       size_of_body},
      {"If-Range ignored: the rest of another version",
       [&](resume_fixture& f, origin_peer& p) { f.part(p, tail(at), range_of(at), "\"v2\""); },
       second_version, 2, rest + size_of_body},
      {"the rest under a weak entity-tag",
       [&](resume_fixture& f, origin_peer& p) { f.part(p, tail(at), range_of(at), "W/\"v1\""); },
       second_version, 2, rest + size_of_body},
      {"another range",
       [&](resume_fixture& f, origin_peer& p) { f.part(p, tail(at - 1), range_of(at - 1), "\"v1\""); },
       second_version, 2, rest + 1 + size_of_body},
      {"another total",
       [&](resume_fixture& f, origin_peer& p) {
         f.part(p, tail(at), range_of(at, size_of_body + 7), "\"v1\"");
       },
       second_version, 2, rest + size_of_body},
      {"a range that is none",
       [&](resume_fixture& f, origin_peer& p) { f.part(p, tail(at), "bytes x", "\"v1\""); }, second_version,
       2, rest + size_of_body},
      {"416",
       [](resume_fixture&, origin_peer& p) {
         p.reply(416, "", {{"Content-Range", "bytes */" + std::to_string(size_of_body)}});
       },
       second_version, 2, size_of_body},
  };
  for (const auto& r : rows) {
    CAPTURE(r.what);
    resume_fixture f;
    CHECK(f.run("first-signature", sent_at_first) == exit_state::interrupted);
    f.check_stopped();
    f.served = 0;
    f.later = [&f, &r](const origin_request& request, origin_peer& peer, std::size_t) {
      if (request.header("range").empty())
        f.whole(peer, second_version, "\"v2\"");
      else
        r.answer(f, peer);
    };
    CHECK(f.run("x") == exit_state::ok);
    const auto log = f.server.log();
    REQUIRE(log.size() == 1 + r.requests);
    CHECK(log[1].header("range") == "bytes=3145728-");
    CHECK(log[1].header("if-range") == "\"v1\"");
    if (r.requests == 2) CHECK(log[2].header("range").empty());
    CHECK(f.served <= r.served);
    CHECK(f.served >= size_of_body);
    f.check_whole(r.expected);
  }
}

#ifdef POFETCH_PROGRAM
TEST_CASE("resume: the program killed by SIGKILL in mid-body, the next run asks for the rest only") {
  resume_fixture f;
  f.write_list("first-signature");
  test::process_setup setup;
  setup.program = POFETCH_PROGRAM;
  setup.arguments = {"run",      f.options.input,        "--out",      f.options.out.native(),
                     "--cacert", f.options.pool.ca_file, "--progress", "none",
                     "-q"};
  {
    test::process killed(setup);
    const auto all_is_there = [&f] {
      if (!fs::exists(f.dir / "out/.pofetch/partial")) return false;
      const auto parts = f.left(".part");
      return parts.size() == 1 && fs::file_size(parts[0]) == sent_at_first;
    };
    // It waits for bytes that never come; the wait is for the bytes before.
    for (int i = 0; i < 1000 && !all_is_there(); ++i) REQUIRE_FALSE(killed.wait(20ms));
    REQUIRE(all_is_there());
    killed.send(SIGKILL);
    REQUIRE(killed.wait(10s));
    CHECK(killed.signal() == SIGKILL);
  }
  f.check_stopped();
  f.served = 0;
  test::process again(setup);
  REQUIRE(again.wait(60s));
  CHECK_MESSAGE(again.status() == 0, again.err());
  const auto log = f.server.log();
  REQUIRE(log.size() == 2);
  CHECK(log[1].header("range") == "bytes=3145728-");
  CHECK(log[1].header("if-range") == "\"v1\"");
  CHECK(f.served == size_of_body - sent_at_first);
  f.check_whole(first_version);
}
#endif
