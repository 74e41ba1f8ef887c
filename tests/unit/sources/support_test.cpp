// The helpers that other tests rely on.
#include "support/run_coro.hpp"
#include "support/scripted_transport.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace pofetch::test {

using namespace std::chrono_literals;

namespace {

awaitable<int> sleep_and_answer(fake_clock& time) {
  co_await time.sleep_for(5h);
  co_await time.sleep_for(0s);
  co_return 7;
}

awaitable<> note_after(fake_clock& time, std::chrono::seconds span, std::vector<int>& order) {
  co_await time.sleep_for(span);
  order.push_back(static_cast<int>(span.count()));
}

awaitable<> fail_after(fake_clock& time) {
  co_await time.sleep_for(1s);
  throw std::runtime_error("expected");
}

awaitable<> wait_for_nobody(boost::asio::io_context& context) {
  boost::asio::steady_timer never(context, boost::asio::steady_timer::time_point::max());
  co_await never.async_wait(boost::asio::use_awaitable);
}

struct text_sink final : body_sink {
  std::string body;
  std::size_t pieces = 0;
  result<void> begin(const http_response&) override { return {}; }
  result<void> write(std::span<const std::byte> bytes) override {
    ++pieces;
    body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
};

awaitable<result<http_response>> get(transport& http, const http_request& request, body_sink& sink) {
  auto answer = co_await http.exchange(request, sink);
  co_return answer;
}

}  // namespace

TEST_CASE("run_coro: sleeps take no real time, values and exceptions come through") {
  boost::asio::io_context context;
  fake_clock time(context);
  CHECK(run_coro(context, time, sleep_and_answer(time)) == 7);
  CHECK(time.elapsed() == 5h);
  CHECK_THROWS_WITH(run_coro(context, time, fail_after(time)), "expected");
  CHECK(time.sleepers() == 0);
}

TEST_CASE("run_coros: sleepers wake in the order of their times") {
  boost::asio::io_context context;
  fake_clock time(context);
  std::vector<int> order;
  std::vector<awaitable<>> work;
  for (const auto span : {3s, 1s, 2s}) work.push_back(note_after(time, span, order));
  run_coros(context, time, std::move(work));
  CHECK(order == std::vector<int>{1, 2, 3});
  CHECK(time.elapsed() == 3s);
}

TEST_CASE("run_until: nothing left to happen, a loud failure") {
  boost::asio::io_context context;
  fake_clock time(context);
  CHECK_THROWS_AS(run_until(context, time, [] { return false; }), std::logic_error);
  CHECK_THROWS_AS(run_coro(context, time, wait_for_nobody(context)), std::logic_error);
}

TEST_CASE("fake_clock: advance by hand wakes whose time has come") {
  boost::asio::io_context context;
  fake_clock time(context);
  std::vector<int> order;
  boost::asio::co_spawn(context, note_after(time, 2s, order), [](std::exception_ptr) {});
  context.poll();
  time.advance(1s);
  context.poll();
  CHECK(order.empty());
  time.advance(1s);
  context.poll();
  CHECK(order.size() == 1);
  CHECK(time.wall() - fake_clock(context).wall() == 2s);
}

TEST_CASE("fake_clock: a coroutine that still sleeps may outlive the clock") {
  std::vector<int> order;
  boost::asio::io_context context;
  fake_clock time(context);
  boost::asio::co_spawn(context, note_after(time, 2s, order), [](std::exception_ptr) {});
  context.poll();
  CHECK(time.sleepers() == 1);
}

TEST_CASE("scripted_transport: answers in turn, redirects, pieces, bounds") {
  boost::asio::io_context context;
  fake_clock time(context);
  scripted_transport http(time);
  auto slow = html_answer("hello", 200, 2);
  slow.chunk_delay = 1s;
  http.on("https://h/a", redirect_answer("/b"))
      .on("https://h/b", html_answer("", 503))
      .on("https://h/b", slow);
  http_request request;
  request.url = "https://h/a";
  text_sink first;
  CHECK(run_coro(context, time, get(http, request, first))->status == 503);
  text_sink second;
  const auto answer = run_coro(context, time, get(http, request, second));
  REQUIRE(answer.has_value());
  CHECK(answer->url == "https://h/b");
  CHECK(answer->field("content-type") == "text/html; charset=utf-8");
  CHECK(second.body == "hello");
  CHECK(second.pieces == 3);
  CHECK(time.elapsed() == 3s);
  CHECK(http.requests() == 4);

  request.max_body = 4;
  text_sink third;
  CHECK(run_coro(context, time, get(http, request, third)).error().code == errc::too_large);
  request.stop_before = [](std::string_view url) { return url == "https://h/b"; };
  text_sink fourth;
  CHECK(run_coro(context, time, get(http, request, fourth))->status == 302);
  request.url = "https://h/unknown";
  CHECK(run_coro(context, time, get(http, request, fourth)).error().code == errc::internal);
  CHECK(http.unscripted() == std::vector<std::string>{"https://h/unknown"});
}

}  // namespace pofetch::test
