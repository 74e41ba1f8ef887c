// What goes by itself once its time is over: batches, events, keys, deliveries, and what is in the trash.
#include "service/batches/batch_desk.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>
#include <vector>

namespace pofetch::service {

/// Who has seen the end has seen all; who comes later gets a snapshot.
void batch_desk::drop_events() {
  constexpr std::chrono::minutes kept_for{5};
  const auto now = std::chrono::system_clock::now();
  for (const auto& [id, each] : all_)
    if (is_ended(each->record.state) && now - each->record.finished_at.value_or(now) > kept_for)
      each->events->clear();
}

void batch_desk::sweep() {
  auto work = [this] { parts_.folder.empty_trash(); };
  boost::asio::post(slow_, std::move(work));
}

/// Not at every start alone: a service may run for months.
void batch_desk::forget_old() {
  auto work = [this] {
    static_cast<void>(parts_.index->forget_old_keys());
    static_cast<void>(parts_.index->deliveries().forget_old());
  };
  boost::asio::post(index_thread_, std::move(work));
}

void batch_desk::drop_old() {
  const auto now = std::chrono::system_clock::now();
  std::vector<std::string> old;
  for (const auto& [id, each] : all_)
    if (each->record.expires_at && *each->record.expires_at <= now) old.push_back(id);
  for (const std::string& id : old) {
    const auto entry = find(id);
    if (!parts_.folder.remove(id, false)) continue;
    auto forget = [this, id] { static_cast<void>(parts_.index->remove(id)); };
    boost::asio::post(index_thread_, std::move(forget));
    entry->deleted = true;
    all_.erase(id);
    entry->changed.ring();
  }
  sweep();
}

}  // namespace pofetch::service
