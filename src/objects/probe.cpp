#include "objects/probe.hpp"

#include "async/task_group.hpp"
#include "objects/placing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>

namespace pofetch::objects {

namespace {

constexpr std::size_t racers = 4;

using racer_answer = result<object_answer>;

object_request probe_request(const store_client& of) {
  std::random_device source;
  object_request request;
  request.method = "PUT";
  request.key = of.setup().where.key_of(fmt::format(
      ".pofetch/probe-{:08x}{:08x}", static_cast<unsigned>(source()), static_cast<unsigned>(source())));
  request.body = "pofetch";
  request.fields.push_back({"If-None-Match", "*"});
  return request;
}

awaitable<> run_racer(store_client& of, const object_request& request, racer_answer& answer) {
  answer = co_await of.send(request);
}

awaitable<> clean_up(store_client& of, object_request request) {
  request.method = "DELETE";
  request.body.clear();
  request.fields.clear();
  auto ended = co_await of.send(request);
  // One that may not be removed does no harm.
  static_cast<void>(ended);
}

bool has_status(const racer_answer& answer, int status) { return answer->status == status; }

}  // namespace

awaitable<result<bool>> probe_conditions(store_client& of) {
  const object_request request = probe_request(of);
  std::array<racer_answer, racers> answers;
  async::task_group race(of.context().get_executor());
  for (racer_answer& each : answers) race.spawn(run_racer(of, request, each));
  co_await race.join();
  for (const racer_answer& each : answers)
    if (!each) co_return unreachable(of, each.error());
  const auto count = [&answers](auto is) { return std::count_if(answers.begin(), answers.end(), is); };
  const auto winners = count([](const racer_answer& one) { return one->good(); });
  const auto losers = count([](const racer_answer& one) { return has_status(one, 412); });
  if (winners + losers > 0) co_await clean_up(of, request);
  for (const racer_answer& each : answers)
    if (!each->good() && !has_status(each, 412) && !has_status(each, 501) && !has_status(each, 400))
      co_return refusal(of, *each, "write an object");
  // The answer to the winner may have been lost.
  co_return winners <= 1 && winners + losers == static_cast<std::ptrdiff_t>(racers);
}

}  // namespace pofetch::objects
