#pragma once

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace pofetch::async {

namespace detail {

template <class Result>
struct call_slot {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Result> value;
  std::exception_ptr thrown;
  bool done = false;
};

}  // namespace detail

/// Makes a call that may hang in the kernel, of a file on a network folder that is gone, say, on a thread of
/// its own, and waits for what it returns. Nothing: it was not back within `limit`, or `stopped` said yes,
/// which is asked ten times a second. Nobody can end such a call, so that its thread is left behind then:
/// `work` must own whatever it uses. What it throws is thrown here.
template <class Work>
[[nodiscard]] auto call_within(std::chrono::milliseconds limit, const std::function<bool()>& stopped,
                               Work work) -> std::optional<std::invoke_result_t<Work&>> {
  using result_type = std::invoke_result_t<Work&>;
  constexpr std::chrono::milliseconds glance{100};
  const auto slot = std::make_shared<detail::call_slot<result_type>>();
  std::thread caller([slot, work = std::move(work)]() mutable {
    std::optional<result_type> value;
    std::exception_ptr thrown;
    try {
      value.emplace(work());
    } catch (...) {
      thrown = std::current_exception();
    }
    const std::lock_guard lock(slot->mutex);
    slot->value = std::move(value);
    slot->thrown = std::move(thrown);
    slot->done = true;
    slot->changed.notify_all();
  });
  const auto until = std::chrono::steady_clock::now() + limit;
  std::unique_lock lock(slot->mutex);
  while (!slot->done && !stopped() && std::chrono::steady_clock::now() < until)
    slot->changed.wait_for(lock, glance);
  const bool done = slot->done;
  lock.unlock();
  if (!done) {
    caller.detach();
    return std::nullopt;
  }
  caller.join();
  if (slot->thrown) std::rethrow_exception(slot->thrown);
  return std::move(slot->value);
}

}  // namespace pofetch::async
