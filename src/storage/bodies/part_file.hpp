#pragma once

#include "os/unique_fd.hpp"
#include "storage/bodies/body_digests.hpp"
#include "storage/bodies/partial_area.hpp"

#include <pofetch/store.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pofetch::storage {

/// A body in the private area (see store.hpp for its promises). One thread at a time; several bodies
/// may be written at the same time.
class part_file final : public partial_file {
 public:
  /// Makes an empty body. Failures: disk, disk_full, permission.
  /// `written_early`: what is there already goes to the disk while the rest is under way. `beside`: see
  /// body_digests.
  [[nodiscard]] static result<std::unique_ptr<part_file>> create(std::shared_ptr<partial_area> area,
                                                                 bool written_early,
                                                                 boost::asio::any_io_executor beside);

  /// A body that an earlier run left, to be recovered.
  [[nodiscard]] static std::unique_ptr<part_file> adopt(std::shared_ptr<partial_area> area, std::string name,
                                                        os::unique_fd file,
                                                        boost::asio::any_io_executor beside);

  ~part_file() override;
  part_file(const part_file&) = delete;
  part_file& operator=(const part_file&) = delete;

  result<void> append(std::span<const std::byte> bytes) override;
  result<void> rewind() override;
  result<void> remember(std::string_view owner, const body_note& note) override;
  result<void> forget() override;
  result<void> recover(std::uint64_t at_most) override;
  result<void> require(digest_algorithm algorithm) override;
  [[nodiscard]] std::string digest(digest_algorithm algorithm) const override;
  [[nodiscard]] result<std::string> head(std::size_t count) const override;
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }

  // --- for the store ---

  [[nodiscard]] int handle() const noexcept { return file_.get(); }
  [[nodiscard]] int area_handle() const noexcept { return area_->handle(); }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] bool is_placed() const noexcept { return placed_; }
  /// It stands under its final name now and is not removed.
  void mark_placed() noexcept;

 private:
  part_file(std::shared_ptr<partial_area> area, std::string name, os::unique_fd file,
            boost::asio::any_io_executor beside);

  void write_early(std::uint64_t from) const noexcept;
  /// Exactly so many bytes.
  [[nodiscard]] result<std::string> read_back(std::uint64_t at, std::size_t count) const;
  [[nodiscard]] failure broken(int error, const char* what) const;

  std::shared_ptr<partial_area> area_;
  std::string name_;
  os::unique_fd file_;
  std::uint64_t size_ = 0;
  std::string first_bytes_;  ///< every body is looked at when it is whole, which should not cost a read
  std::shared_ptr<body_digests> digests_;
  bool written_early_ = false;
  bool placed_ = false;
  bool remembered_ = false;
};

}  // namespace pofetch::storage
