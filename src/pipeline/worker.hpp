#pragma once

#include "async/event.hpp"
#include "async/semaphore.hpp"
#include "pipeline/circuit_breaker.hpp"
#include "pipeline/committer.hpp"
#include "pipeline/download_pool.hpp"
#include "pipeline/feed.hpp"
#include "pipeline/look.hpp"
#include "pipeline/session_gate.hpp"
#include "pipeline/worker_manager.hpp"

#include <pofetch/pool_config.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pofetch::pipeline {

/// What the workers of one lane share.
struct worker_parts {
  const lane& where;
  const shared_parts& parts;
  const pool_config& config;
  circuit_breaker& breaker;
  feed& next;
  committer& done;
  session_gate& gate;
  async::event& gate_opened;
  /// Files fetched and not recorded yet, with `--durability file`.
  async::semaphore& in_flight;
  /// Attachments are measured, not fetched.
  bool discover_only;
  /// The next PO may be looked up while the present one is fetched.
  bool look_ahead;
  /// No further POs are taken.
  const bool& stopping;
  const std::function<void(stop_reason, const failure&)>& stop;
};

/// One worker: takes PO after PO until the feed is dry or the run stops. While the attachments of one PO are
/// fetched, those of the next one are looked up, so that connections never wait for a page. With a single
/// worker in the whole run nothing is looked up ahead: whoever asks for that wants one PO at a time.
class worker {
 public:
  worker(const worker_parts& parts, unsigned number);

  /// Cancelling it abandons the downloads under way; what is verified by then is still handed over.
  [[nodiscard]] awaitable<> run();

 private:
  /// A PO whose attachments are known, or that has come to its end without them.
  struct looked_up {
    po_lease lease;
    discovery found{};
    std::optional<finished_po> ended{};
    bool told = false;  ///< `po_started` was sent
    bool read = false;  ///< its page or list has come at least once
    session_gate::round asked_in = 0;
    std::chrono::system_clock::time_point looked_at{};
  };

  awaitable<> look_ahead();
  awaitable<> feed_work();
  awaitable<std::optional<looked_up>> look_up_next();
  awaitable<result<discovery>> ask(const po_lease& lease);
  awaitable<> look_up(looked_up& next);
  awaitable<> work();
  awaitable<> handle(looked_up next);
  awaitable<finished_po> work_on(looked_up& next);
  awaitable<bool> session_holds(session_gate::round asked_in, failure why);
  awaitable<finished_po> fetch(const looked_up& next);
  awaitable<> download_missing(const looked_up& next, finished_po& done);
  awaitable<std::vector<download>> download_all(const looked_up& next, look_plan& plan, finished_po& done);
  awaitable<> compare_with_disk(look_plan& plan, std::size_t index, download& got, const std::string& folder);
  void tell_lost(const po_lease& lease, const std::string& key);
  [[nodiscard]] std::optional<po_look> begun_look(const looked_up& next) const;
  [[nodiscard]] std::optional<po_look> look_of(const looked_up& next, const finished_po& done) const;
  finished_po left_as_it_is(const purchase_order& po, failure why);
  finished_po discovery_failed(const po_lease& lease, failure why);
  [[nodiscard]] bool stop_for(const failure& why);
  [[nodiscard]] bool may_look() const noexcept;

  worker_parts parts_;
  unsigned number_;
  /// The PO at hand has been discovered before.
  bool again_ = false;
  download_pool downloads_;
  /// Handed from `look_ahead` to `work`; `changed_` tells of every change of the next four.
  std::optional<looked_up> next_;
  bool idle_ = false;     ///< `work` waits for a PO
  bool dry_ = false;      ///< no further PO will come
  bool leaving_ = false;  ///< no further PO is wanted
  async::event changed_;
};

}  // namespace pofetch::pipeline
