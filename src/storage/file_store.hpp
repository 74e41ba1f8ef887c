#pragma once

#include "os/replacement_file.hpp"
#include "os/unique_fd.hpp"
#include "storage/bodies/partial_area.hpp"
#include "storage/group_sync.hpp"
#include "storage/output_root.hpp"
#include "storage/run_lock.hpp"

#include <pofetch/pool_config.hpp>
#include <pofetch/store.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pofetch::storage {

/// The output folder on this machine's disk. Threads as store.hpp says; `lock`, `holder` and the paths
/// belong to the storage thread, too.
class file_store final : public store, public folder_operations {
 public:
  /// Opens the folder for work. `create`: makes it and what pofetch needs in it; otherwise the store
  /// only reads: nothing is made, and `create`, `place`, `sweep` and `lock` fail with `permission`.
  /// Failures: input (only reading, and there is no such folder or no batch in it), disk, disk_full,
  /// permission.
  [[nodiscard]] static result<std::unique_ptr<file_store>> open(const std::filesystem::path& dir,
                                                                durability how, bool create);
  /// The same for one of several nodes that work on the folder, with a folder of its own for bodies under
  /// way; of the batch that is called `batch` wherever it is worked on. Takes the lock, too. Failures also:
  /// locked; config: the folder belongs to another batch, or to runs with a ledger of its own.
  [[nodiscard]] static result<std::unique_ptr<file_store>> open_as_node(const std::filesystem::path& dir,
                                                                        durability how,
                                                                        const std::string& node,
                                                                        const std::string& batch);
  ~file_store() override;

  /// From now on large bodies are hashed there, while they come. Bodies keep it: it must outlive them.
  void hash_beside(boost::asio::any_io_executor where) { beside_ = std::move(where); }

  /// Absolute path of the folder.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return root_.path(); }
  /// The folder itself, open as long as the store is there.
  [[nodiscard]] int handle() const noexcept { return root_.handle(); }
  /// Begins a file of the batch's own that takes the place of another one in the folder, which is called
  /// `shown` in messages. Failures: disk, disk_full, permission.
  [[nodiscard]] result<std::unique_ptr<os::replacement_file>> replace(std::string name,
                                                                      std::filesystem::path shown) const;
  /// Where the batch's ledger is, or will be.
  [[nodiscard]] std::filesystem::path ledger_path() const;

  /// Takes the folder for bodies under way away from a node, for good: what it still has in hand it cannot
  /// place any more. Failures: disk, permission.
  [[nodiscard]] result<void> revoke(const std::string& node) const;

  /// Takes the right to work on the folder until the store is destroyed. Before anything else is
  /// changed. Failures: locked (the message says who holds it), disk, disk_full, permission; config: the
  /// folder belongs to nodes.
  [[nodiscard]] result<void> lock();
  /// Who works on the folder now (`pid 12 on host since ...`), if anybody does. Failures: disk,
  /// permission.
  [[nodiscard]] result<std::optional<std::string>> holder() const;

  [[nodiscard]] result<std::unique_ptr<partial_file>> create() override;
  [[nodiscard]] std::size_t most_bodies() const override;
  [[nodiscard]] std::size_t longest_name() const override { return root_.longest_name(); }
  [[nodiscard]] result<std::vector<std::string>> list(std::string_view folder) override;
  /// The first call of a run brings the whole file system to stable storage: the private folder may be new,
  /// and a killed run may have placed files without coming to their sync.
  result<void> sync(std::span<partial_file* const> bodies) override;
  result<file_facts> place(partial_file& body, std::string_view folder, std::string_view name,
                           placement how) override;
  [[nodiscard]] folder_operations* folders() noexcept override { return this; }
  result<bool> link_copy(const placed_file& first, const placed_file& copy) override;
  result<bool> is_taken(std::string_view folder) override;
  result<void> rename_folder(std::string_view from, std::string_view to) override;
  [[nodiscard]] result<file_facts> stat(std::string_view folder, std::string_view name) override;
  [[nodiscard]] result<std::string> sha256(std::string_view folder, std::string_view name,
                                           const std::function<bool()>& stopped) override;
  result<std::size_t> sweep() override;
  [[nodiscard]] std::optional<left_body> take_left(std::string_view owner) override;
  result<std::size_t> drop_left() override;

 private:
  file_store(output_root root, std::shared_ptr<partial_area> partials, durability how);

  [[nodiscard]] static failure only_reads();
  [[nodiscard]] result<void> belong_to(const std::string& batch) const;
  /// Opens the folder, made if need be, unless it is the one that the last file went to.
  [[nodiscard]] result<void> enter(std::string_view folder);
  [[nodiscard]] result<void> sync_all(std::span<const int> handles);
  [[nodiscard]] result<void> sync_folder(const std::string& folder) const;
  [[nodiscard]] result<os::unique_fd> open_placed(std::string_view folder, std::string_view name) const;

  output_root root_;
  std::shared_ptr<partial_area> partials_;  ///< none: the store only reads
  group_sync syncing_;
  boost::asio::any_io_executor beside_;
  /// The folder of the last `place`, until the next `sync`: the files of a PO come one after another.
  os::unique_fd entered_;
  std::string entered_name_;
  std::set<std::string> changed_;  ///< folders with entries that are not on stable storage yet
  bool settled_ = false;           ///< the first sync of this run is done
  /// A sync has failed, and so does every later one: the system tells of a loss only once, and what a later
  /// sync says of files of the earlier one means nothing.
  std::optional<failure> lost_;
  std::optional<run_lock> lock_;
};

}  // namespace pofetch::storage
