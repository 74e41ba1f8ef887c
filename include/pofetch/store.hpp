#pragma once

#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch {

enum class digest_algorithm { md5, sha1, sha256, sha512 };

/// One body under way, in the store's private area. Removed when destroyed, unless it was placed.
/// Written on the thread of the download; handed to the storage thread as a whole afterwards.
class partial_file {
 public:
  virtual ~partial_file() = default;

  /// Adds bytes at the end. Failures: disk_full, disk.
  virtual result<void> append(std::span<const std::byte> bytes) = 0;

  /// Forgets everything written so far.
  virtual result<void> rewind() = 0;

  /// Also computes this digest from now on; bytes already there are read back and counted.
  virtual result<void> require(digest_algorithm algorithm) = 0;

  /// Raw digest of all bytes so far, of an algorithm that was required; empty if it was not.
  [[nodiscard]] virtual std::string digest(digest_algorithm algorithm) const = 0;

  /// Up to `count` bytes from the beginning.
  [[nodiscard]] virtual result<std::string> head(std::size_t count) const = 0;

  /// Bytes so far.
  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
};

struct file_facts {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
};

enum class placement {
  fresh,    ///< the name must be free: `exists` if it is not
  replace,  ///< a file of this batch that went bad is replaced
};

/// The output folder. `create` and what belongs to a partial_file may be called on any thread;
/// everything else blocks and is called on the storage thread only. Nothing is ever made, followed or
/// opened outside the root; symbolic links are not followed.
class store {
 public:
  virtual ~store() = default;

  /// Starts a body in the private area.
  [[nodiscard]] virtual result<std::unique_ptr<partial_file>> create() = 0;

  /// Names in that folder; none if the folder is not there.
  [[nodiscard]] virtual result<std::vector<std::string>> list(std::string_view folder) = 0;

  /// Brings these bodies to stable storage (a no-op with durability `none`).
  virtual result<void> sync(std::span<partial_file* const> bodies) = 0;

  /// Renames a body into place; makes the folder if need be. Returns the facts of the final file.
  /// Failures: exists, disk, disk_full, permission.
  virtual result<file_facts> place(partial_file& body, std::string_view folder, std::string_view name,
                                   placement how) = 0;

  /// Brings the folders touched by `place` since the last call to stable storage.
  virtual result<void> sync_folders() = 0;

  /// Size and modification time of a placed file. Failures: not_found, disk.
  [[nodiscard]] virtual result<file_facts> stat(std::string_view folder, std::string_view name) = 0;

  /// Reads a placed file through and returns its SHA-256 in hexadecimal. Failures: not_found, disk.
  [[nodiscard]] virtual result<std::string> sha256(std::string_view folder, std::string_view name) = 0;

  /// Removes bodies that a killed run left in the private area; returns how many.
  virtual result<std::size_t> sweep() = 0;
};

}  // namespace pofetch
