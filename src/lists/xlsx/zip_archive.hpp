#pragma once

#include "lists/text/byte_source.hpp"

#include <pofetch/error.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct zip;

namespace pofetch::lists {

// Bounds, so that a hostile archive can take neither the memory nor the day.
inline constexpr std::uint64_t max_zip_directory = 4U << 20;     ///< bytes of the list of its parts
inline constexpr std::uint64_t max_part_size = 4ULL << 30;       ///< bytes of one part, unpacked
inline constexpr std::uint64_t trusted_part_size = 32ULL << 20;  ///< up to here any ratio is fine
inline constexpr std::uint64_t max_part_ratio = 200;  ///< unpacked to packed; workbooks reach about 30

/// A ZIP archive (APPNOTE 6.3.9), read part by part; parts inflate as streams. One thread at a time.
class zip_archive {
 public:
  /// Do the bounds of what parts unpack to hold?
  enum class trust { nobody, own_work };

  /// Opens the archive behind `fd`, which stays the caller's. `name` is what messages call it. Failure
  /// `input`: no whole archive (it may still be being written), or a directory above its bound.
  [[nodiscard]] static result<std::unique_ptr<zip_archive>> open(int fd, const std::string& name,
                                                                 trust given = trust::nobody);
  ~zip_archive();

  zip_archive(const zip_archive&) = delete;
  zip_archive& operator=(const zip_archive&) = delete;

  [[nodiscard]] bool has(const std::string& part) const;

  /// Opens a part by its name, as `part_key` compares it; it must not outlive the archive. Reading it fails
  /// (`input`) if it is damaged, or unpacks to more than the bounds above. Its check sum counts at its end.
  [[nodiscard]] result<std::unique_ptr<byte_source>> open_part(const std::string& part) const;

 private:
  zip_archive(::zip* archive, std::string name, std::uint64_t size, trust given);

  ::zip* archive_;
  std::string name_;
  std::uint64_t size_;  ///< of the file
  trust trust_;
  std::unordered_map<std::string, std::uint64_t> places_;  ///< of the parts, by their keys
};

/// Names of parts are compared without case (ECMA-376 part 2, 6.2.2.3), and with `/` for the `\` that some
/// programs write, against the rules of archives; a slash before them does not count.
[[nodiscard]] std::string part_key(std::string_view part);

}  // namespace pofetch::lists
