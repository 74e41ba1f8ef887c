#pragma once

#include <pofetch/progress.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <variant>

namespace pofetch::engine {

/// Counts, for the run's record.
class retry_counter final : public progress {
 public:
  void on(const progress_event& event) override {
    if (std::holds_alternative<event::retrying>(event)) ++count;
  }
  std::atomic<std::uint64_t> count{0};
};

/// What another look at finished POs brought, for the person.
class look_counter final : public progress {
 public:
  void on(const progress_event& event) override;

  [[nodiscard]] std::string text() const;

 private:
  void count_file(const attachment_record& record);
  void count_order(const po_outcome& outcome);

  std::atomic<std::uint64_t> orders_{0};
  std::atomic<std::uint64_t> files_{0};
  std::atomic<std::uint64_t> versions_{0};
  std::atomic<std::uint64_t> gone_{0};
};

}  // namespace pofetch::engine
