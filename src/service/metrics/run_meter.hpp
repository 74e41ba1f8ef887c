#pragma once

#include "http/request_watch.hpp"
#include "service/metrics/families.hpp"

#include <pofetch/progress.hpp>

#include <array>
#include <string>
#include <string_view>

namespace pofetch::service {

/// What runs do, over all profiles.
struct run_families {
  explicit run_families(prometheus::Registry& registry);

  counter_family orders;
  counter_family attachments;
  counter_family errors;
  counter_family retries;
  counter_family bytes;
  counter_family requests;
  histogram_family responses;
  histogram_family commits;
};

/// Counts what runs and sessions of one profile tell. Any thread.
class run_meter final : public progress, public http::request_watch {
 public:
  run_meter(run_families& all, std::string_view profile);

  void on(const progress_event& what) override;
  void request_ended(const facts& what) override;
  void ledger_committed(std::chrono::steady_clock::duration took);

 private:
  void take(const event::attachment_finished& one);
  void take(const event::po_finished& one);

  run_families& all_;
  const std::string profile_;
  prometheus::Counter* bytes_;
  prometheus::Counter* downloaded_;
  std::array<prometheus::Histogram*, 2> responses_;  ///< of pages, of files
  prometheus::Histogram* commits_;
};

/// `http_4xx`, `http_5xx`, or the word of the code.
[[nodiscard]] std::string_view code_label(const failure& why);

}  // namespace pofetch::service
