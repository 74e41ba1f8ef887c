#pragma once

#include "core/file_name.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace pofetch::core {

/// Hands out names that are unique within one folder, compared case folded: `a.pdf`, `a (2).pdf`,
/// `a (3).pdf`, ... in the order of the calls. Plain data, no thread of its own.
class name_allocator {
 public:
  name_allocator() = default;
  /// Those names are taken. Numbered names have at most so many bytes.
  explicit name_allocator(std::span<const std::string> taken, std::size_t most = max_name_bytes);

  /// Marks a name as taken. False if it was before.
  bool reserve(std::string_view name);

  [[nodiscard]] bool is_taken(std::string_view name) const;

  /// `wanted` itself if it is free, else the first free numbered form; taken from now on. `wanted` must
  /// be a safe name.
  [[nodiscard]] std::string allocate(std::string_view wanted);

 private:
  std::size_t most_ = max_name_bytes;
  std::unordered_set<std::string> keys_;
  /// Where the search for a number goes on, by key of the wanted name.
  std::unordered_map<std::string, std::size_t> next_number_;
};

}  // namespace pofetch::core
