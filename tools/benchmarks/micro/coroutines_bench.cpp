// What structured concurrency costs: a permit, and a child of a group.
#include "async/semaphore.hpp"
#include "async/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <benchmark/benchmark.h>
#include <cstddef>
#include <exception>
#include <utility>

namespace {

using namespace pofetch;
namespace asio = boost::asio;

constexpr int children = 1'000;

awaitable<> one_turn(asio::any_io_executor executor) { co_await asio::post(executor, asio::use_awaitable); }

awaitable<> with_permit(async::semaphore& permits, asio::any_io_executor executor) {
  auto permit = co_await permits.acquire();
  co_await asio::post(executor, asio::use_awaitable);
}

awaitable<> group_of_turns(asio::any_io_executor executor) {
  async::task_group group(executor);
  for (int i = 0; i < children; ++i) group.spawn(one_turn(executor));
  co_await group.join();
}

awaitable<> group_under_semaphore(asio::any_io_executor executor, std::size_t at_once) {
  async::semaphore permits(executor, at_once);
  async::task_group group(executor);
  for (int i = 0; i < children; ++i) group.spawn(with_permit(permits, executor));
  co_await group.join();
}

void run(asio::io_context& context, awaitable<> what) {
  asio::co_spawn(context, std::move(what), [](std::exception_ptr why) {
    if (why) std::rethrow_exception(why);
  });
  context.restart();
  context.run();
}

void task_group(benchmark::State& state) {
  asio::io_context context(1);
  for (auto _ : state) run(context, group_of_turns(context.get_executor()));
  state.SetItemsProcessed(state.iterations() * children);
}

void semaphore(benchmark::State& state) {
  asio::io_context context(1);
  const auto at_once = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) run(context, group_under_semaphore(context.get_executor(), at_once));
  state.SetItemsProcessed(state.iterations() * children);
}

}  // namespace

BENCHMARK(task_group);
BENCHMARK(semaphore)->Arg(4)->Arg(1'000);
