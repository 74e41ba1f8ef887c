#include "pipeline/feed.hpp"

#include "async/offload.hpp"

#include <iterator>
#include <utility>
#include <vector>

namespace pofetch::pipeline {

feed::feed(const lane& where, const shared_parts& parts, std::size_t chunk)
    : parts_(parts), chunk_(chunk), refill_(where.executor, 1) {}

awaitable<result<std::optional<po_lease>>> feed::next() {
  auto turn = co_await refill_.acquire();
  if (ready_.empty() && !dry_) {
    auto lease = [this] { return parts_.records.lease(chunk_); };
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

}  // namespace pofetch::pipeline
