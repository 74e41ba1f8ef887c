#pragma once

#include "os/unique_fd.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::service {

/// Everything that one service keeps. Names in it are the service's own; all calls block, any thread, one at
/// a time a batch.
///
///     service.db  lock  incoming/  trash/  kept/  batches/<id>/{job.json,list.<ext>,out/}
class data_folder {
 public:
  /// Makes it if need be and takes its lock, which ends with the process. Failures: locked, permission, disk.
  [[nodiscard]] static result<data_folder> open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::filesystem::path index() const { return path_ / "service.db"; }
  [[nodiscard]] std::filesystem::path batch(const std::string& id) const { return path_ / "batches" / id; }
  /// Where a batch is put together before it is one.
  [[nodiscard]] std::filesystem::path incoming(const std::string& id) const {
    return path_ / "incoming" / id;
  }

  /// A new folder in incoming/.
  [[nodiscard]] result<void> begin(const std::string& id) const;
  /// What is in it is on stable storage, and it is a batch's folder.
  [[nodiscard]] result<void> settle(const std::string& id) const;
  /// Whatever became of it.
  void discard(const std::string& id) const;

  /// Takes a batch's folder away; with `keep`, its files are in kept/<id> then.
  [[nodiscard]] result<void> remove(const std::string& id, bool keep) const;
  /// Deletes what has been taken away. May take long.
  void empty_trash() const;
  /// Deletes what was not finished when the service ended.
  void clear_incoming() const;
  /// Folders of batches.
  [[nodiscard]] std::vector<std::string> batches() const;

  /// Bytes that may still be written; nothing known: a great many.
  [[nodiscard]] std::uint64_t free_bytes() const noexcept;
  /// Of the file system it stands on; 0: not known.
  [[nodiscard]] std::uint64_t size_bytes() const noexcept;

 private:
  data_folder() = default;
  std::filesystem::path path_;
  os::unique_fd lock_;
};

/// A file that is written bit by bit, for its owner alone.
class spool_file {
 public:
  [[nodiscard]] static result<spool_file> create(const std::filesystem::path& path);
  [[nodiscard]] result<void> write(std::string_view bytes);
  /// On stable storage.
  [[nodiscard]] result<void> finish();

 private:
  std::filesystem::path path_;
  os::unique_fd file_;
};

}  // namespace pofetch::service
