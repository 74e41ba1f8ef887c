#pragma once

#include <pofetch/batch.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace pofetch::cli {

/// Adds up what `pofetch plan` finds, one PO at a time; memory stays flat.
class plan_counts {
 public:
  void add(const report_row& row);

  /// The table for standard output.
  [[nodiscard]] std::string table(const intake_counts& intake) const;

 private:
  static constexpr std::size_t most_lines = 10;

  std::array<std::uint64_t, po_status_count> by_status_{};
  std::uint64_t planned_ = 0;
  std::uint64_t attachments_ = 0;
  std::uint64_t measured_ = 0;
  std::uint64_t excluded_ = 0;
  std::uint64_t bytes_ = 0;
  std::vector<std::int64_t> invalid_lines_;
};

}  // namespace pofetch::cli
