#include "storage/partial_area.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "storage/names_in.hpp"
#include "storage/os_failure.hpp"
#include "storage/output_root.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace pofetch::storage {
namespace {

constexpr std::size_t token_bytes = 8;
constexpr std::string_view suffix = ".part";

bool is_regular(int dir, const std::string& name) {
  struct stat facts {};
  return ::fstatat(dir, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(facts.st_mode);
}

}  // namespace

bool is_part_name(std::string_view name) noexcept {
  constexpr std::size_t token_size = 2 * token_bytes;
  if (name.size() < token_size + 2 + suffix.size() || name[token_size] != '-') return false;
  if (name.substr(name.size() - suffix.size()) != suffix) return false;
  const std::string_view token = name.substr(0, token_size);
  const std::string_view number = name.substr(token_size + 1, name.size() - token_size - 1 - suffix.size());
  const auto is_hex = [](char c) { return core::is_digit(c) || (c >= 'a' && c <= 'f'); };
  return std::all_of(token.begin(), token.end(), is_hex) &&
         std::all_of(number.begin(), number.end(), core::is_digit);
}

partial_area::partial_area(unique_fd dir, std::string token) noexcept
    : dir_(std::move(dir)), token_(std::move(token)) {}

partial_area::partial_area(partial_area&& other) noexcept
    : dir_(std::move(other.dir_)), token_(std::move(other.token_)), next_(other.next_.load()) {}

result<partial_area> partial_area::open(int private_dir) {
  bool made = false;
  auto dir = make_level(private_dir, "partial", "The folder '.pofetch/partial'", made);
  if (!dir) return dir.error();
  std::array<char, token_bytes> random{};
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    return os_failure(errno, "Random numbers cannot be had from the system");
  }
  return partial_area(std::move(*dir), core::to_hex({random.data(), random.size()}));
}

std::string partial_area::next_name() {
  return fmt::format("{}-{}{}", token_, next_.fetch_add(1, std::memory_order_relaxed), suffix);
}

result<std::size_t> partial_area::sweep() const {
  const auto names = names_in(dir_.get());
  if (!names) return names.error();
  std::size_t removed = 0;
  for (const std::string& name : *names) {
    const bool own = name.compare(0, token_.size(), token_) == 0;
    if (own || !is_part_name(name) || !is_regular(dir_.get(), name)) continue;
    if (::unlinkat(dir_.get(), name.c_str(), 0) == 0) {
      ++removed;
    } else if (errno != ENOENT) {
      return os_failure(errno, fmt::format("The left-over '.pofetch/partial/{}' cannot be removed", name));
    }
  }
  return removed;
}

}  // namespace pofetch::storage
