#include "core/name_allocator.hpp"

#include "core/unicode.hpp"

namespace pofetch::core {

name_allocator::name_allocator(std::span<const std::string> taken, std::size_t most) : most_(most) {
  for (const auto& name : taken) reserve(name);
}

bool name_allocator::reserve(std::string_view name) { return keys_.insert(fold_case(name)).second; }

bool name_allocator::is_taken(std::string_view name) const { return keys_.count(fold_case(name)) != 0; }

std::string name_allocator::allocate(std::string_view wanted) {
  if (reserve(wanted)) return std::string(wanted);
  // Remembered, so that a thousand files of one name do not take a million steps.
  std::size_t& number = next_number_.try_emplace(fold_case(wanted), 2).first->second;
  for (;;) {
    std::string name = numbered_name(wanted, number++, most_);
    if (reserve(name)) return name;
  }
}

}  // namespace pofetch::core
