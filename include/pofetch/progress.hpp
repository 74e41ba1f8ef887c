#pragma once

#include <pofetch/attachment.hpp>
#include <pofetch/error.hpp>
#include <pofetch/ledger.hpp>
#include <pofetch/purchase_order.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch {

enum class notice_level { info, warning, error };

/// How the run holds itself back towards a host that shows by its answers that it cannot do more.
struct throttling {
  std::string_view host;
  unsigned in_flight = 0;  ///< requests that may be, at most
  unsigned most = 0;       ///< of them, if the host could do with it
  double per_second = 0;   ///< requests started; 0: any number
  std::chrono::milliseconds pause{0};

  /// Nothing is held back any more.
  [[nodiscard]] bool over() const noexcept {
    return in_flight == most && per_second == 0 && pause.count() == 0;
  }
};

/// Receives what happens. Every member may be called from any of the engine's threads, also at the
/// same time; it must return quickly and not throw. Views are valid during the call only. The engine
/// never prints: whoever wants a bar, a log or metrics implements this.
class progress {
 public:
  virtual ~progress() = default;

  /// The list is read; totals of the POs as they stand before the work.
  virtual void batch_started(const batch_totals&, const intake_counts&, unsigned /*workers*/) {}
  virtual void po_started(unsigned /*worker*/, const purchase_order&) {}
  virtual void po_discovered(unsigned /*worker*/, std::size_t /*attachments*/) {}
  /// Bytes of bodies written; called for every piece.
  virtual void bytes_received(unsigned /*worker*/, std::uint64_t /*count*/) {}
  virtual void attachment_finished(unsigned /*worker*/, const attachment_record&) {}
  /// A request is tried again after `delay`.
  virtual void retrying(unsigned /*worker*/, const failure&, std::chrono::milliseconds /*delay*/) {}
  /// The worker is done with the PO; its outcome is in the ledger soon after.
  virtual void po_finished(unsigned /*worker*/, const po_outcome&) {}
  virtual void notice(notice_level, std::string_view /*text*/) {}
  /// The session has ended, and the run waits for another one; `advice` says what a person can do.
  virtual void sign_in_needed(std::string_view /*advice*/) {}
  /// It has come, after so long: the run goes on.
  virtual void signed_in(std::chrono::milliseconds /*waited*/) {}
  /// A host gets less than before, or more. At most once a second and host.
  virtual void throttled(const throttling&) {}
  virtual void batch_finished(const batch_totals&, const run_record&) {}
};

/// Passes everything on to several receivers, in their order. They must outlive it.
class progress_fan_out final : public progress {
 public:
  explicit progress_fan_out(std::vector<progress*> receivers) : receivers_(std::move(receivers)) {}

  void batch_started(const batch_totals& totals, const intake_counts& intake, unsigned workers) override;
  void po_started(unsigned worker, const purchase_order& po) override;
  void po_discovered(unsigned worker, std::size_t attachments) override;
  void bytes_received(unsigned worker, std::uint64_t count) override;
  void attachment_finished(unsigned worker, const attachment_record& record) override;
  void retrying(unsigned worker, const failure& why, std::chrono::milliseconds delay) override;
  void po_finished(unsigned worker, const po_outcome& outcome) override;
  void notice(notice_level level, std::string_view text) override;
  void sign_in_needed(std::string_view advice) override;
  void signed_in(std::chrono::milliseconds waited) override;
  void throttled(const throttling& now) override;
  void batch_finished(const batch_totals& totals, const run_record& run) override;

 private:
  std::vector<progress*> receivers_;
};

}  // namespace pofetch
