#include "storage/bodies/partial_area.hpp"

#include "core/ascii.hpp"
#include "core/encoding.hpp"
#include "os/failure_of.hpp"
#include "os/uninterrupted.hpp"
#include "storage/bodies/part_note.hpp"
#include "storage/names_in.hpp"
#include "storage/output_root.hpp"
#include "storage/safe_open.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace pofetch::storage {
namespace {

constexpr std::size_t token_bytes = 8;
constexpr std::string_view note_suffix = ".note";
/// A note that is not in place yet.
constexpr std::string_view fresh_suffix = ".note.new";

/// More bodies are never remembered: bounds memory, whatever somebody puts there.
constexpr std::size_t most_left = 4096;

bool is_regular(int dir, const std::string& name) {
  struct stat facts {};
  return ::fstatat(dir, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(facts.st_mode);
}

bool has_form(std::string_view name, std::string_view suffix) noexcept {
  constexpr std::size_t token_size = 2 * token_bytes;
  if (name.size() < token_size + 2 + suffix.size() || name[token_size] != '-') return false;
  if (name.substr(name.size() - suffix.size()) != suffix) return false;
  const std::string_view token = name.substr(0, token_size);
  const std::string_view number = name.substr(token_size + 1, name.size() - token_size - 1 - suffix.size());
  const auto is_hex = [](char c) { return core::is_digit(c) || (c >= 'a' && c <= 'f'); };
  return std::all_of(token.begin(), token.end(), is_hex) &&
         std::all_of(number.begin(), number.end(), core::is_digit);
}

}  // namespace

bool is_part_name(std::string_view name) noexcept { return has_form(name, part_suffix); }

partial_area::partial_area(os::unique_fd dir, std::string token) noexcept
    : dir_(std::move(dir)), token_(std::move(token)) {}

partial_area::partial_area(partial_area&& other) noexcept
    : dir_(std::move(other.dir_)),
      token_(std::move(other.token_)),
      next_(other.next_.load()),
      left_(std::move(other.left_)) {}

result<partial_area> partial_area::open(int private_dir) {
  bool made = false;
  auto dir = make_level(private_dir, "partial", "The folder '.pofetch/partial'", made);
  if (!dir) return dir.error();
  return open_in(std::move(*dir));
}

result<partial_area> partial_area::open_for(int private_dir, const std::string& node) {
  bool made = false;
  auto dir = make_level(private_dir, "partial", "The folder '.pofetch/partial'", made);
  if (!dir) return dir.error();
  auto own = make_level(dir->get(), node, fmt::format("The folder '.pofetch/partial/{}'", node), made);
  if (!own) return own.error();
  return open_in(std::move(*own));
}

/// Its owner may make new files until the folder is gone: then again.
result<void> partial_area::remove_for(int private_dir, const std::string& node) {
  const std::string path = fmt::format("partial/{}", node);
  const auto cannot = [&path](int error) {
    return os::failure_of(error,
                          fmt::format("The folder '.pofetch/{}' of another node cannot be removed", path));
  };
  constexpr int most_turns = 1000;
  for (int turn = 0; turn < most_turns; ++turn) {
    if (::unlinkat(private_dir, path.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return {};
    if (errno != ENOTEMPTY && errno != EEXIST) return cannot(errno);
    opened dir = open_beneath(private_dir, path, O_RDONLY | O_DIRECTORY);
    if (dir.error == ENOENT) return {};
    if (dir.error != 0) return cannot(dir.error);
    const auto names = names_in(dir.fd.get());
    if (!names) return names.error();
    for (const std::string& name : *names)
      if (::unlinkat(dir.fd.get(), name.c_str(), 0) != 0 && errno != ENOENT) return cannot(errno);
  }
  return cannot(ENOTEMPTY);
}

result<partial_area> partial_area::open_in(os::unique_fd dir) {
  std::array<char, token_bytes> random{};
  const ssize_t count = os::uninterrupted([&] { return ::getrandom(random.data(), random.size(), 0); });
  if (count != static_cast<ssize_t>(random.size())) {
    return os::failure_of(errno, "Random numbers cannot be had from the system");
  }
  return partial_area(std::move(dir), core::to_hex({random.data(), random.size()}));
}

std::string partial_area::next_name() {
  return fmt::format("{}-{}{}", token_, next_.fetch_add(1, std::memory_order_relaxed), part_suffix);
}

result<std::size_t> partial_area::sweep() {
  const auto names = names_in(dir_.get());
  if (!names) return names.error();
  std::size_t removed = 0;
  std::set<std::string> notes;  // with a body that stays
  for (const std::string& name : *names) {
    const bool own = name.compare(0, token_.size(), token_) == 0;
    if (own || !is_part_name(name) || !is_regular(dir_.get(), name)) continue;
    if (keeps(name)) {
      notes.insert(note_name(name));
      continue;
    }
    if (auto gone = remove(name); !gone) return gone.error();
    ++removed;
  }
  for (const std::string& name : *names) {
    const bool own = name.compare(0, token_.size(), token_) == 0;
    const bool is_note = has_form(name, note_suffix) || has_form(name, fresh_suffix);
    if (own || !is_note || notes.count(name) != 0 || !is_regular(dir_.get(), name)) continue;
    if (auto gone = remove(name); !gone) return gone.error();
  }
  return removed;
}

bool partial_area::keeps(const std::string& part) {
  const auto left = open_left(dir_.get(), part);
  const std::lock_guard lock(mutex_);
  return left && left_.size() < most_left && left_.try_emplace(left->note.owner, part).second;
}

std::optional<partial_area::named_part> partial_area::take_left(std::string_view owner) {
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    if (left_.empty()) return std::nullopt;
    const auto found = left_.find(owner_mark(owner));
    if (found == left_.end()) return std::nullopt;
    name = std::move(found->second);
    left_.erase(found);
  }
  auto part = open_left(dir_.get(), name);
  if (part) return named_part{std::move(name), std::move(*part)};
  // What cannot be removed now is swept by the next run.
  static_cast<void>(remove(name));
  static_cast<void>(remove(note_name(name)));
  return std::nullopt;
}

result<std::size_t> partial_area::drop_left() {
  const std::lock_guard lock(mutex_);
  std::size_t removed = 0;
  for (; !left_.empty(); left_.erase(left_.begin()), ++removed) {
    const std::string& name = left_.begin()->second;
    auto gone = remove(name);
    if (gone) gone = remove(note_name(name));
    if (!gone) return gone.error();
  }
  return removed;
}

result<void> partial_area::remove(const std::string& name) const {
  if (::unlinkat(dir_.get(), name.c_str(), 0) == 0 || errno == ENOENT) return {};
  return os::failure_of(errno, fmt::format("The left-over '.pofetch/partial/{}' cannot be removed", name));
}

}  // namespace pofetch::storage
