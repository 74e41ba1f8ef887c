#include "core/version_key.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace pofetch::core {

namespace {

/// In no key of a source: control characters in addresses are encoded.
constexpr char version_mark = '\x1f';
constexpr unsigned most_versions = 1'000'000;

}  // namespace

version_of_key split_version(std::string_view key) {
  const std::size_t mark = key.rfind(version_mark);
  if (mark == std::string_view::npos) return {key, 1};
  const auto number = parse_unsigned(key.substr(mark + 1));
  if (!number || *number < 2 || *number > most_versions) return {key, 1};
  return {key.substr(0, mark), static_cast<unsigned>(*number)};
}

std::string version_key(std::string_view key, unsigned number) {
  return number < 2 ? std::string(key) : fmt::format("{}{}{}", key, version_mark, number);
}

}  // namespace pofetch::core
