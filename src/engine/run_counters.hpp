#pragma once

#include <pofetch/progress.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace pofetch::engine {

/// Counts, for the run's record.
class retry_counter final : public progress {
 public:
  void retrying(unsigned, const failure&, std::chrono::milliseconds) override { ++count; }
  std::atomic<std::uint64_t> count{0};
};

/// What another look at finished POs brought, for the person.
class look_counter final : public progress {
 public:
  void attachment_finished(unsigned worker, const attachment_record& record) override;
  void po_finished(unsigned worker, const po_outcome& outcome) override;

  [[nodiscard]] std::string text() const;

 private:
  std::atomic<std::uint64_t> orders_{0};
  std::atomic<std::uint64_t> files_{0};
  std::atomic<std::uint64_t> versions_{0};
  std::atomic<std::uint64_t> gone_{0};
};

}  // namespace pofetch::engine
