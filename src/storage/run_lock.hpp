#pragma once

#include "os/unique_fd.hpp"

#include <pofetch/error.hpp>

#include <optional>
#include <string>

namespace pofetch::storage {

/// The right to work on an output folder, held by one process at a time: a lock of the kernel on
/// `.pofetch/lock`, which ends with the process, however it ends. The file's content (`pid 12 on host
/// since 2026-01-31T08:00:00Z`) is for people only.
class run_lock {
 public:
  /// Takes it, without waiting. `private_dir` is pofetch's own folder. Failures: locked (the message
  /// says who holds it), disk, disk_full, permission.
  [[nodiscard]] static result<run_lock> acquire(int private_dir);

  /// The same for one of several nodes that may work there beside each other, but beside nobody else. Over a
  /// network file system it may be lost in silence: nothing depends on it.
  [[nodiscard]] static result<run_lock> acquire_shared(int private_dir);

  /// Who holds it now, nothing if nobody does. Takes and makes nothing. Failures: disk, permission.
  [[nodiscard]] static result<std::optional<std::string>> holder(int private_dir);

  ~run_lock();
  run_lock(run_lock&&) noexcept = default;
  run_lock& operator=(run_lock&&) = delete;

 private:
  run_lock(os::unique_fd file, bool marked) noexcept;

  os::unique_fd file_;
  bool marked_;
};

}  // namespace pofetch::storage
