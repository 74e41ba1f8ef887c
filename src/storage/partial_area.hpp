#pragma once

#include "storage/unique_fd.hpp"

#include <pofetch/error.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pofetch::storage {

/// The folder for bodies under way, `.pofetch/partial`. May be used by several threads. Every object
/// has a random token in the names that it gives, so that it knows its own bodies from those of a killed
/// run, also when process numbers repeat (in a container every run is number 1).
class partial_area {
 public:
  /// Makes the folder if need be. `private_dir` is pofetch's own folder. Failures: disk, disk_full,
  /// permission.
  [[nodiscard]] static result<partial_area> open(int private_dir);

  partial_area(partial_area&& other) noexcept;
  partial_area& operator=(partial_area&&) = delete;

  [[nodiscard]] int handle() const noexcept { return dir_.get(); }

  /// A name that no other body has.
  [[nodiscard]] std::string next_name();

  /// Removes the bodies of other runs; returns how many. Files that no run named so are left alone.
  /// Failures: disk, permission.
  [[nodiscard]] result<std::size_t> sweep() const;

 private:
  partial_area(unique_fd dir, std::string token) noexcept;

  unique_fd dir_;
  std::string token_;
  std::atomic<std::uint64_t> next_{0};
};

/// Has it the form of a body's name: 16 hexadecimal digits, `-`, a number, `.part`?
[[nodiscard]] bool is_part_name(std::string_view name) noexcept;

}  // namespace pofetch::storage
