#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>
#include <pofetch/purchase_order.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace pofetch {

enum class notice_level { info, warning, error };

/// What happens in a run. Events own what they say, and share what is large: they can be kept, queued and
/// sent on, and a copy costs little. Pointers are never null.
namespace event {

/// The list is read.
struct batch_started {
  /// Of the POs as they stand before the work.
  std::shared_ptr<const batch_totals> totals;
  std::shared_ptr<const intake_counts> intake;
  unsigned workers = 0;
};

struct po_started {
  unsigned worker = 0;
  std::shared_ptr<const purchase_order> po;
};

struct po_discovered {
  unsigned worker = 0;
  std::size_t attachments = 0;
};

/// Bytes of bodies were written; sent for every piece.
struct bytes_received {
  unsigned worker = 0;
  std::uint64_t count = 0;
};

/// An attachment is verified (`committing`), or has failed or been stopped.
struct attachment_finished {
  unsigned worker = 0;
  std::shared_ptr<const attachment_record> record;
};

/// A request is tried again after `delay`.
struct retrying {
  unsigned worker = 0;
  failure why;
  std::chrono::milliseconds delay{0};
};

/// The PO is done, and its outcome is in the ledger.
struct po_finished {
  unsigned worker = 0;
  std::shared_ptr<const po_outcome> outcome;
};

/// A sentence for a person.
struct notice {
  notice_level level = notice_level::info;
  std::string text;
};

/// The session has ended, and the run waits for another one; `advice` says what a person can do.
struct sign_in_needed {
  std::string advice;
};

/// It has come, after so long: the run goes on.
struct signed_in {
  std::chrono::milliseconds waited{0};
};

/// How the run holds itself back towards a host that shows by its answers that it cannot do more: a host gets
/// less than before, or more. At most once a second and host.
struct throttled {
  std::string host;
  unsigned in_flight = 0;  ///< requests that may be, at most
  unsigned most = 0;       ///< of them, if the host could do with it
  double per_second = 0;   ///< requests started; 0: any number
  std::chrono::milliseconds pause{0};

  /// Nothing is held back any more.
  [[nodiscard]] bool over() const noexcept {
    return in_flight == most && per_second == 0 && pause.count() == 0;
  }
};

struct batch_finished {
  std::shared_ptr<const batch_totals> totals;
  std::shared_ptr<const run_record> run;
};

}  // namespace event

/// One of them. Later versions may add kinds: end a visitor with `[](const auto&) {}`.
using progress_event =
    std::variant<event::batch_started, event::po_started, event::po_discovered, event::bytes_received,
                 event::attachment_finished, event::retrying, event::po_finished, event::notice,
                 event::sign_in_needed, event::signed_in, event::throttled, event::batch_finished>;

/// What an event shares.
template <class T>
[[nodiscard]] std::shared_ptr<const std::decay_t<T>> share(T&& value) {
  return std::make_shared<const std::decay_t<T>>(std::forward<T>(value));
}

/// A visitor made of lambdas: `std::visit(overloaded{[](const event::notice& one) { ... }, ...}, event)`.
template <class... Lambda>
struct overloaded : Lambda... {
  using Lambda::operator()...;
};
template <class... Lambda>
overloaded(Lambda...) -> overloaded<Lambda...>;

/// Receives what happens. The engine never prints: a program that wants a bar, a log or metrics implements
/// this. As it stands it hears nothing.
class progress {
 public:
  virtual ~progress() = default;

  /// Called from any of the engine's threads, also from several at the same time. Must return quickly and not
  /// throw.
  virtual void on(const progress_event& /*event*/) {}
};

/// Passes everything on to several receivers, in their order. They must outlive it.
class progress_fan_out final : public progress {
 public:
  explicit progress_fan_out(std::vector<progress*> receivers) : receivers_(std::move(receivers)) {}

  void on(const progress_event& event) override {
    for (progress* receiver : receivers_) receiver->on(event);
  }

 private:
  std::vector<progress*> receivers_;
};

}  // namespace pofetch
