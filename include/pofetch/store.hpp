#pragma once

#include <pofetch/awaitable.hpp>
#include <pofetch/body_note.hpp>
#include <pofetch/error.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch {

/// One body under way, in the store's private area. Removed when destroyed, unless it was placed or
/// remembered. Written on the thread of the download; handed to the storage thread as a whole afterwards.
class partial_file {
 public:
  virtual ~partial_file() = default;

  /// Adds bytes at the end; may block only as long as a write into the page cache does. A store that is
  /// slower holds the bytes in memory and says `full`. Failures: disk_full, disk.
  virtual result<void> append(std::span<const std::byte> bytes) = 0;

  /// So much is held that the next bytes should wait for `drain`: the socket that they come from is not read
  /// meanwhile. A file is never full.
  [[nodiscard]] virtual bool full() const noexcept { return false; }

  /// Ends when there is room again. On the executor of the download, cancellable. No timeout is set for it: a
  /// store that hangs has to fail. Failures: disk_full, disk.
  [[nodiscard]] virtual awaitable<result<void>> drain() { co_return result<void>(); }

  /// Forgets everything written so far, and that the body was remembered.
  virtual result<void> rewind() = 0;

  /// From now on the bytes outlive this object, and the process, however it ends: a later run finds
  /// them with `store::take_left` under that name. May be called again with a fuller note. With a note that
  /// is too long, or on a system on which nobody can tell whether bytes survived, nothing is remembered.
  /// Failures: disk_full, disk.
  virtual result<void> remember(std::string_view owner, const body_note& note) = 0;

  /// No later run may go on with these bytes. Failure: disk.
  virtual result<void> forget() = 0;

  /// Of a body that an earlier run left: reads up to `at_most` further bytes of what is there, and counts
  /// them into size and digests. To be called until `size` is what was found, before anything else is
  /// added; blocks. Failure disk: the bytes are not there.
  virtual result<void> recover(std::uint64_t at_most) = 0;

  /// Computes this digest, too, from the first byte on. Asked again of a whole body: level now, or a failure.
  virtual result<void> require(digest_algorithm algorithm) = 0;

  /// Raw digest of all bytes so far, of an algorithm that was required; empty if it was not.
  [[nodiscard]] virtual std::string digest(digest_algorithm algorithm) const = 0;

  /// Up to `count` bytes from the beginning.
  [[nodiscard]] virtual result<std::string> head(std::size_t count) const = 0;

  /// Bytes so far.
  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
};

/// A body that an earlier run left.
struct left_body {
  /// Its `size` is 0 until it is recovered.
  std::unique_ptr<partial_file> body;
  body_note note;
  /// Bytes to be recovered: at least 1, less than `note.total`. Of a whole body the last byte is left out,
  /// so that the server is asked whether it is still that version.
  std::uint64_t found = 0;
};

struct file_facts {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
};

/// A placed file as it was recorded.
struct placed_file {
  std::string folder;
  std::string name;
  file_facts facts;
};

enum class placement {
  fresh,    ///< the name must be free: `exists` if it is not
  replace,  ///< a file of this batch that went bad is replaced
};

/// A body, and the place that it is to get.
struct placing {
  partial_file* body = nullptr;
  std::string folder;
  std::string name;
  placement how = placement::fresh;
  /// For stores that keep it with a file: whose it is, and its media type. May be empty.
  std::string po{};
  std::string media_type{};
};

/// What a file system can do beside keeping files. Blocks, on the storage thread only; what it changes is
/// flushed by `store::sync`.
class folder_operations {
 public:
  virtual ~folder_operations() = default;

  /// Makes `copy` one more name of the file `first` (a hard link). False, and nothing is changed, if it is
  /// that already, if one of the two is not there as recorded, or if a file cannot have more names. Their
  /// contents are the caller's word. Failures: disk (also: this file system has no hard links), disk_full,
  /// permission.
  virtual result<bool> link_copy(const placed_file& first, const placed_file& copy) = 0;

  /// Does anything stand under that folder's name? Failures: permission (no folder may have that name), disk.
  virtual result<bool> is_taken(std::string_view folder) = 0;

  /// Gives a folder another name in the same folder above it, by one rename that replaces nothing. Failures:
  /// exists (the new name is taken), not_found (it is not there, or is no folder), disk, permission.
  virtual result<void> rename_folder(std::string_view from, std::string_view to) = 0;
};

/// The output folder. `create`, `most_bodies`, `take_left` and what belongs to a partial_file may be called
/// on any thread; everything else blocks and is called on the storage thread only. Nothing is ever made,
/// followed or opened outside the root; symbolic links are not followed.
class store {
 public:
  virtual ~store() = default;

  /// Starts a body in the private area.
  [[nodiscard]] virtual result<std::unique_ptr<partial_file>> create() = 0;

  /// So many bodies may wait for their place at the same time: each is an open file.
  [[nodiscard]] virtual std::size_t most_bodies() const = 0;

  /// Bytes that one name of a file or folder may have here, 255 at most. Any thread.
  [[nodiscard]] virtual std::size_t longest_name() const = 0;

  /// Names in that folder; none if the folder is not there.
  [[nodiscard]] virtual result<std::vector<std::string>> list(std::string_view folder) = 0;

  /// Brings these bodies, and the folders touched by the other calls since the last one, to stable
  /// storage, as many as can be in one go (a no-op with durability `none`). After a failure every further
  /// call fails: the system tells only once that something was lost.
  virtual result<void> sync(std::span<partial_file* const> bodies) = 0;

  /// Renames a body into place; makes the folder if need be. Returns the facts of the final file.
  /// Failures: exists, disk, disk_full, permission.
  virtual result<file_facts> place(partial_file& body, std::string_view folder, std::string_view name,
                                   placement how) = 0;

  /// `place` for several, in whatever order; what became of each stands at its place. Here one after another.
  /// A failure of the whole is one of the store itself, which ends the run: which of them are in place is not
  /// known then, and found out by the next run.
  virtual result<std::vector<result<file_facts>>> place_all(std::span<const placing> all) {
    std::vector<result<file_facts>> placed;
    placed.reserve(all.size());
    for (const placing& each : all) placed.push_back(place(*each.body, each.folder, each.name, each.how));
    return placed;
  }

  /// Size and modification time of a placed file. Failures: not_found, disk.
  [[nodiscard]] virtual result<file_facts> stat(std::string_view folder, std::string_view name) = 0;

  /// Reads a placed file through and returns its SHA-256 in hexadecimal. `stopped`, unless empty, is asked
  /// before every piece of it. Failures: not_found, disk; cancelled: it said yes.
  [[nodiscard]] virtual result<std::string> sha256(std::string_view folder, std::string_view name,
                                                   const std::function<bool()>& stopped) = 0;

  /// What `dedupe` and `folder_status` need; null, as here, where there is nothing like it: a batch that asks
  /// for them is refused then. Lives as long as the store. Any thread.
  [[nodiscard]] virtual folder_operations* folders() noexcept { return nullptr; }

  /// Looks through what earlier runs left in the private area: keeps the bodies that can be resumed,
  /// removes the rest and returns how many. Once, before the first `create`.
  virtual result<std::size_t> sweep() = 0;

  /// The body that an earlier run left under that name, if `sweep` found one that nobody has taken yet.
  [[nodiscard]] virtual std::optional<left_body> take_left(std::string_view owner) = 0;

  /// Removes the bodies that `sweep` kept and nobody has taken; returns how many.
  virtual result<std::size_t> drop_left() = 0;
};

}  // namespace pofetch
