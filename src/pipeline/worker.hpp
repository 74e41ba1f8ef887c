#pragma once

#include "pipeline/circuit_breaker.hpp"
#include "pipeline/committer.hpp"
#include "pipeline/feed.hpp"

#include <pofetch/downloader.hpp>
#include <pofetch/pool_config.hpp>
#include <pofetch/worker_manager.hpp>

#include <functional>

namespace pofetch::pipeline {

/// What the workers of one lane share.
struct worker_parts {
  const lane& where;
  const shared_parts& parts;
  const pool_config& config;
  circuit_breaker& breaker;
  feed& next;
  committer& done;
  /// Attachments are measured, not fetched.
  bool discover_only;
  /// No further POs are taken.
  const bool& stopping;
  const std::function<void(stop_reason, const failure&)>& stop;
};

/// One worker: takes PO after PO until the feed is dry or the run stops.
class worker {
 public:
  worker(const worker_parts& parts, unsigned number);

  /// Cancelling it abandons the downloads under way; what is verified by then is still handed over.
  [[nodiscard]] awaitable<> run();

 private:
  awaitable<> handle(po_lease lease);
  awaitable<finished_po> read_and_fetch(const po_lease& lease);
  awaitable<> fetch(const po_lease& lease, const discovery& found, finished_po& done);
  finished_po discovery_failed(const purchase_order& po, failure why);
  [[nodiscard]] bool ends_the_run(const failure& why);

  worker_parts parts_;
  unsigned number_;
  downloader downloader_;
};

}  // namespace pofetch::pipeline
