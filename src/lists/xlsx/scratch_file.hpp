#pragma once

#include "os/unique_fd.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::lists {

/// The system's folder for temporary files: TMPDIR, or /tmp where that is no folder.
[[nodiscard]] std::filesystem::path temporary_folder();

/// Bytes that are too many for the memory, in a file of the system's folder for temporary files that nobody
/// else sees (it has no name) and that goes with the program. First appended to, then read anywhere; at most
/// 2 MiB of it are in memory. Failures: disk_full, disk, permission.
class scratch_file {
 public:
  [[nodiscard]] static result<std::unique_ptr<scratch_file>> make();
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] result<void> append(std::string_view bytes);
  /// The bytes there, which must be within `size`.
  [[nodiscard]] result<std::string> read(std::uint64_t offset, std::size_t count);

 private:
  struct block {
    std::uint64_t number = 0;
    std::string bytes;  ///< empty: none is loaded
  };

  explicit scratch_file(os::unique_fd file);
  [[nodiscard]] result<void> flush();
  /// The block of that number, loaded.
  [[nodiscard]] result<const block*> load(std::uint64_t number);

  os::unique_fd file_;
  std::uint64_t size_ = 0;
  std::string unwritten_;      ///< the end of the file, before it is written
  std::vector<block> blocks_;  ///< each in the place that its number gives
};

}  // namespace pofetch::lists
