// A store that takes bodies more slowly than they come: the socket is held back, and memory is not filled.
#include "async/asio_clock.hpp"
#include "async/event.hpp"
#include "integration/transport_fixture.hpp"
#include "pipeline/download_pool.hpp"
#include "support/fake_source.hpp"
#include "support/memory_store.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

using namespace pofetch;
using namespace pofetch::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t piece_size = 64U << 10;
constexpr std::uint64_t body_size = 64U << 20;
constexpr std::size_t room = 1U << 20;

/// Between the bodies of a store and the far side that takes them.
struct valve {
  explicit valve(boost::asio::any_io_executor executor) : changed(std::move(executor)) {}

  void take(std::size_t count) {
    held -= std::min(count, held);
    changed.notify_all();
  }

  async::event changed;
  std::size_t held = 0;
  std::size_t most = 0;
  std::optional<failure> broken{};
};

/// A body in memory whose bytes count as held until the valve lets them go.
class slow_body final : public partial_file {
 public:
  slow_body(std::unique_ptr<partial_file> below, valve& way) : below_(std::move(below)), way_(way) {}

  result<void> append(std::span<const std::byte> bytes) override {
    way_.held += bytes.size();
    way_.most = std::max(way_.most, way_.held);
    return below_->append(bytes);
  }
  bool full() const noexcept override { return way_.held >= room; }
  awaitable<result<void>> drain() override {
    while (way_.held >= room && !way_.broken) co_await way_.changed.wait();
    if (way_.broken) co_return *way_.broken;
    co_return result<void>();
  }
  result<void> rewind() override { return below_->rewind(); }
  result<void> remember(std::string_view owner, const body_note& note) override {
    return below_->remember(owner, note);
  }
  result<void> forget() override { return below_->forget(); }
  result<void> recover(std::uint64_t at_most) override { return below_->recover(at_most); }
  result<void> require(digest_algorithm algorithm) override { return below_->require(algorithm); }
  std::string digest(digest_algorithm algorithm) const override { return below_->digest(algorithm); }
  result<std::string> head(std::size_t count) const override { return below_->head(count); }
  std::uint64_t size() const noexcept override { return below_->size(); }

 private:
  std::unique_ptr<partial_file> below_;
  valve& way_;
};

class slow_store final : public store {
 public:
  explicit slow_store(valve& way) : way_(way) {}

  result<std::unique_ptr<partial_file>> create() override {
    auto made = below_.create();
    if (!made) return made.error();
    return std::unique_ptr<partial_file>(std::make_unique<slow_body>(std::move(*made), way_));
  }
  std::size_t most_bodies() const override { return below_.most_bodies(); }
  std::size_t longest_name() const override { return below_.longest_name(); }
  result<std::vector<std::string>> list(std::string_view folder) override { return below_.list(folder); }
  result<void> sync(std::span<partial_file* const>) override { return {}; }
  result<file_facts> place(partial_file&, std::string_view, std::string_view, placement) override {
    return make_failure(errc::internal, "nothing is placed here");
  }
  result<file_facts> stat(std::string_view folder, std::string_view name) override {
    return below_.stat(folder, name);
  }
  result<std::string> sha256(std::string_view folder, std::string_view name,
                             const std::function<bool()>& stopped) override {
    return below_.sha256(folder, name, stopped);
  }
  result<std::size_t> sweep() override { return below_.sweep(); }
  std::optional<left_body> take_left(std::string_view owner) override { return below_.take_left(owner); }
  result<std::size_t> drop_left() override { return below_.drop_left(); }

 private:
  test::memory_store below_;
  valve& way_;
};

/// One large file from a server that sends as fast as it is let.
struct slow_download {
  slow_download() {
    config.retries = 0;
    wanted.key = "a";
    wanted.url = server.base_url() + "/a.bin";
    wanted.name = "a.bin";
    wanted.user_named = true;
    boost::asio::co_spawn(lane.io, pool.download_attachments_parallel({&wanted, 1}),
                          boost::asio::bind_cancellation_slot(
                              stop.slot(), [this](std::exception_ptr thrown, std::vector<download> all) {
                                if (thrown) std::rethrow_exception(thrown);
                                done = std::move(all);
                              }));
  }
  ~slow_download() { server.stop(); }

  void serve(origin_peer& peer) {
    const std::string piece(piece_size, 'x');
    peer.send_head(200, {{"Content-Length", std::to_string(body_size)}});
    while (sent < body_size && peer.send(piece)) sent += piece_size;
  }

  void run_until(const std::function<bool()>& enough) {
    for (int turn = 0; turn < 3'000 && !enough(); ++turn) lane.run_for(10ms);
    REQUIRE(enough());
  }

  std::atomic<std::uint64_t> sent{0};
  origin server{[this](const origin_request&, origin_peer& peer) { serve(peer); }};
  lane_fixture lane{server, [](http::client_config& limits) { limits.idle_timeout = 1s; }};
  valve way{lane.io.get_executor()};
  slow_store files{way};
  test::fake_source source;
  async::asio_clock time{lane.io.get_executor()};
  pool_config config;
  progress silent;
  pipeline::download_pool pool{*lane.transport,        files, source, time, config, silent,
                               lane.io.get_executor(), 0};
  attachment wanted;
  boost::asio::cancellation_signal stop;
  std::vector<download> done;
};

}  // namespace

TEST_CASE(
    "slow store: the socket is held back while it takes nothing, however long, and all comes in the end") {
  slow_download f;
  f.run_until([&f] { return f.way.held >= room; });
  f.lane.run_for(1s);
  const std::uint64_t sent = f.sent;
  f.lane.run_for(1'500ms);  // longer than the idle timeout
  CHECK(f.sent == sent);
  CHECK(sent < body_size / 2);  // what the system's own buffers take
  CHECK(f.way.held < room + 4 * piece_size);
  CHECK(f.done.empty());
  f.run_until([&f] {
    f.way.take(room);
    return !f.done.empty();
  });
  CHECK(f.done[0].record.status == attachment_status::committing);
  CHECK(f.done[0].record.bytes == body_size);
  CHECK(f.way.most < room + 4 * piece_size);
}

TEST_CASE("slow store: one that fails while it is full fails the file, and says why") {
  slow_download f;
  f.run_until([&f] { return f.way.held >= room; });
  f.way.broken = make_failure(errc::disk, "the far side is gone");
  f.way.changed.notify_all();
  f.run_until([&f] { return !f.done.empty(); });
  REQUIRE(f.done[0].record.error);
  CHECK(f.done[0].record.error->message.find("the far side is gone") != std::string::npos);
  CHECK(f.done[0].body == nullptr);
}

TEST_CASE("slow store: whoever waits for it can be cancelled") {
  slow_download f;
  f.run_until([&f] { return f.way.held >= room; });
  f.stop.emit(boost::asio::cancellation_type::terminal);
  f.run_until([&f] { return !f.done.empty(); });
  CHECK(f.done[0].record.status == attachment_status::pending);
  CHECK(f.done[0].body == nullptr);
}
