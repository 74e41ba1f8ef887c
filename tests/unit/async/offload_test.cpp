#include "async/offload.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <doctest/doctest.h>

#include <string>
#include <thread>

using namespace pofetch;

namespace {

struct seen {
  std::thread::id before;
  std::thread::id inside;
  std::thread::id after;
  std::string value;
};

awaitable<> hop(boost::asio::any_io_executor elsewhere, seen& s) {
  s.before = std::this_thread::get_id();
  auto work = [&s] {
    s.inside = std::this_thread::get_id();
    return std::string("from elsewhere");
  };
  s.value = co_await async::offload(elsewhere, work);
  s.after = std::this_thread::get_id();
}

}  // namespace

TEST_CASE("offload: the call runs on the other thread, the coroutine goes on on its own") {
  boost::asio::io_context context(1);
  boost::asio::thread_pool pool(1);
  seen s;
  bool done = false;
  boost::asio::co_spawn(context, hop(pool.get_executor(), s), [&done](std::exception_ptr thrown) {
    CHECK_FALSE(thrown);
    done = true;
  });
  context.run();
  CHECK(done);
  CHECK(s.value == "from elsewhere");
  CHECK(s.before == s.after);
  CHECK(s.inside != s.before);
}

TEST_CASE("offload: the executor may be the coroutine's own") {
  boost::asio::io_context context(1);
  seen s;
  boost::asio::co_spawn(context, hop(context.get_executor(), s),
                        [](std::exception_ptr thrown) { CHECK_FALSE(thrown); });
  context.run();
  CHECK(s.value == "from elsewhere");
  CHECK(s.inside == s.after);
}
