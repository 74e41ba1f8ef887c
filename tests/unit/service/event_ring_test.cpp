#include "service/events/event_ring.hpp"

#include "service/events/event_stream.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <string>

using namespace pofetch::service;

namespace {

struct said {
  std::string text;
  bool ended = false;
};

pofetch::awaitable<> ask(event_stream& from, said& made) {
  const auto state = co_await from.next(made.text);
  made.ended = state == body_stream::state::end;
}

struct bench {
  boost::asio::io_context context;
  std::shared_ptr<event_ring> ring = std::make_shared<event_ring>(context.get_executor(), "me");
  std::size_t open = 0;
  bool over = false;
  bool closing = false;

  std::unique_ptr<event_stream> stream(std::string_view last = {}, std::vector<std::string> names = {}) {
    event_source from;
    from.ring = ring;
    from.snapshot = [] { return std::vector<std::string>{"{\"whole\":1}"}; };
    from.is_over = [this] { return over; };
    from.last_word = [] { return std::string("{\"state\":\"completed\"}"); };
    from.is_closing = [this] { return closing; };
    from.open = &open;
    return std::make_unique<event_stream>(std::move(from), last, std::move(names));
  }

  /// What it says now; it must have something to say.
  said next(event_stream& from) {
    said made;
    std::exception_ptr failed;
    auto done = [&failed](std::exception_ptr why) { failed = why; };
    boost::asio::co_spawn(context, ask(from, made), done);
    context.restart();
    context.run();
    REQUIRE(failed == nullptr);
    return made;
  }
};

void well(const std::exception_ptr& failed) { CHECK(failed == nullptr); }

/// Counts how often it hears something, until that is often enough.
pofetch::awaitable<> listen(event_ring& ring, std::size_t& heard, const bool& enough) {
  const auto never = std::chrono::steady_clock::now() + std::chrono::hours{1};
  while (!enough) {
    co_await ring.changed.wait_until(never);
    ++heard;
  }
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("events: a new client gets a snapshot, then what happens, each once") {
  bench here;
  here.ring->add("po", "{\"n\":1}");
  const auto stream = here.stream();
  CHECK(here.open == 1);
  const auto first = here.next(*stream);
  CHECK(first.text.starts_with("retry: 3000\n\n"));
  CHECK(holds(first.text, "event: snapshot\ndata: {\"whole\":1}\n\n"));
  CHECK_FALSE(holds(first.text, "event: reset"));
  CHECK_FALSE(holds(first.text, "\"n\":1"));
  here.ring->add("po", "{\"n\":2}");
  CHECK(here.next(*stream).text == "id: me-2\nevent: po\ndata: {\"n\":2}\n\n");
}

TEST_CASE("events: a client that comes back gets what it has missed") {
  bench here;
  for (int i = 1; i <= 3; ++i) here.ring->add("po", "{\"n\":" + std::to_string(i) + "}");
  const auto stream = here.stream("me-1");
  const auto first = here.next(*stream);
  CHECK_FALSE(holds(first.text, "snapshot"));
  CHECK_FALSE(holds(first.text, "id: me-1\n"));
  CHECK(holds(first.text, "id: me-2\n"));
  CHECK(holds(first.text, "id: me-3\n"));
}

TEST_CASE("events: what cannot be given again is told by a reset") {
  bench here;
  for (std::size_t i = 0; i < event_ring::capacity + 10; ++i) here.ring->add("po", "{}");
  for (const char* last : {"other-1", "me-5", "me-99999", "nonsense"}) {
    CAPTURE(last);
    const auto stream = here.stream(last);
    const auto first = here.next(*stream);
    CHECK(holds(first.text, "event: reset\n"));
    CHECK(holds(first.text, "event: snapshot\n"));
  }
}

TEST_CASE("events: a client that falls out of the ring is told, and goes on") {
  bench here;
  here.ring->add("po", "{}");
  const auto stream = here.stream("me-1");
  here.ring->add("po", "{\"n\":2}");
  CHECK(holds(here.next(*stream).text, "\"n\":2"));
  for (std::size_t i = 0; i < event_ring::capacity + 1; ++i) here.ring->add("po", "{}");
  CHECK(holds(here.next(*stream).text, "event: reset\n"));
  here.ring->add("po", "{\"n\":3}");
  here.ring->lose(5);
  CHECK(holds(here.next(*stream).text, "event: reset\n"));
}

TEST_CASE("events: only those that are wanted, but always the end") {
  bench here;
  const auto stream = here.stream("", {"batch"});
  static_cast<void>(here.next(*stream));
  here.ring->add("po", "{}");
  here.ring->add("batch", "{}");
  here.ring->add("end", "{}");
  here.over = true;
  const auto rest = here.next(*stream);
  CHECK(rest.ended);
  CHECK_FALSE(holds(rest.text, "event: po"));
  CHECK(holds(rest.text, "event: batch"));
  CHECK(holds(rest.text, "event: end"));
}

TEST_CASE("events: of an ended batch, a snapshot and the end; its id is known afterwards") {
  bench here;
  here.over = true;
  {
    const auto stream = here.stream();
    const auto all = here.next(*stream);
    CHECK(all.ended);
    CHECK(holds(all.text, "event: snapshot"));
    CHECK(holds(all.text, "id: me-0\nevent: end\n"));
  }
  CHECK(here.open == 0);
  CHECK(here.ring->place_after("me-0") == std::optional<std::uint64_t>(here.ring->end()));
}

TEST_CASE("events: a service that is about to end says so") {
  bench here;
  const auto stream = here.stream();
  static_cast<void>(here.next(*stream));
  here.closing = true;
  const auto last = here.next(*stream);
  CHECK(last.ended);
  CHECK(holds(last.text, "event: shutdown"));
}

TEST_CASE("events: where many listen, quick ones share a ring, and the last one is heard soon") {
  bench here;
  constexpr std::size_t clients = 1000;
  std::size_t heard = 0;
  bool enough = false;
  for (std::size_t i = 0; i < clients; ++i)
    boost::asio::co_spawn(here.context, listen(*here.ring, heard, enough), well);
  here.context.poll();
  const auto begun = std::chrono::steady_clock::now();
  here.ring->add("po", "{}");
  here.context.poll();
  CHECK(heard == clients);
  constexpr std::size_t events = 200;
  for (std::size_t i = 0; i < events; ++i) {
    here.ring->add("po", "{}");
    here.context.poll();
  }
  const auto lasted = std::chrono::steady_clock::now() - begun;
  const auto most = static_cast<std::size_t>(lasted / event_ring::longest_pause) + 1;
  CHECK(heard <= clients * most);
  const std::size_t before = heard;
  enough = true;
  here.ring->add("po", "{}");
  here.context.run();  // to the end: all have heard it
  CHECK(heard == before + clients);
}

TEST_CASE("events: a ring that is due is forgotten with what it is about") {
  bench here;
  std::size_t heard = 0;
  bool enough = false;
  for (int i = 0; i < 1000; ++i) boost::asio::co_spawn(here.context, listen(*here.ring, heard, enough), well);
  here.context.poll();
  enough = true;
  here.ring->add("po", "{}");  // at once: nobody listens any more
  here.context.poll();
  here.ring->add("po", "{}");  // later
  here.ring.reset();
  here.context.restart();
  here.context.run();
  CHECK(heard == 1000);
}
