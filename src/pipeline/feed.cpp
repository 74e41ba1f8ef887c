#include "pipeline/feed.hpp"

#include "async/offload.hpp"

#include <iterator>
#include <utility>
#include <vector>

namespace pofetch::pipeline {

feed::feed(const lane& where, const shared_parts& parts, std::size_t chunk, const bool& stopping)
    : parts_(parts), time_(where.time), chunk_(chunk), stopping_(stopping), refill_(where.executor, 1) {}

awaitable<result<std::optional<po_lease>>> feed::next() {
  auto turn = refill_.try_acquire();
  if (!turn) turn = co_await refill_.acquire();
  for (bool waited = false; ready_.empty() && !dry_ && !stopping_; waited = true) {
    if (waited) co_await time_.sleep_for(patience);
    const po_ids back = std::exchange(back_, {});
    auto lease = [this, &back] { return lease_after(back); };
    result<refill> got = co_await async::offload(parts_.ledger_thread, lease);
    if (!got) co_return got.error();
    dry_ = got->dry;
    std::move(got->leased.begin(), got->leased.end(), std::back_inserter(ready_));
  }
  std::optional<po_lease> next;
  if (!ready_.empty()) {
    next.emplace(std::move(ready_.front()));
    ready_.pop_front();
  }
  co_return next;
}

result<feed::refill> feed::lease_after(const po_ids& back) {
  if (!back.empty()) {
    if (auto given = parts_.records.give_back(back); !given) return given.error();
  }
  refill got;
  auto leased = parts_.records.lease(chunk_);
  if (!leased) return leased.error();
  got.leased = std::move(*leased);
  if (!got.leased.empty()) return got;
  const auto more = parts_.records.awaits_others();
  if (!more) return more.error();
  got.dry = !*more;
  return got;
}

awaitable<> feed::give_back() {
  // What a visit that is under way brings is given back, too.
  const auto turn = co_await refill_.acquire();
  po_ids rest = std::exchange(back_, {});
  for (const po_lease& lease : ready_) rest.push_back(lease.po.id);
  ready_.clear();
  dry_ = true;
  if (rest.empty()) co_return;
  auto give = [this, &rest] { return parts_.records.give_back(rest); };
  const result<void> given = co_await async::offload(parts_.ledger_thread, give);
  static_cast<void>(given);
}

}  // namespace pofetch::pipeline
