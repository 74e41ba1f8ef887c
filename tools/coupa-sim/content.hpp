#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace coupa_sim {

enum class file_kind { pdf, msg, eml, docx, xlsx, csv, zip, png, jpg, txt };
inline constexpr unsigned file_kind_count = 10;

/// `pdf`, `msg`, ...
[[nodiscard]] std::string_view extension(file_kind kind) noexcept;

/// By the ending of a name, in any case.
[[nodiscard]] std::optional<file_kind> kind_of_name(std::string_view name);

/// `application/pdf`, ...
[[nodiscard]] std::string_view media_type(file_kind kind) noexcept;

/// The bytes of one file, made as they are read: memory does not grow with the size. The file starts
/// with the bytes that its kind is known by, then the label (which makes every file unique), then
/// noise that is drawn from `key`. Not thread-safe; each reader makes its own.
class content {
 public:
  static constexpr std::size_t piece_size = 64 * 1024;

  content(file_kind kind, std::uint64_t key, std::string_view label, std::uint64_t size);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// Bytes from `offset` up to the end of its piece; empty at and past the end of the file. The view
  /// is valid as long as this object.
  [[nodiscard]] std::string_view piece(std::uint64_t offset) const;

 private:
  [[nodiscard]] std::string_view noise(std::uint64_t index) const;

  std::uint64_t key_;
  std::uint64_t size_;
  bool text_;
  std::string first_;
};

/// Hands over all bytes in order.
void for_each_piece(const content& file, const std::function<void(std::string_view)>& visit);

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(const content& file);

}  // namespace coupa_sim
