#pragma once

#include "cli/screen/process_usage.hpp"
#include "cli/screen/rate_meter.hpp"

#include <pofetch/progress.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::cli {

/// What one worker is at; `po` is empty while it has none.
struct worker_view {
  std::string po;
  std::uint64_t files_done = 0;
  std::uint64_t files_found = 0;
  std::uint64_t bytes = 0;
};

/// How often one error code came, with the first message.
struct error_cause {
  std::string code;
  std::uint64_t count = 0;
  std::string example;
};

/// Everything that a screen shows, at one moment.
struct progress_snapshot {
  bool started = false;
  std::chrono::milliseconds elapsed{0};
  std::uint64_t pos_total = 0;
  /// Settled POs, those of earlier runs included.
  std::uint64_t pos_done = 0;
  /// Settled in this run.
  std::uint64_t pos_now = 0;
  std::array<std::uint64_t, po_status_count> by_status{};
  std::uint64_t files_found = 0;
  std::uint64_t files_done = 0;
  std::uint64_t files_failed = 0;
  /// Received in this run, wasted bytes included.
  std::uint64_t bytes = 0;
  std::uint64_t retries = 0;
  /// For somebody to sign in.
  bool waiting = false;
  /// Which host is held back from, and how; empty: none.
  std::string spared{};
  /// Why a batch at a service does not work just now: `paused`, say; empty: it does, or nobody knows.
  std::string at_rest{};
  double bytes_per_second = 0;
  double pos_per_minute = 0;
  /// Nothing while there is too little to go by.
  std::optional<std::chrono::milliseconds> left{};
  /// Since a file or a PO was finished, or work began; zero while somebody has to sign in.
  std::chrono::milliseconds idle{0};
  /// Of this process; memory 0: the work is not done here.
  double processor_percent = 0;
  std::uint64_t memory = 0;
  std::vector<worker_view> workers{};
};

/// Where a batch stands that a service runs, as the service says it.
struct told_standing {
  batch_totals totals;
  std::uint64_t retries = 0;
  double bytes_per_second = 0;
  double pos_per_minute = 0;
  std::optional<std::chrono::milliseconds> left{};
  std::string at_rest{};
};

/// Counts the events of one run. Events may come from any thread; the hot one, `bytes_received`, touches
/// one atomic of its worker. `snapshot` is for one thread at a time, a few times a second.
class progress_model final : public progress {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using time_source = std::function<time_point()>;

  struct kind {
    bool retry_skipped = false;  ///< POs held back earlier are work, too
    bool planning = false;       ///< a PO whose attachments are known is settled
  };
  explicit progress_model(kind what, time_source now = &std::chrono::steady_clock::now);

  void on(const progress_event& event) override;

  /// From now on this is shown, and events are no longer counted, but for errors. Any thread.
  void tell(told_standing now);

  /// The present state. Moves the smoothed rates on.
  [[nodiscard]] progress_snapshot snapshot();

  /// Commonest first, at most `most`.
  [[nodiscard]] std::vector<error_cause> causes(std::size_t most) const;

 private:
  struct alignas(64) worker_slot {
    std::atomic<std::uint64_t> bytes_of_po{0};
    std::atomic<std::uint64_t> bytes{0};
    std::atomic<std::uint64_t> files_of_po{0};
    std::atomic<std::uint64_t> found_of_po{0};
    std::mutex name_guard;
    std::string po;
  };

  void take(const event::batch_started& one);
  void take(const event::po_started& one);
  void take(const event::po_discovered& one);
  void take(const event::bytes_received& one);
  void take(const event::attachment_finished& one);
  void take(const event::retrying&);
  void take(const event::po_finished& one);
  void take(const event::notice&) {}
  void take(const event::sign_in_needed&) { waiting_ = true; }
  void take(const event::signed_in&);
  void take(const event::throttled& now);
  void take(const event::batch_finished&) {}

  void note_finish() { finished_at_.store(now_().time_since_epoch().count(), std::memory_order_relaxed); }
  po_status settled_as(const po_outcome& outcome) const;
  worker_slot* slot(unsigned worker);
  void count_cause(const std::string& po, const failure& why);
  [[nodiscard]] std::optional<told_standing> told() const;
  void show_told(const told_standing& from, progress_snapshot& into) const;
  void show_counted(progress_snapshot& now);
  void rate(progress_snapshot& into, time_point now);

  const kind kind_;
  const time_source now_;
  const time_point created_;

  std::unique_ptr<worker_slot[]> slots_;
  std::atomic<std::size_t> slot_count_{0};  // set after slots_

  std::array<std::atomic<std::uint64_t>, po_status_count> by_status_{};
  std::atomic<std::uint64_t> pos_total_{0};
  std::atomic<std::uint64_t> pos_now_{0};
  std::atomic<std::uint64_t> files_found_{0};
  std::atomic<std::uint64_t> files_done_{0};
  std::atomic<std::uint64_t> files_failed_{0};
  std::atomic<std::uint64_t> retries_{0};
  std::atomic<bool> waiting_{false};
  std::atomic<time_point::rep> finished_at_{0};  // the last file or PO

  mutable std::mutex told_guard_;
  std::optional<told_standing> told_;
  std::atomic<bool> is_told_{false};

  mutable std::mutex spared_guard_;
  std::map<std::string, std::string> spared_;  ///< text by host

  mutable std::mutex causes_guard_;
  std::map<std::string, error_cause> causes_;

  // The reader's own.
  rate_meter bytes_rate_{std::chrono::seconds{8}};
  rate_meter po_rate_{std::chrono::seconds{20}};
  rate_meter processor_rate_{std::chrono::seconds{4}};
};

}  // namespace pofetch::cli
