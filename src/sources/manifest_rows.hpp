#pragma once

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::sources {

/// One row of a manifest, as the list has it.
struct manifest_row {
  /// Line in the list, for messages.
  std::int64_t line = 0;
  std::string url;
  std::string filename;
  std::string sha256;
  std::optional<std::uint64_t> size{};
};

/// Keeps the rows of a manifest by purchase order, so that memory does not grow with the list: in a private
/// database without a name, on disk once it is large, which is gone when this object or the process is. The
/// addresses in it may carry secrets; nobody else can open it. All calls block; one thread at a time.
class manifest_rows {
 public:
  manifest_rows();
  ~manifest_rows();

  manifest_rows(const manifest_rows&) = delete;
  manifest_rows& operator=(const manifest_rows&) = delete;

  /// Keeps a row. `po_key`: the purchase order's number. Failures: disk_full, disk.
  result<void> add(std::string_view po_key, const manifest_row& row);

  /// The rows of a purchase order in the order in which they were added. Failures: disk_full, disk.
  [[nodiscard]] result<std::vector<manifest_row>> rows_of(std::string_view po_key);

  /// Rows added so far.
  [[nodiscard]] std::uint64_t size() const noexcept;

 private:
  struct database;
  std::unique_ptr<database> database_;
};

}  // namespace pofetch::sources
