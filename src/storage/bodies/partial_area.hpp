#pragma once

#include "os/unique_fd.hpp"
#include "storage/bodies/part_note.hpp"

#include <pofetch/error.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace pofetch::storage {

/// The folder for bodies under way, `.pofetch/partial`. May be used by several threads. Every object
/// has a random token in the names that it gives, so that it knows its own bodies from those of an earlier
/// run, also when process numbers repeat (in a container every run is number 1).
class partial_area {
 public:
  /// Makes the folder if need be. `private_dir` is pofetch's own folder. Failures: disk, disk_full,
  /// permission.
  [[nodiscard]] static result<partial_area> open(int private_dir);

  /// One of several that work on the folder: a folder of its own, `.pofetch/partial/NODE`. Once another node
  /// has taken it away (`remove`), nothing can be made in it or moved out of it any more, by whoever has it
  /// open.
  [[nodiscard]] static result<partial_area> open_for(int private_dir, const std::string& node);
  /// Takes a node's folder away, with all that is in it. It may be gone already, or be written to meanwhile.
  /// Failures: disk, permission.
  [[nodiscard]] static result<void> remove_for(int private_dir, const std::string& node);

  partial_area(partial_area&& other) noexcept;
  partial_area& operator=(partial_area&&) = delete;

  [[nodiscard]] int handle() const noexcept { return dir_.get(); }

  /// A name that no other body has.
  [[nodiscard]] std::string next_name();

  /// Looks through the bodies of earlier runs: remembers those that can be resumed, removes the others,
  /// and notes without a body; returns how many bodies it removed. Files that no run named so are left
  /// alone. Once, before any of these is taken. Failures: disk, permission.
  [[nodiscard]] result<std::size_t> sweep();

  struct named_part {
    std::string name;
    left_part part;
  };

  /// The body that an earlier run left under the owner's name, once. Nothing if there is none, or if it
  /// cannot be resumed any more.
  [[nodiscard]] std::optional<named_part> take_left(std::string_view owner);

  /// Removes what `sweep` remembered and nobody has taken; returns how many. Failures: disk, permission.
  [[nodiscard]] result<std::size_t> drop_left();

 private:
  partial_area(os::unique_fd dir, std::string token) noexcept;

  [[nodiscard]] static result<partial_area> open_in(os::unique_fd dir);
  [[nodiscard]] bool keeps(const std::string& part);
  [[nodiscard]] result<void> remove(const std::string& name) const;

  os::unique_fd dir_;
  std::string token_;
  std::atomic<std::uint64_t> next_{0};
  std::mutex mutex_;  ///< guards `left_`
  /// Owner's mark to name of the body.
  std::map<std::string, std::string, std::less<>> left_;
};

/// Has it the form of a body's name: 16 hexadecimal digits, `-`, a number, `.part`?
[[nodiscard]] bool is_part_name(std::string_view name) noexcept;

}  // namespace pofetch::storage
