#include "coupa-sim/change_book.hpp"

#include <mutex>

namespace coupa_sim {

std::shared_ptr<const order_changes> change_book::find(std::uint64_t po) const {
  if (!any_) return nullptr;
  const std::shared_lock lock(mutex_);
  const auto found = orders_.find(po);
  return found == orders_.end() ? nullptr : found->second;
}

void change_book::change(std::uint64_t po, const std::function<void(order_changes&)>& act) {
  const std::unique_lock lock(mutex_);
  const auto found = orders_.find(po);
  auto fresh = found == orders_.end() ? std::make_shared<order_changes>()
                                      : std::make_shared<order_changes>(*found->second);
  act(*fresh);
  orders_[po] = std::move(fresh);
  any_ = true;
}

}  // namespace coupa_sim
