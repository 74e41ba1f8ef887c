#pragma once

#include <pofetch/batch.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace pofetch::cli {

/// Adds up what `pofetch plan` finds, one PO at a time; memory stays flat.
class plan_counts {
 public:
  void add(const report_row& row);

  /// What was understood of the list, for standard output.
  [[nodiscard]] static std::string list_table(const std::string& input, const list_facts& list);
  /// The counts of the list's rows, why the first unusable ones are that, and a few of the folders that the
  /// others lead to.
  [[nodiscard]] std::string row_table(const intake_counts& intake) const;
  /// What was found, and how long fetching it will take; `took` is the time that the look-up needed, `rate`
  /// the ceiling of --limit-rate (0: none).
  [[nodiscard]] std::string found_table(std::chrono::milliseconds took, std::uint64_t rate) const;

 private:
  static constexpr std::size_t most_lines = 10;
  static constexpr std::size_t most_reasons = 5;
  static constexpr std::size_t most_folders = 5;

  [[nodiscard]] std::uint64_t count(po_status status) const {
    return by_status_[static_cast<std::size_t>(status)];
  }

  std::array<std::uint64_t, po_status_count> by_status_{};
  std::uint64_t planned_ = 0;
  std::uint64_t attachments_ = 0;
  std::uint64_t measured_ = 0;
  std::uint64_t excluded_ = 0;
  std::uint64_t bytes_ = 0;
  std::vector<std::int64_t> invalid_lines_;
  std::vector<std::string> reasons_;
  std::vector<std::string> folders_;
};

}  // namespace pofetch::cli
