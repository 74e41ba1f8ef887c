#pragma once

#include "objects/listing_window.hpp"
#include "objects/store_client.hpp"
#include "storage/bodies/part_file.hpp"
#include "storage/file_store.hpp"

#include <pofetch/store.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pofetch::objects {

/// What can be said of an output address and its options without asking anybody: failure config otherwise.
[[nodiscard]] result<void> check_output(const std::filesystem::path& out, const object_store_options& options,
                                        const pool_config& pool);

/// An object store that speaks S3. A body waits in a local spool folder until it is whole, and is then one
/// PUT: made only if the name is free (`If-None-Match: *`), with its SHA-256 checked by the store. What is
/// there is never written over, so that a lost answer can be made up for: the name is taken then, by what we
/// sent. Threads as store.hpp says.
class object_store final : public store {
 public:
  /// `to_write`: opens the spool and asks the store whether it holds conditions, in a race of several; writes
  /// one small object below `PREFIX/.pofetch/` for that and removes it. Blocks. Failures: config (no such
  /// bucket, refused or missing credentials, an address or file that cannot be used), disk, disk_full,
  /// permission.
  [[nodiscard]] static result<std::unique_ptr<object_store>> open(store_setup setup, bool to_write);
  ~object_store() override;

  /// Is a name given once only, whoever else writes? If not, one node may work on it.
  [[nodiscard]] bool holds_conditions() const noexcept { return conditions_; }

  /// Puts a local file under that name below the prefix, in the place of an older one. Failures as `place`.
  result<void> put_own(const std::string& name, const std::filesystem::path& from);

  [[nodiscard]] result<std::unique_ptr<partial_file>> create() override;
  [[nodiscard]] std::size_t most_bodies() const override;
  [[nodiscard]] std::size_t longest_name() const override;
  /// Nobody is asked before a name has turned out to be taken: a PUT finds out by itself.
  [[nodiscard]] result<std::vector<std::string>> list(std::string_view folder) override;
  /// A PUT that was answered lasts, and bodies that are lost are fetched again.
  result<void> sync(std::span<partial_file* const>) override { return {}; }
  result<file_facts> place(partial_file& body, std::string_view folder, std::string_view name,
                           placement how) override;
  result<std::vector<result<file_facts>>> place_all(std::span<const placing> all) override;
  [[nodiscard]] result<file_facts> stat(std::string_view folder, std::string_view name) override;
  [[nodiscard]] result<std::string> sha256(std::string_view folder, std::string_view name,
                                           const std::function<bool()>& stopped) override;
  result<std::size_t> sweep() override;
  [[nodiscard]] std::optional<left_body> take_left(std::string_view owner) override;
  result<std::size_t> drop_left() override;

 private:
  explicit object_store(std::unique_ptr<store_client> client);

  [[nodiscard]] result<void> open_spool();
  [[nodiscard]] awaitable<result<void>> place_side_by_side(std::span<const placing> all,
                                                           std::vector<result<file_facts>>& placed);
  [[nodiscard]] std::string key_of(std::string_view folder, std::string_view name) const;
  [[nodiscard]] awaitable<result<std::vector<std::string>>> list_names(std::string folder);
  [[nodiscard]] awaitable<result<file_facts>> look_at(std::string folder_key, std::string key);

  std::unique_ptr<store_client> client_;
  /// Null: only reads.
  std::unique_ptr<storage::file_store> spool_;
  bool conditions_ = true;
  listing_window window_;
  /// Folders in which a name was taken.
  std::set<std::string, std::less<>> contested_;
};

}  // namespace pofetch::objects
