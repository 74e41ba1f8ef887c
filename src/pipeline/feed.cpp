#include "pipeline/feed.hpp"

#include "async/offload.hpp"

#include <iterator>
#include <utility>
#include <vector>

namespace pofetch::pipeline {

feed::feed(const lane& where, const shared_parts& parts, std::size_t chunk)
    : parts_(parts), chunk_(chunk), refill_(where.executor, 1) {}

awaitable<result<std::optional<po_lease>>> feed::next() {
  auto turn = refill_.try_acquire();
  if (!turn) turn = co_await refill_.acquire();
  if (ready_.empty() && !dry_) {
    const po_ids back = std::exchange(back_, {});
    auto lease = [this, &back] { return lease_after(back); };
    result<std::vector<po_lease>> leased = co_await async::offload(parts_.ledger_thread, lease);
    if (!leased) co_return leased.error();
    dry_ = leased->empty();
    std::move(leased->begin(), leased->end(), std::back_inserter(ready_));
  }
  std::optional<po_lease> next;
  if (!ready_.empty()) {
    next.emplace(std::move(ready_.front()));
    ready_.pop_front();
  }
  co_return next;
}

result<std::vector<po_lease>> feed::lease_after(const po_ids& back) {
  if (!back.empty()) {
    if (auto given = parts_.records.give_back(back); !given) return given.error();
  }
  return parts_.records.lease(chunk_);
}

awaitable<> feed::give_back() {
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
