#pragma once

#include "storage/bodies/hasher.hpp"

#include <pofetch/error.hpp>
#include <pofetch/store.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace pofetch::storage {

/// The digests of one body. Those of a small body are computed as its bytes come. A large one is read back
/// and counted by another thread, while more of it is received; where that thread has no time, its owner
/// does it. One thread calls; it never waits for the other one longer than for one slice.
class body_digests : public std::enable_shared_from_this<body_digests> {
 public:
  /// A body is large from here on.
  static constexpr std::uint64_t large_from = 4U << 20U;
  /// So much comes before the other thread is called, and at most so much waits for it.
  static constexpr std::uint64_t stretch = 1U << 20U;
  static constexpr std::uint64_t most_behind = 8U << 20U;

  /// `file`: the body, open for reading until `close`. `beside`: where large ones are read back; empty:
  /// nowhere, and every body counts as small.
  body_digests(int file, boost::asio::any_io_executor beside);

  /// Computes this digest, too; the first `size` bytes of the file are counted in. Failures: unsupported,
  /// disk (they cannot be read back).
  [[nodiscard]] result<void> require(digest_algorithm algorithm, std::uint64_t size);

  /// `bytes` were written, and are the last ones of `size`. Failures: disk, of earlier ones; internal.
  [[nodiscard]] result<void> add(std::span<const std::byte> bytes, std::uint64_t size);

  /// Afterwards `size` bytes of the file are counted in. Failures: disk, internal.
  [[nodiscard]] result<void> catch_up(std::uint64_t size);

  /// As if nothing had come. Failure: internal.
  [[nodiscard]] result<void> reset();

  /// Raw digest of what is counted in; empty if that algorithm was not required.
  [[nodiscard]] std::string digest(digest_algorithm algorithm) const;

  /// The file is not touched any more.
  void close();

 private:
  void call_other_thread();
  void go_on();
  [[nodiscard]] result<void> count_up_to(std::uint64_t size);
  [[nodiscard]] result<void> count(std::span<const std::byte> bytes);
  [[nodiscard]] result<std::span<const std::byte>> read(std::uint64_t at, std::uint64_t most);

  const int file_;
  const boost::asio::any_io_executor beside_;
  std::atomic<std::uint64_t> size_{0};
  std::atomic<std::uint64_t> counted_{0};  ///< changed under `mutex_` only
  std::atomic<bool> called_{false};
  std::atomic<bool> any_{false};

  mutable std::mutex mutex_;  ///< guards all below
  bool closed_ = false;
  std::optional<failure> broken_;
  std::array<std::optional<hasher>, 4> digests_;  ///< by algorithm
  std::unique_ptr<std::byte[]> slice_;
};

}  // namespace pofetch::storage
